"""The same facts give the same raw findings through every door: form, series, move, import, and the trace."""

import pytest
from sqlalchemy.orm import Session

from booking.core.errors import BookingRefused
from booking.core.recurrence import Every, Recurrence
from booking.core.verdict import Finding
from booking.models import MemberGroup
from booking.services import bookings, series
from booking.services.catalogue import resource_by_slug
from booking.services.changes import change_booking
from booking.services.importing import Row, plan_import, take_in
from booking.services.series_wishes import SeriesWish
from booking.services.trace import trace
from tests.factories import a_booking, a_member
from tests.support.deciding import NOW, WEEKDAYS, District, a_district, a_wish, an_actor, set_rule

Found = frozenset[tuple[str, str, str]]
WISHES = {
    "on a holiday, off the grid, too long, too many, in somebody's way, not for them": ("2027-05-17 10:07-15:00", 20),
    "on a Saturday night, too short": ("2027-05-22 23:45-23:50", 1),
    "too soon": ("2027-05-03 11:00-12:00", None),
    "too far ahead, over midnight": ("2027-09-14 19:00-02:00", 3),
    "in the way of set-up": ("2027-05-18 14:00-15:00", 3),
    "nothing at all": ("2027-05-19 10:00-11:00", 3),
}
RULES = {
    "R10": {"windows": WEEKDAYS},
    "R11": {"public_holidays": "NO"},
    "R17": {"hours": 24},
    "R18": {"days": 60},
    "R20": {"minutes": 30},
    "R21": {"minutes": 240, "merge_gap_minutes": 30},
    "R06": {"before_minutes": 30},
    "R07": {"fire_limit": 8, "least": 2},
    "R09": {"mode": "refuse"},
}


def a_ruled_district(session: Session) -> District:
    place = a_district(session)
    group = MemberGroup(public_id="g" * 22, name="Technicians")
    session.add(group)
    session.flush()
    for rule, params in RULES.items():
        set_rule(session, "site", place.site.id, rule, params)
    set_rule(session, "resource", place.sluppen.id, "R30", {"groups": [group.id]}, weight="needs_approval")
    ola = a_member(session)
    for at in ("2027-05-17 11:00-12:00", "2027-05-18 13:00-13:45"):
        a_booking(session, on=place.sluppen, member=ola, at=at)
    a_booking(session, on=place.oya, member=place.kari, at="2027-05-17 14:00-16:00")
    return place


def told(findings: tuple[Finding, ...]) -> Found:
    """Every finding with its weight and facts, whatever the order."""
    return frozenset((each.code, each.weight.value, repr(sorted(each.facts.items()))) for each in findings)


def refusals(findings: tuple[Finding, ...]) -> set[str]:
    return {each.code for each in findings if each.refuses}


@pytest.mark.parametrize(("at", "people"), WISHES.values(), ids=WISHES)
def test_every_door_gives_the_same_findings(change, at, people):
    with change() as session:
        place = a_ruled_district(session)
        kari, wish = an_actor(place.kari), a_wish(place.sluppen, at, people=people)
        by_form = bookings.preview(session, NOW, wish, place.kari.id)[0].findings

        twice = SeriesWish(wish, Recurrence(Every.DAY, count=2))
        weighed = series.preview(session, NOW, place.kari.id, twice)
        by_series = (*weighed.lines[0].verdict.findings, *weighed.of_all)
        by_trace = trace(session, NOW, resource_by_slug(session, "sluppen"), place.kari.id, wish.wall, people)
        standing = a_booking(session, on=place.oya, member=place.kari, at="2027-05-26 10:00-11:00")
        by_request = _refused(session, lambda: bookings.request_booking(session, NOW, kari, wish))
        by_move = _refused(session, lambda: change_booking(session, NOW, kari, standing.public_id, wish, version=1))
        plan = plan_import(session, NOW, "sluppen", place.kari.email, "")
        by_import = take_in(session, NOW, plan, Row(1, "u-1", wish.wall, people=people, email=place.kari.email))

    assert told(by_trace.verdict.findings) == told(by_form)
    assert told(tuple(each for step in by_trace.steps for each in step.findings)) == told(by_form)
    assert told(by_series) == told(by_form)
    refused = told(by_form) if refusals(by_form) else frozenset()
    assert told(by_request) == refused
    assert told(by_move) == refused
    assert set(by_import.codes) == refusals(by_form) - {"R17.notice"}  # an import asks in good time (interfaces.md)


def _refused(session, door):
    """What the door refuses for; what it would have written is taken back."""
    aside = session.begin_nested()
    try:
        door()
    except BookingRefused as refused:
        return refused.verdict.findings
    finally:
        aside.rollback()
    return ()


def test_the_wishes_break_most_rules(change):
    """Otherwise the doors would agree about nothing."""
    with change() as session:
        place = a_ruled_district(session)
        broken = {
            finding.rule
            for at, people in WISHES.values()
            for finding in bookings.preview(session, NOW, a_wish(place.sluppen, at, people=people), place.kari.id)[
                0
            ].findings
        }

    assert broken >= {"R02", "R05", "R06", "R07", "R09", "R10", "R11", "R17", "R18", "R20", "R21", "R30"}
