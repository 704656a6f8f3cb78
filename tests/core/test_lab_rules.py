"""R14 and R31: calibration, and what people must have learnt, judged on the booking's last local day."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.competence import Grant
from booking.core.judge import judge_change, refused_at_any_time
from booking.core.rules.catalogue import RULE_BY_CODE
from booking.core.scope import Scope, ScopeKind
from booking.core.sequence import Sequence
from booking.core.settings import Setting, effective
from booking.core.timespan import TimeSpan
from booking.core.verdict import Weight
from tests.core.lab import CONFOCAL, FIRE, LASER, day, gauge, granted, judged, microscope
from tests.core.world import KARI, MINUTE, NOW, OLA, OSLO, SITE, a_room, asks, facts_of, has, quick, span, spans

HOUR = span("2026-11-25 10:00", "11:00")
WEEK = timedelta(days=7)
RESOURCE = Scope(ScopeKind.RESOURCE, 1, "Confocal")


@pytest.mark.parametrize(
    ("ends", "codes"),
    [
        ("2026-11-24 23:45", ()),
        ("2026-11-25 00:00", ()),  # midnight belongs to the day before
        ("2026-11-25 00:15", ("R14.calibration",)),
        ("2026-11-26 10:00", ("R14.calibration",)),
    ],
)
def test_r14_the_end_must_not_pass_the_last_local_day(ends: str, codes: tuple[str, ...]) -> None:
    assert judged(span("2026-11-24 20:00", ends), gauge(mode="refuse")).codes == codes


def test_r14_grace_moves_the_last_day_and_without_a_date_nothing_is_asked() -> None:
    assert judged(HOUR, gauge(mode="refuse", grace_days=1)).codes == ()
    assert judged(HOUR.shifted(timedelta(days=1)), gauge(grace_days=1)).codes == ("R14.note",)
    assert judged(HOUR, replace(gauge(mode="refuse"), calibration_due=None)).codes == ()


@pytest.mark.parametrize(
    ("calibration", "purpose", "code", "weight"),
    [
        ({}, "", "R14.note", Weight.NOTES),
        ({"mode": "refuse"}, "", "R14.calibration", Weight.REFUSES),
        ({"purposes": ["regulated"]}, "", "R14.note", Weight.NOTES),
        ({"purposes": ["regulated"]}, "research", "R14.note", Weight.NOTES),
        ({"purposes": ["regulated"]}, "regulated", "R14.calibration", Weight.LOCKED),
        ({"mode": "refuse", "purposes": ["regulated"]}, "regulated", "R14.calibration", Weight.LOCKED),
        ({"mode": "refuse", "purposes": ["regulated"]}, "research", "R14.calibration", Weight.REFUSES),
    ],
)
def test_r14_the_use_decides_how_much_it_matters(calibration, purpose, code, weight) -> None:
    (finding,) = judged(HOUR, gauge(**calibration), purpose=purpose).findings

    assert (finding.code, finding.weight) == (code, weight)


def test_r14_a_lower_level_may_only_tighten() -> None:
    levels = [
        Setting("R14", {"mode": "refuse", "purposes": ["regulated"], "grace_days": 2}, scope=SITE),
        Setting("R14", {"mode": "warn", "purposes": ["testing"], "grace_days": 9}, scope=RESOURCE),
    ]
    found = effective(RULE_BY_CODE["R14"], levels, frozenset(), NOW).params

    assert found.to_json() == {"mode": "refuse", "purposes": ["regulated", "testing"], "grace_days": 2}


@quick
@given(spans(days=4), st.integers(-2, 4), st.integers(0, 2))
def test_r14_agrees_with_every_minute_looked_at(what: TimeSpan, days: int, grace: int) -> None:
    """Oracle: some minute of the booking lies after the last local day that counts."""
    due = what.starts_at.astimezone(OSLO).date() + timedelta(days=days)
    room = gauge(due.isoformat(), mode="refuse", grace_days=grace)
    minutes = (what.starts_at + n * MINUTE for n in range(0, int(what.duration / MINUTE), 5))
    latest = max(*(each.astimezone(OSLO).date() for each in minutes), (what.ends_at - MINUTE).astimezone(OSLO).date())

    assert has(judged(what, room), "R14") == (latest > due + timedelta(days=grace))


@pytest.mark.parametrize(
    ("grants", "codes"),
    [
        ((), ("R31.missing",)),
        ((granted(),), ()),
        ((granted(until="2026-11-25"),), ()),
        ((granted(until="2026-11-24"),), ("R31.expires",)),
        ((granted(since="2026-11-25"),), ()),
        ((granted(since="2026-11-26"),), ("R31.missing",)),
        ((granted(until="2026-11-24"), granted(since="2026-11-25")), ()),  # renewed
        ((granted(FIRE),), ("R31.missing",)),
    ],
)
def test_r31_what_is_held_on_the_last_day_counts(grants: tuple[Grant, ...], codes: tuple[str, ...]) -> None:
    assert judged(HOUR, microscope(*grants)).codes == codes


def test_r31_is_judged_at_the_end_and_midnight_belongs_to_the_day_before() -> None:
    room = microscope(granted(until="2026-11-25"))

    assert judged(span("2026-11-25 20:00", "2026-11-26 00:00"), room).codes == ()
    assert judged(span("2026-11-25 20:00", "2026-11-26 00:15"), room).codes == ("R31.expires",)


def test_r31_all_of_asks_for_each_and_any_of_for_one() -> None:
    every = {"all_of": [CONFOCAL, FIRE]}
    one = {"all_of": [], "any_of": [CONFOCAL, LASER]}

    assert len(judged(HOUR, microscope(**every)).findings) == 2
    assert judged(HOUR, microscope(granted(), granted(FIRE), **every)).codes == ()
    assert judged(HOUR, microscope(granted(LASER), **one)).codes == ()
    (finding,) = judged(HOUR, microscope(granted(FIRE), **one)).findings
    assert finding.facts["qualifications"] == ["Confocal training", "Laser safety"]


def test_r31_every_level_asks_for_its_own() -> None:
    levels = [
        Setting("R31", {"all_of": [FIRE]}, scope=SITE),
        Setting("R31", {"any_of": [CONFOCAL, LASER], "supervised_ok": True}, scope=RESOURCE),
    ]
    room = replace(
        microscope(ola=(granted(), granted(FIRE))),
        settings={"R31": effective(RULE_BY_CODE["R31"], levels, frozenset(), NOW)},
    )
    found = {(each.code, each.where_set) for each in judged(HOUR, room, supervisor_id=OLA).findings}

    assert found == {("R31.missing", SITE), ("R31.supervised", RESOURCE)}


def test_r31_nobody_may_book_past_what_safety_asks() -> None:
    assert [each.weight for each in judged(HOUR, microscope(all_of=[CONFOCAL, FIRE])).findings] == [
        Weight.REFUSES, Weight.LOCKED,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("supervised_ok", "supervisor", "ola", "codes"),
    [
        (True, OLA, (granted(),), ("R31.supervised",)),
        (True, OLA, (), ("R31.missing", "R31.supervisor")),
        (True, OLA, (granted(until="2026-11-24"),), ("R31.missing", "R31.supervisor")),
        (True, KARI, (granted(),), ("R31.missing", "R31.supervisor")),
        (True, None, (granted(),), ("R31.missing",)),
        (False, OLA, (granted(),), ("R31.missing",)),
    ],
)
def test_r31_a_named_supervisor_who_has_it_will_do_where_that_is_so(supervised_ok, supervisor, ola, codes) -> None:
    assert judged(HOUR, microscope(ola=ola, supervised_ok=supervised_ok), supervisor_id=supervisor).codes == codes


def test_r31_supervision_never_stands_in_for_safety() -> None:
    room = microscope(ola=(granted(), granted(FIRE)), all_of=[CONFOCAL, FIRE], supervised_ok=True)

    found = judged(HOUR, room, supervisor_id=OLA)

    assert [(each.code, each.weight) for each in found.findings] == [
        ("R31.missing", Weight.LOCKED), ("R31.supervised", Weight.NOTES),
    ]  # fmt: skip
    assert found.refused


@pytest.mark.parametrize(
    ("since", "used", "codes"),
    [
        ("2026-01-01", (), ("R31.stale",)),
        ("2026-11-15", (), ()),
        ("2026-01-01", ("2026-11-15",), ()),
        ("2026-01-01", ("2026-11-14",), ("R31.stale",)),
        ("2026-01-01", ("2026-11-25",), ("R31.stale",)),  # the same day is no practice
        ("2026-01-01", ("2026-11-30",), ("R31.stale",)),
    ],
)
def test_r31_who_has_not_used_it_lately_goes_through_it_again(since, used, codes) -> None:
    room = microscope(granted(since=since), used_on=tuple(map(day, used)), recency_days=10)

    assert judged(HOUR, room).codes == codes


def test_r31_in_a_series_earlier_dates_are_practice_and_an_expiry_in_the_middle_is_found() -> None:
    dates = [asks(HOUR.shifted(n * WEEK)) for n in range(6)]
    room = microscope(granted(since="2026-11-20", until="2026-12-16"), recency_days=10)
    window = TimeSpan(HOUR.starts_at - WEEK, HOUR.ends_at + 6 * WEEK)
    sequence = Sequence(facts_of(room, window=window, now=NOW))
    codes = []
    for number, request in enumerate(dates):
        codes.append(sequence.verdict(number, request).codes)
        sequence.take(number, request)

    assert codes == [(), (), (), (), ("R31.expires",), ("R31.expires",)]
    assert Sequence(facts_of(room, window=window, now=NOW)).verdict(3, dates[3]).codes == ("R31.stale",)


def test_r31_a_change_is_refused_only_for_what_it_makes_worse() -> None:
    room = microscope(granted(until="2026-11-24"))
    facts = facts_of(room, window=HOUR.padded(2 * WEEK, 2 * WEEK), now=NOW)
    shorter, later = span("2026-11-25 10:00", "10:30"), span("2026-11-26 10:00", "11:00")

    assert judge_change(asks(HOUR), asks(shorter), facts).codes == ()
    assert judge_change(asks(HOUR), asks(later), facts).codes == ("R31.expires",)


def test_r31_without_it_no_other_time_would_help() -> None:
    window = HOUR.padded(WEEK, WEEK)

    assert refused_at_any_time(asks(HOUR), facts_of(microscope(), window=window))
    assert not refused_at_any_time(asks(HOUR), facts_of(microscope(granted(until="2026-11-24")), window=window))
    assert refused_at_any_time(asks(HOUR), facts_of(microscope(granted(until="2026-11-20")), window=window))


@quick
@given(
    spans(days=3),
    st.lists(st.tuples(st.sampled_from((CONFOCAL, FIRE, LASER)), st.integers(-3, 3), st.none() | st.integers(0, 4))),
    st.sets(st.sampled_from((CONFOCAL, FIRE, LASER))),
    st.sets(st.sampled_from((CONFOCAL, FIRE, LASER))),
)
def test_r31_agrees_with_a_calendar_of_every_day(what, grants, all_of, any_of) -> None:
    """Oracle: write each grant into a calendar day by day, then look up the last minute's day."""
    first = what.starts_at.astimezone(OSLO).date()
    held, calendar = [], set()
    for which, since, length in grants:
        begins = first + timedelta(days=since)
        held.append(Grant(which, begins, None if length is None else begins + timedelta(days=length)))
        calendar |= {(which, begins + timedelta(days=n)) for n in range(20 if length is None else length + 1)}
    last = (what.ends_at - MINUTE).astimezone(OSLO).date()
    fits = all((each, last) in calendar for each in all_of)
    fits = fits and (not any_of or any((each, last) in calendar for each in any_of))

    found = judged(what, microscope(*held, all_of=sorted(all_of), any_of=sorted(any_of)))

    assert has(found, "R31") == (not fits)


def test_a_room_that_asks_for_nothing_finds_nothing() -> None:
    assert judged(HOUR, a_room()).findings == ()
