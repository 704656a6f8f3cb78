"""Rehearsing a draft: the same as asking the judge about each booking by itself, and nothing changes meanwhile."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.core.errors import InvalidInput
from booking.core.judge import judge_span
from booking.core.request import Item, Request, WallSpan
from booking.core.timespan import TimeSpan
from booking.models import Booking, BookingItem, Member, MemberGroup, MemberGroupEntry, Resource, RuleSetting
from booking.services import rule_changes
from booking.services.drafts import Draft, differences, save
from booking.services.facts import gather_facts
from booking.services.rehearsal import by_organisation, rehearse
from booking.services.rule_changes import Asked
from booking.services.scopes import district
from tests.factories import OSLO, a_booking, a_member, an_organisation
from tests.support.deciding import NOW, SHORT_DAYS, a_district, set_rule

SAMPLE = 2_000
DRAFTS = {
    "longest": {"R21": {"minutes": 120, "merge_gap_minutes": 30}},
    "shortest": {"R20": {"minutes": 60}},
    "hours": {"R10": {"windows": SHORT_DAYS}},
    "holidays": {"R11": {"public_holidays": "NO"}},
    "set-up": {"R06": {"before_minutes": 30, "after_minutes": 15}},
    "ahead": {"R17": {"hours": 30}, "R18": {"days": 20}},
    "people": {"R07": {"fire_limit": 6}},
    "own clash": {"R09": {"mode": "refuse"}},
}


def a_crowd(session, place, many):
    """So many bookings of two rooms by five members, from a year ago to months ahead."""
    dice = random.Random(7)
    organisation = an_organisation(session, name="Fjordlab")
    members = [a_member(session, organisation) for _ in range(5)]
    start = (NOW - timedelta(days=360)).replace(hour=0)
    for room in (place.sluppen, place.oya):
        at = start
        for _ in range(many // 2):
            at += timedelta(minutes=15 * dice.choice((0, 0, 1, 2, 4, 20, 60)))
            length = timedelta(minutes=15 * dice.randint(1, 16))
            made = at - timedelta(hours=dice.choice((1, 20, 48, 300, 900)))
            who = dice.choice(members)
            a_booking(
                session, on=room, member=who, span=TimeSpan(at, at + length), people=dice.randint(1, 9),
                created_at=min(made, NOW), organisation_id=organisation.id,
            )  # fmt: skip
            at += length


def by_itself(session, rules, resource_ids):
    """The oracle: every booking judged alone, with facts of its own, by these rules as they are set now."""
    found = {}
    rows = session.execute(
        select(Booking, BookingItem.resource_id)
        .join(BookingItem, BookingItem.booking_id == Booking.id)
        .where(BookingItem.resource_id.in_(resource_ids))
    ).all()
    for booking, resource_id in rows:
        facts = gather_facts(
            session, booking.created_at, member_id=booking.member_id, resource_ids=[resource_id],
            window=booking.span, without_booking_id=booking.id,
        )  # fmt: skip
        request = Request(
            WallSpan.of(booking.span, OSLO), (Item(resource_id),), booking.people, booking.member_id,
            booking.organisation_id,
        )  # fmt: skip
        verdict = judge_span(request, booking.span, facts)
        if any(each.refuses and each.rule in rules for each in verdict.findings):
            found[booking.id] = [each for each in verdict.findings if each.rule in rules]
    return found


def the_draft(place, values, kind="resource"):
    key = (kind, place.sluppen.id if kind == "resource" else place.site.id)
    return Draft({key: Asked(values)}, {})


@pytest.mark.parametrize("draft", DRAFTS.values(), ids=DRAFTS)
def test_a_rehearsal_finds_what_the_judge_finds_about_each_booking(change, draft):
    many = SAMPLE if "R21" in draft else SAMPLE // 10
    with change() as session:
        place = a_district(session)
        set_rule(session, "site", place.site.id, "R21", {"minutes": 200})
        a_crowd(session, place, many)
        rooms = (place.sluppen.id, place.oya.id)
        before = by_itself(session, draft, rooms)
        wanted = the_draft(place, draft, "site")

        *on_the_way, result = rehearse(session, NOW, district(session), wanted)

        save(session, NOW, place.nils, district(session), wanted)
        after = by_itself(session, draft, rooms)
    assert result.is_done
    assert result.judged == many
    assert on_the_way[0].judged <= many
    assert {each.booking_id for each in result.refused} == after.keys() - before.keys()
    assert result.refused_already == len(after.keys() & before.keys())
    assert after.keys() - before.keys(), "a draft that stops nothing shows nothing"
    for outcome in result.refused:
        assert {each.code for each in outcome.findings} == {each.code for each in after[outcome.booking_id]}
        assert {each.facts.get("total_minutes") for each in outcome.findings} == {
            each.facts.get("total_minutes") for each in after[outcome.booking_id]
        }


def test_a_rehearsal_changes_nothing_and_says_whom_it_would_meet(change):
    with change() as session:
        place = a_district(session)
        a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-18 10:00-14:00")
        draft = the_draft(place, {"R21": {"minutes": 120}})

        *_, result = rehearse(session, NOW, district(session), draft)

        assert by_organisation(session, result.refused) == [("", 1)]
        assert session.scalars(select(RuleSetting)).all() == []
        assert [each.rule for each in differences(session, NOW, district(session), draft)] == ["R21"]


def test_what_a_rule_weighs_decides_whether_it_refuses_or_asks(change):
    with change() as session:
        place = a_district(session)
        a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-18 10:00-14:00")
        key = ("resource", place.sluppen.id)
        asks = Draft({key: Asked({"R21": {"minutes": 120}}, {"R21": "needs_approval"})}, {})
        notes = Draft({key: Asked({"R21": {"minutes": 120}}, {"R21": "notes"})}, {})

        *_, asked = rehearse(session, NOW, district(session), asks)
        *_, noted = rehearse(session, NOW, district(session), notes)

    assert (len(asked.refused), len(asked.to_approve), asked.noted) == (0, 1, 0)
    assert (len(noted.refused), len(noted.to_approve), noted.noted) == (0, 0, 1)


def test_what_was_fine_when_it_was_made_is_judged_as_of_then(change):
    with change() as session:
        place = a_district(session)
        at = "2027-05-18 10:00-11:00"
        early = a_booking(session, on=place.sluppen, member=place.kari, at=at, created_at=NOW - timedelta(days=9))
        late = a_booking(
            session, on=place.oya, member=place.kari, at=at, created_at=early.starts_at - timedelta(minutes=30)
        )
        draft = the_draft(place, {"R17": {"hours": 24}}, "site")

        *_, result = rehearse(session, NOW, district(session), draft)

    assert [each.booking_id for each in result.refused] == [late.id]


def test_seats_stay_when_a_draft_sets_another_number_of_people(change):
    with change() as session:
        place = a_district(session)
        session.get(Resource, place.sluppen.id).seats = 4
        a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-18 10:00-11:00", people=6)

        *_, result = rehearse(session, NOW, district(session), the_draft(place, {"R07": {"least": 2}}))

    assert (result.refused, result.to_approve, result.noted) == ([], [], 0)  # too many for the seats now as then


def test_a_grant_is_rehearsed_for_the_members_of_its_group_alone(change):
    with change() as session:
        place = a_district(session)
        group = MemberGroup(public_id="g" * 22, name="Gutta")
        session.add(group)
        session.flush()
        other = a_member(session)
        session.add(MemberGroupEntry(group_id=group.id, member_id=place.kari.id))
        set_rule(session, "resource", place.sluppen.id, "R20", {"minutes": 90}, group_id=group.id)
        set_rule(session, "site", place.site.id, "R20", {"minutes": 120})
        for who, at in ((place.kari, "2027-05-18 10:00-11:30"), (other, "2027-05-18 12:00-13:30")):
            a_booking(session, on=place.sluppen, member=session.get(Member, who.id), at=at)
        key = ("resource", place.sluppen.id)
        draft = Draft({key: Asked({"R20": {"minutes": 100}}, group_id=group.id)}, {})

        *_, result = rehearse(session, NOW, district(session), draft)

    assert len(result.refused) == 1
    assert result.refused_already == 1


def test_a_strict_value_cannot_be_granted_to_a_group(change):
    with change() as session, pytest.raises(InvalidInput) as refused:
        rule_changes.read_asked(session, Asked({"R07": {"fire_limit": 9}}, group_id=1))
    assert refused.value.code == "rules.not_for_groups"
