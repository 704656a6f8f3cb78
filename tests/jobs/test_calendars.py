"""The worker's round: what is due is fetched or taken from its file, parsed apart, and written. On both databases."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from booking.jobs import calendars
from booking.jobs.calendars import fetch_due
from booking.models import ExternalCalendar, Resource
from tests.factories import OSLO, span_at
from tests.support.calendar_server import an_answer, serving
from tests.support.calendars import ADDRESS, a_calendar, a_file, ends, taken
from tests.support.deciding import NOW, a_district

PATH = "/private-key/room.ics"
TEN, TWO = "2027-05-04 10:00-12:00", "2027-05-04 14:00-15:00"
WEEKLY = "UID:w\nDTSTART;TZID=Europe/Oslo:20270504T120000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY"
SOON = timedelta(minutes=30)


@pytest.fixture
def server():
    with serving() as running:
        yield running


@pytest.fixture
def fetch(plain_app):
    """`fetch(now, network)`: one round of the worker."""

    def fetch(now, network=None):
        with plain_app.app_context():
            return fetch_due(now, network) if network else fetch_due(now)

    return fetch


def at(words):
    return f"{span_at(words).starts_at:%Y%m%dT%H%M%SZ}/{span_at(words).ends_at:%Y%m%dT%H%M%SZ}"


def due(change, **about):
    with change() as session:
        a_calendar(session, a_district(session).sluppen, due_at=NOW, **about)


def the_calendar(session):
    return session.scalars(select(ExternalCalendar)).one()


def test_it_is_fetched_when_it_is_due_and_then_not_before_its_next_turn(change, server, fetch):
    due(change)
    server.says(PATH, an_answer(200, a_file(at(TEN)), ETag='"1"'), an_answer(200, a_file(at(TWO)), ETag='"2"'))

    rounds = [fetch(NOW, server.network()), fetch(NOW + timedelta(minutes=10), server.network())]
    with change() as session:
        first = taken(session)
        wait = the_calendar(session).due_at - NOW
    rounds.append(fetch(NOW + SOON, server.network()))

    with change() as session:
        assert (first, taken(session)) == (ends(TEN), ends(TWO))
    assert rounds == [1, 0, 1]
    assert timedelta(minutes=12) <= wait <= timedelta(minutes=19)
    assert ["If-None-Match" in request for request in server.requests] == [False, True]


def test_nothing_new_leaves_everything_as_it_was(change, server, fetch):
    due(change)
    server.says(PATH, an_answer(200, a_file(at(TEN)), ETag='"1"'), an_answer(304))

    fetch(NOW, server.network())
    fetch(NOW + SOON, server.network())

    with change() as session:
        assert taken(session) == ends(TEN)
        assert the_calendar(session).succeeded_at >= NOW + SOON


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (an_answer(404), "fetch.status"),
        (an_answer(200, b"<html>Sign in</html>"), "import.no_calendar"),
        (an_answer(200, a_file(at(TWO))[:-30], Content_Length=""), "import.no_calendar"),
        (an_answer(200, a_file(at(TWO))[:-30], Content_Length="9999"), "fetch.broken"),
        (an_answer(302, Location="https://127.0.0.1/"), "address.host"),
    ],
    ids=["gone", "a page to sign in", "half of it", "broken off", "led inward"],
)
def test_what_cannot_be_fetched_or_read_frees_nothing(change, server, fetch, answer, code):
    due(change)
    server.says(PATH, an_answer(200, a_file(at(TEN))), answer)

    fetch(NOW, server.network())
    fetch(NOW + SOON, server.network())

    with change() as session:
        calendar = the_calendar(session)
        assert taken(session) == ends(TEN)
        assert calendar.failure["code"] == code
        assert "private-key" not in repr(calendar.failure)
        assert calendar.due_at >= NOW + SOON + timedelta(minutes=24)


def test_one_that_fails_does_not_keep_the_others_waiting(change, server, fetch):
    with change() as session:
        place = a_district(session)
        a_calendar(session, place.sluppen, due_at=NOW - SOON, address="https://other.example.org/gone.ics")
        a_calendar(session, place.oya, due_at=NOW)
    server.says(PATH, an_answer(200, a_file(at(TEN))))

    assert fetch(NOW, server.network()) == 2
    with change() as session:
        assert taken(session) == ends(TEN)


def test_an_error_that_nobody_foresaw_is_written_down_raised_and_does_not_come_first_again(change, server, fetch):
    with change() as session:
        place = a_district(session)
        a_calendar(session, place.sluppen, due_at=NOW - SOON, address="https://other.example.org/odd.ics")
        a_calendar(session, place.oya, due_at=NOW)
    server.says(PATH, an_answer(200, a_file(at(TEN))))

    network = server.network(trust=_odd_once(server))
    with pytest.raises(ZeroDivisionError):
        fetch(NOW, network)
    assert fetch(NOW, network) == 1

    with change() as session:
        failures = [row.failure for row in session.scalars(select(ExternalCalendar).order_by(ExternalCalendar.id))]
        assert failures == [{"code": "import.unexpected", "what": "ZeroDivisionError"}, None]
        assert taken(session) == ends(TEN)


def _odd_once(server):
    times = []

    def trust():
        times.append(1)
        if len(times) == 1:
            raise ZeroDivisionError("what it was about is nobody’s business")
        return server.trust()

    return trust


def test_a_file_is_read_once_and_what_repeats_in_it_follows_the_clock_on_the_wall(change, fetch):
    due(change, address=None, upload=a_file(WEEKLY))

    rounds = [fetch(NOW), fetch(NOW + timedelta(days=30))]

    with change() as session:
        starts = {f"{starts_at.astimezone(OSLO):%a %H:%M}" for starts_at, _ in taken(session)}
        assert len(taken(session)) == 57
    assert rounds == [1, 0]
    assert starts == {"Tue 12:00"}


def test_files_of_nonsense_are_told_and_forgotten(change, fetch):
    due(change, address=None, upload=b"BEGIN:VCALENDAR, and then nothing")

    fetch(NOW)

    with change() as session:
        calendar = the_calendar(session)
        assert (calendar.failure["code"], calendar.upload, calendar.due_at) == ("import.no_calendar", None, None)


def test_the_calendars_of_what_is_out_of_use_are_left_alone(change, server, fetch):
    due(change)
    with change() as session:
        session.scalars(select(Resource).where(Resource.slug == "sluppen")).one().state = "retired"

    assert fetch(NOW, server.network()) == 0
    assert server.requests == []


def test_the_command_reads_what_is_due_and_says_how_many(change, plain_app):
    due(change, address=None, upload=a_file(at(TEN)))

    with time_machine.travel(NOW, tick=False):
        said = plain_app.test_cli_runner().invoke(calendars.fetch_calendars)

    assert said.output == "1 calendars read or tried.\n"
    assert said.exit_code == 0


def test_the_address_of_a_calendar_is_in_no_line_of_the_log(change, server, fetch, caplog, capfd):
    due(change)
    server.says(PATH, an_answer(500))

    with caplog.at_level("DEBUG"):
        fetch(NOW, server.network())

    said = "".join([caplog.text, *capfd.readouterr()])
    assert server.requests
    assert ADDRESS.partition("//")[2] not in said
    assert "private-key" not in said
