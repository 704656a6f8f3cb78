"""Every finding the rules can make has a sentence, and its facts fill every gap: each is made by the judge itself."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from booking.core.facts import ClosedKind, MemberFacts, MembershipFacts, OwnBooking, ResourceFacts
from booking.core.judge import judge, judge_lateness
from booking.core.outages import Effect, Outage, OutOfService
from booking.core.request import Item, Request, SeriesShape, WallSpan
from booking.core.timespan import TimeSpan
from booking.core.verdict import Finding, Verdict, Weight
from booking.wording import SENTENCES, sentence, sentences
from booking.wording.placeholders import placeholders
from booking.wording.sentences import choices, fitting
from tests.core.world import (
    KARI,
    OSLO,
    a_pool,
    a_room,
    asks,
    at,
    closed,
    facts_of,
    set_to,
    span,
    special,
    taken,
    verdict,
    wall,
    weekly,
)  # fmt: skip
from tests.wording import safety_said
from tests.wording.approval_said import SAID_OF_APPROVAL
from tests.wording.elsewhere_said import SAID_OF_ELSEWHERE
from tests.wording.lab_said import LAB_CODES, LAB_SAID
from tests.wording.quota_cases import QUOTA_SAID

HOUR = span("2026-11-24 10:00", "11:00")
DAY = span("2026-11-24 00:00", "2026-11-25 00:00")
CODES = {
    "R01.order", "R01.missing_hour", "R02.grid", "R03.past", "R04.not_bookable", "R05.overlap", "R05.elsewhere",
    "R06.buffer", "R08.companion", "R08.shared", "R09.own_clash", "R06.staffed_turnover", "R07.too_many",
    "R07.fire_limit", "R07.too_few", "R10.closed_then", "R11.closure", "R17.notice", "R18.horizon", "R19.late",
    "R19.too_late", "R20.too_short", "R21.too_long", "R28.not_allowed", "R28.too_many", "R28.too_far",
    "R30.membership_ends", "R30.not_open_to_you", "R30.inactive", "R38.needed", "R40.fewer", "R12.outage", "R12.notice",
    "R13.out_of_service", "R13.may_be_down", "R13.safety",
    *LAB_CODES,
    *safety_said.CODES,
    *(each.codes[0] for each, _ in QUOTA_SAID),
}  # fmt: skip


def ruled(rule: str, **params: object) -> ResourceFacts:
    return a_room(settings={rule: set_to(rule, **params)})


def too_late(effect: str, **about: object) -> Verdict:
    """Cancelling two hours before the start, where a day is asked for."""
    room = replace(ruled("R19", hours=24, effect=effect), **about)
    facts = facts_of(room, window=HOUR.padded(timedelta(days=1), timedelta(days=1)), now=at("2026-11-24 08:00"))
    return judge_lateness(asks(HOUR), None, facts, at("2026-11-01 08:00"))


def kari(ends_on: date | None = None, *, active: bool = True) -> MemberFacts:
    return MemberFacts(KARI, active, memberships=(MembershipFacts(1, "member", ends_on),))


def in_series(occurrences: int, days: int, **params: object) -> Verdict:
    """What is said of an hour that belongs to a series so large."""
    request = asks(HOUR, series=SeriesShape(occurrences, days))
    return judge(request, facts_of(ruled("R28", **params), window=DAY, now=at("2026-11-23 10:00")))


def down(back: datetime | None = None, *, is_safety: bool = False) -> OutOfService:
    return OutOfService(at("2026-11-20 08:00"), back, is_safety, "Vest")


STAFFED = replace(
    ruled("R06", after_minutes=30, staffed_turnover=True), closed=(closed(span("2026-11-24 11:15", "12:00")),)
)
HOLIDAY = closed(
    DAY, "constitution_day", kind=ClosedKind.PUBLIC_HOLIDAY, names={"nb": "Grunnlovsdagen", "en": "Constitution Day"}
)
TUESDAYS = ruled("R10", windows=weekly(1, opens="12:00"))
NO_HOURS = ruled("R10", windows=[])
EVE = special("2026-11-24", ("07:00", "09:00"), name="Short day")
SHUT = special("2026-11-24", name="Moving day")
ENDED = kari(date(2026, 11, 20))
HOURS = [span(f"2026-11-24 {hour}:00", f"{hour}:30") for hour in (10, 12, 14, 16)]


def bench(**changes: object) -> ResourceFacts:
    return a_room(**{"id": 2, "name": "Benches", "units": (7,), **changes})


def kit(
    companion: ResourceFacts, *more: Item, needs: tuple[tuple[int, int], ...] = ((2, 1),),
    own: tuple[OwnBooking, ...] = (),
) -> Verdict:  # fmt: skip
    """The verdict on Teknobyen, and on what is booked along with it."""
    listed = [{"resource": resource, "quantity": quantity} for resource, quantity in needs]
    known = facts_of(ruled("R08", needs=listed), companion, window=DAY, now=at("2026-11-23 10:00"))
    request = Request(WallSpan.of(HOUR, OSLO), (Item(1), *more), None, KARI)
    return judge(request, replace(known, own=own))


NEEDY = kit(bench(units=(7, 8), is_pool=True), needs=((2, 2),))
SAID: list[tuple[Verdict, str]] = [
    (verdict(wall("2026-11-24 11:00", "10:00"), a_room()),
     "The end must be after the start. Choose a later end, or let it end the next day."),
    (verdict(wall("2027-03-28 02:30", "04:00"), a_room()),
     "On Sun 28 March 2027 the clock goes forward, so 02:30 does not exist. Try 03:30."),
    (verdict(span("2026-11-24 10:05", "11:00"), a_room()),
     "Teknobyen is booked in steps of 15 minutes. The nearest is Tue 24 November 2026, 10:00–11:00."),
    (verdict(HOUR, a_room(), now=at("2026-11-24 10:40")),
     "The start has passed. The earliest start is Tue 24 November 2026, 10:30."),
    (verdict(HOUR, a_room(state="draft")), "Teknobyen cannot be booked. Choose another."),
    (verdict(HOUR, a_room(state="draft", contact="Siri")),
     "Teknobyen cannot be booked. Choose another, or ask Siri."),
    (verdict(HOUR, a_room(taken=(taken(HOUR),))),
     "Teknobyen is taken Tue 24 November 2026, 10:00–11:00. Choose another time."),
    (verdict(DAY, a_room(taken=tuple(taken(each) for each in HOURS[:2]))),
     "Teknobyen is taken Tue 24 Nov 10:00–10:30 and Tue 24 Nov 12:00–12:30. Choose another time."),
    (verdict(DAY, a_room(taken=tuple(taken(each) for each in HOURS))),
     ("Teknobyen is taken Tue 24 Nov 10:00–10:30, Tue 24 Nov 12:00–12:30, Tue 24 Nov 14:00–14:30, and more. "
      "Choose another time.")),
    (verdict(HOUR, a_pool(3, taken=(taken(HOUR),)), quantity=3),
     ("You asked for 3, and Teknobyen has 2 of 3 free at the fullest time, Tue 24 November 2026, 10:00–11:00. "
      "Ask for fewer, or choose another time.")),
    (verdict(HOUR, a_pool(1), quantity=2),
     "You asked for 2, and Teknobyen has 1 in all. Ask for fewer, or choose another."),
    (verdict(HOUR, a_pool(1, taken=(taken(HOUR),))),
     "All 1 of Teknobyen are taken Tue 24 November 2026, 10:00–11:00. Choose another time."),
    (verdict(HOUR, a_room(taken=(replace(taken(HOUR), through="Arena Vest"),))),
     "Teknobyen is taken Tue 24 November 2026, 10:00–11:00, through Arena Vest. Choose another time."),
    (NEEDY, "Teknobyen also needs 2 of Benches for the whole time. Add them to the booking."),
    (kit(bench()), "Teknobyen also needs Benches for the whole time. Add it to the booking."),
    (kit(bench(taken=(taken(HOUR, unit=7),))),
     ("Teknobyen also needs Benches for the whole time, and Benches is taken Tue 24 November 2026, 10:00–11:00. "
      "Choose another time.")),
    (kit(bench(units=(1,)), Item(2), needs=()),
     "Benches and Teknobyen share the same space, so one booking cannot have both. Choose one of them."),
    (kit(bench(), needs=(), own=(OwnBooking(9, HOUR, frozenset({3}), "Sluppen"),)),
     "You already have Sluppen at this time, Tue 24 November 2026, 10:00–11:00. Check that you need both."),
    (verdict(HOUR, a_room(taken=(taken(span("2026-11-24 08:00", "10:00"), after=15),))),
     ("Teknobyen needs 15 minutes between bookings and is taken Tue 24 November 2026, 08:00–10:00. "
      "Leave more room, or choose another time.")),
    (verdict(HOUR, STAFFED),
     ("Staff make Teknobyen ready before and after, and it is closed Tue 24 November 2026, 11:15–12:00 (Maintenance). "
      "Choose another time.")),
    (verdict(HOUR, replace(STAFFED, closed=(closed(span("2026-11-24 11:15", "12:00"), ""),))),
     ("Staff make Teknobyen ready before and after, and it is closed Tue 24 November 2026, 11:15–12:00. "
      "Choose another time.")),
    (verdict(HOUR, ruled("R07", fire_limit=10), people=12),
     "The fire limit of Teknobyen is 10, and you entered 12. Choose a larger room, or be fewer."),
    (verdict(HOUR, ruled("R07", seats=8), people=9),
     "Teknobyen seats 8, and you entered 9. A larger room may suit you better."),
    (verdict(HOUR, ruled("R07", least=4), people=1),
     "Teknobyen is meant for at least 4, and you entered 1. A smaller room may suit you better."),
    (verdict(HOUR, replace(TUESDAYS, special_days=(EVE,))),
     "Teknobyen is open 07:00–09:00 on Tue 24 November 2026 (Short day). Choose a time within that."),
    (verdict(HOUR, TUESDAYS), "Teknobyen is open 12:00–17:00 on Tue 24 November 2026. Choose a time within that."),
    (verdict(HOUR, replace(TUESDAYS, special_days=(SHUT,))),
     "Teknobyen is closed on Tue 24 November 2026 (Moving day). Choose another day."),
    (verdict(HOUR, NO_HOURS), "Teknobyen is closed on Tue 24 November 2026. Choose another day."),
    (verdict(HOUR, a_room(closed=(HOLIDAY,))),
     "Sluppen is closed Tue 24 November 2026 (Constitution Day). Choose another time."),
    (verdict(HOUR, a_room(closed=(closed(HOUR, ""),))),
     "Sluppen is closed Tue 24 November 2026, 10:00–11:00. Choose another time."),
    (verdict(HOUR, a_room(outages=(Outage(HOUR, Effect.BLOCK, "New filter", "Teknobyen"),))),
     "Teknobyen has maintenance Tue 24 November 2026, 10:00–11:00 (New filter). Choose another time."),
    (verdict(HOUR, a_room(outages=(Outage(HOUR, Effect.NOTICE, "Painting", "Teknobyen"),))),
     "Work goes on at Teknobyen Tue 24 November 2026, 10:00–11:00 (Painting). It can be booked all the same."),
    (verdict(HOUR, a_room(faults=(down(at("2026-11-25 08:00")),)), now=at("2026-11-23 10:00")),
     "Vest is out of service, expected back Wed 25 November 2026, 08:00. Choose a later time, or another."),
    (verdict(HOUR, a_room(faults=(down(),)), now=at("2026-11-23 10:00")),
     ("Vest is out of service, and nobody knows for how long. "
      "Choose a start after Wed 25 November 2026, 10:00, or another.")),
    (verdict(HOUR, a_room(faults=(down(),)), now=at("2026-11-22 10:00")),
     "Vest is out of service now. We do not know yet whether it is back by then."),
    (verdict(HOUR, a_room(faults=(down(is_safety=True),), contact="Siri")),
     "Vest is closed for safety until somebody has put it right. Choose another, or ask Siri."),
    (verdict(HOUR, a_room(faults=(down(is_safety=True),))),
     "Vest is closed for safety until somebody has put it right. Choose another."),
    (verdict(HOUR, ruled("R17", hours=48), now=at("2026-11-23 10:00")),
     "Teknobyen must be booked at least 2 days ahead. The earliest start is Wed 25 November 2026, 10:00."),
    (verdict(HOUR, ruled("R18", days=1, opens_at="08:00"), now=at("2026-11-22 10:00")),
     ("Teknobyen can be booked for Tue 24 November 2026 from Mon 23 November 2026, 08:00. "
      "Choose an earlier day, or come back then.")),
    (too_late("refuse"),
     "Teknobyen could be changed or cancelled until Mon 23 November 2026, 10:00, 24 hours before the start."),
    (too_late("refuse", contact="Siri"),
     "Teknobyen could be changed or cancelled until Mon 23 November 2026, 10:00, 24 hours before the start. Ask Siri."),
    (too_late("late_mark"),
     "This is later than 24 hours before the start, so it is marked as late. You can still do it."),
    (verdict(HOUR, ruled("R20", minutes=90)),
     "Teknobyen is booked for at least 1 hour 30 minutes, and you asked for 1 hour. Choose a later end."),
    (verdict(HOUR, ruled("R21", minutes=30)),
     "Teknobyen can be booked for at most 30 minutes, and you asked for 1 hour. Choose an earlier end."),
    (verdict(HOUR, replace(ruled("R21", minutes=90), same_party=(span("2026-11-24 11:00", "12:00"),))),
     ("Teknobyen can be booked for at most 1 hour 30 minutes, and bookings in a row count as one: "
      "yours would be 2 hours. Choose a shorter time.")),
    (in_series(54, 366),
     "A series of Teknobyen can have 53 dates, and yours has 54. Leave some out, or end it sooner."),
    (in_series(53, 400), "A series of Teknobyen can run over 366 days, and yours runs over 400. End it sooner."),
    (Verdict((replace(in_series(2, 8, allowed=False).findings[0], facts={"resource": "Arena", "kind": "competes"}),)),
     "Requests for Arena compete, and a series would keep others out. Ask for each date by itself."),
    (in_series(2, 8, allowed=False),
     "Teknobyen is not booked in series. Book each date by itself, or choose another."),
    (verdict(HOUR, a_room(contact="Siri"), member=ENDED),
     "Your membership ends Fri 20 November 2026, before this booking does. Choose an earlier day, or ask Siri."),
    (verdict(HOUR, a_room(), member=ENDED),
     ("Your membership ends Fri 20 November 2026, before this booking does. "
      "Choose an earlier day, or ask your organisation.")),
    (verdict(HOUR, a_room(contact="Siri"), member=kari(), organisation_id=2),
     "You are not a member of that organisation. Choose one of your own, or ask Siri."),
    (verdict(HOUR, a_room(), member=kari(), organisation_id=2),
     "You are not a member of that organisation. Choose one of your own."),
    (verdict(HOUR, replace(ruled("R30", groups=[1, 2]), contact="Siri"), group_names={1: "Staff", 2: "Lab people"}),
     "Teknobyen is open to Staff or Lab people. Choose another, or ask Siri."),
    (verdict(HOUR, ruled("R30", groups=[1]), group_names={1: "Staff"}),
     "Teknobyen is open to Staff. Choose another."),
    (verdict(HOUR, replace(ruled("R30", groups=[1]), contact="Siri")),
     "Teknobyen is not open to you. Choose another, or ask Siri."),
    (verdict(HOUR, ruled("R30", groups=[1])), "Teknobyen is not open to you. Choose another."),
    (verdict(HOUR, a_room(contact="Siri"), member=kari(active=False)),
     "Your account is not active, so it cannot book. Ask Siri."),
    (verdict(HOUR, a_room(), member=kari(active=False)),
     "Your account is not active, so it cannot book. Ask your organisation to open it."),
    *SAID_OF_APPROVAL,
    *SAID_OF_ELSEWHERE,
    *QUOTA_SAID,
]  # fmt: skip
SAID += LAB_SAID
SAID += safety_said.SAID
FINDINGS = [finding for found, _ in SAID for finding in found.findings] + [*safety_said.NOT_A_BUDDY.findings]


@pytest.mark.parametrize(
    ("found", "said"), SAID, ids=lambda value: value.codes[0] if isinstance(value, Verdict) else ""
)
def test_what_is_wrong_with_which_value_and_the_way_out(found: Verdict, said: str) -> None:
    assert sentences(found.findings, "en", OSLO) == [said]


def test_every_code_has_a_sentence_and_every_sentence_is_said() -> None:
    assert {finding.code for finding in FINDINGS} == CODES
    assert {key.partition(":")[0] for key in SENTENCES} == CODES

    said = {
        fitting(choices(SENTENCES, each.code, each.facts), placeholders(each.facts, each.way_out, "en", OSLO))
        for each in FINDINGS
    }

    assert said == {msgid for msgids in SENTENCES.values() for msgid in msgids}


@pytest.mark.parametrize("locale", ["nb", "nn", "en"])
def test_no_gap_is_left_open_in_any_language(locale: str) -> None:
    for finding in FINDINGS:
        assert not set("{}") & set(sentence(finding, locale, OSLO))


def test_a_holiday_is_named_in_the_reader_s_language() -> None:
    (finding,) = verdict(HOUR, a_room(closed=(HOLIDAY,))).findings

    assert "(Grunnlovsdagen)" in sentence(finding, "nb", OSLO)
    assert "(Grunnlovsdagen)" in sentence(finding, "nn", OSLO)
    assert "(Constitution Day)" in sentence(finding, "en", OSLO)


def test_facts_are_json() -> None:
    for finding in FINDINGS:
        told = json.loads(json.dumps([finding.facts, finding.way_out]))
        assert sentence(replace(finding, facts=told[0], way_out=told[1]), "en", OSLO) == sentence(finding, "en", OSLO)


def test_no_sentence_tells_who_has_the_time() -> None:
    found = verdict(HOUR, a_room(taken=(taken(HOUR),)))

    assert not {"member", "member_id", "booking", "booking_id"} & set(found.findings[0].facts)


def test_a_finding_without_its_facts_fails_loudly() -> None:
    with pytest.raises(LookupError, match="no sentence can be said"):
        sentence(Finding("R20.too_short", Weight.REFUSES), "en", OSLO)


def test_spans_in_facts_are_read_back() -> None:
    shown = placeholders({"from": HOUR.starts_at.isoformat(), "to": HOUR.ends_at.isoformat()}, None, "en", OSLO)

    assert shown == {
        "span": "Tue 24 November 2026, 10:00–11:00",
        "from": HOUR.starts_at.isoformat(),
        "to": HOUR.ends_at.isoformat(),
    }
    assert TimeSpan(HOUR.starts_at, HOUR.ends_at) == HOUR
