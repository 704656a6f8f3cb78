"""The same facts give the same raw findings through every door: form, series, move, import, trace and approval."""

import pytest

from booking.core.errors import BookingRefused
from booking.core.recurrence import Every, Recurrence
from booking.core.rules.catalogue import RULES
from booking.services import bookings, series
from booking.services.approving import approve, reviewed
from booking.services.catalogue import resource_by_slug
from booking.services.changes import change_booking, preview_change
from booking.services.importing import Row, plan_import, take_in
from booking.services.requests import request_by
from booking.services.series_wishes import SeriesWish
from booking.services.trace import trace
from tests.factories import OSLO, a_booking
from tests.support.deciding import NOW, an_actor
from tests.support.worlds import WORLDS, a_stage

ABOUT_CHANGES = {"R19"}  # finds nothing about a new booking: judge_lateness is asked beside the judge
OF_A_SERIES = {"R28"}  # one booking is not a series
# What a door is not told, so that no rule can find anything about it: a file and a question name no activity and
# nobody who asks for somebody else, a question shows no title to anybody; a request that stands has been asked for.
UNTOLD = {
    "import": {"R32", "R39"},
    "trace": {"R32", "R39", "R40"},
    "approval": {"R03", "R17", "R18", "R39"},
}
NEVER_ASKED = {"R01", "R03"}  # what has no time or is over cannot wait for an answer


def told(findings, door="form"):
    """Every finding with its weight and facts, whatever the order, without what the door is not told."""
    untold = OF_A_SERIES | UNTOLD.get(door, set())
    return {
        (each.code, each.weight.value, repr(sorted(each.facts.items()))) for each in findings if each.rule not in untold
    }


def if_refused(findings):
    """A door that opens says nothing of what it found."""
    return findings if any(each.refuses for each in findings) else ()


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_every_door_gives_the_same_findings(change, world):
    with change() as session:
        stage = a_stage(session, competes=world.competes)
        wish, kari, who = world.wish(stage), stage.place.kari, world.actor(stage)
        by_approval = None if world.rules & NEVER_ASKED else _by_approval(session, stage, world)
        world.furnish(session, stage)

        by_form = bookings.preview(session, NOW, wish, kari.id, by=who)[0].findings
        by_series = _by_series(session, wish, kari, who)
        by_trace = trace(session, NOW, resource_by_slug(session, "sluppen"), kari.id, wish.wall, wish.people)
        by_request = _refused(session, lambda: bookings.request_booking(session, NOW, who, wish, member_id=kari.id))
        by_import, in_good_time = _by_import(session, wish, kari)
        by_preview, by_move = _by_move(session, stage, wish, who)

    assert {each.rule for each in (*by_form, *by_series)} == world.rules
    assert told(by_series) == told(by_form)
    assert told(by_trace.verdict.findings) == told(by_form, "trace")
    assert told(finding for step in by_trace.steps for finding in step.findings) == told(by_form, "trace")
    assert told(by_request) == told(if_refused(by_form))
    assert told(by_import) == told(in_good_time)
    assert told(by_preview) == told(by_form)
    assert told(by_move) == told(if_refused(by_form))
    if by_approval is not None:
        assert told(by_approval) == told(by_form, "approval")


def test_the_worlds_break_every_rule_that_can_be_broken():
    """Otherwise the doors would agree about nothing."""
    assert {rule for world in WORLDS.values() for rule in world.rules} == {rule.code for rule in RULES} - ABOUT_CHANGES


def _by_series(session, wish, kari, who):
    """What is said of the first of two days, and of both."""
    twice = SeriesWish(wish, Recurrence(Every.DAY, count=2))
    weighed = series.preview(session, NOW, kari.id, twice, actor=who)
    return (*weighed.lines[0].verdict.findings, *weighed.of_all)


def _by_import(session, wish, kari):
    """What a row is refused for, and what the form would have been, had it asked when the row did."""
    plan = plan_import(session, NOW, "sluppen", kari.email, "")
    asked_at = min(NOW, wish.wall.starts.replace(tzinfo=OSLO) - plan.lead)
    findings = bookings.preview(session, asked_at, wish, kari.id)[0].findings
    in_good_time = [each for each in findings if each.rule not in UNTOLD["import"]]
    aside = session.begin_nested()
    outcome = take_in(session, NOW, plan, Row(1, "u-1", wish.wall, people=wish.people, email=kari.email))
    aside.rollback()
    found = outcome.error.verdict.findings if outcome.error else ()
    return found, if_refused(in_good_time)


def _by_move(session, stage, wish, who):
    """Her booking of Øya, which breaks nothing, moved here: what is shown before, and what it is refused for."""
    standing = a_booking(
        session, on=stage.place.oya, member=stage.place.kari, at="2027-05-26 10:00-11:00", booked_by_id=who.member_id
    )
    shown = preview_change(session, NOW, who, standing.public_id, wish).findings
    return shown, _refused(session, lambda: change_booking(session, NOW, who, standing.public_id, wish, version=1))


def _by_approval(session, stage, world):
    """She asked while nothing was in the way; the world has changed since, and Siri says yes."""
    aside, siri = session.begin_nested(), an_actor(stage.siri)
    who, kari_id = world.actor(stage), stage.place.kari.id
    asked = bookings.request_booking(session, NOW, who, world.wish(stage), member_id=kari_id).public_id
    world.furnish(session, stage)
    found = reviewed(session, NOW, request_by(session, asked))[0].findings
    refused = _refused(session, lambda: approve(session, NOW, siri, asked))
    aside.rollback()
    assert told(refused) == told(if_refused(found))
    return found


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
