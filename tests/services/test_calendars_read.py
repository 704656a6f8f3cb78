"""What is read from elsewhere takes the place of what was known, and failures free nothing. On both databases."""

from datetime import timedelta

from sqlalchemy import select

from booking.core.web_address import WebAddress
from booking.ical.reading import UnreadableCalendar
from booking.models import ExternalBusy
from booking.services import external_calendars, external_reading, jobs
from booking.services.catalogue import resource_by_slug
from booking.services.external_calendars import CalendarValues
from booking.services.external_health import stale_calendars
from tests.support.calendars import a_calendar, an_event, ends, found, is_read, taken
from tests.support.deciding import NOW, a_district

TUESDAY = "2027-05-04"
TEN, TWO = f"{TUESDAY} 10:00-12:00", f"{TUESDAY} 14:00-15:00"
LATER = NOW + timedelta(hours=1)
DAY = timedelta(days=1)


# --- what is read ----------------------------------------------------------------------------------------------------


def test_a_reading_takes_the_place_of_the_one_before_and_of_no_other_calendars(change):
    with change() as session:
        place = a_district(session)
        ours, others = a_calendar(session, place.sluppen), a_calendar(session, place.oya, TWO)

        is_read(session, NOW, ours, an_event(TEN, "a"), an_event(TWO, "b"))
        kept = session.scalars(select(ExternalBusy.id).where(ExternalBusy.uid == "b")).one()
        is_read(session, LATER, ours, an_event(TWO, "b"), an_event(f"{TUESDAY} 16:00-17:00", "c"))

        of_others = session.scalars(select(ExternalBusy.uid).where(ExternalBusy.calendar_id == others.id)).all()
        uids = session.scalars(
            select(ExternalBusy.uid).where(ExternalBusy.calendar_id == ours.id).order_by(ExternalBusy.uid)
        ).all()
        assert uids == ["b", "c"]
        assert len(of_others) == 1
        assert session.scalars(select(ExternalBusy.id).where(ExternalBusy.uid == "b")).one() == kept
        assert (ours.succeeded_at, ours.read_at) == (LATER, LATER)
        assert ours.due_at == LATER + timedelta(minutes=15)


def test_only_when_is_kept_and_never_what_for(change):
    with change() as session:
        place = a_district(session)
        calendar = a_calendar(session, place.sluppen)

        is_read(session, NOW, calendar, an_event(TEN, title="Secret", email="secret@example.org"))

        everything = session.execute(select(ExternalBusy.__table__)).all()
    assert len(everything) == 1
    assert "ecret" not in repr(everything)


def test_what_takes_no_time_is_left_out_and_what_is_over_is_forgotten(change):
    with change() as session:
        place = a_district(session)
        calendar = a_calendar(session, place.sluppen)

        is_read(
            session, NOW, calendar, an_event(TEN, cancelled=True), an_event("2027-04-04 10:00-12:00"), an_event(TWO)
        )

        assert taken(session) == ends(TWO)


def test_what_has_no_end_ends_with_the_window(change):
    with change() as session:
        place = a_district(session)
        calendar = a_calendar(session, place.sluppen)
        for_ever = an_event(TEN)
        for_ever = type(for_ever)(
            "a", "", type(for_ever.span)(NOW - 9 * DAY, NOW + 99_999 * DAY), title="", email="", cancelled=False
        )

        is_read(session, NOW, calendar, for_ever)

        assert taken(session) == [(NOW - DAY, NOW + 400 * DAY)]
        assert calendar.covers_until == NOW + 400 * DAY


def test_what_was_skipped_is_counted_by_why(change):
    with change() as session:
        place = a_district(session)
        calendar = a_calendar(session, place.sluppen, due_at=NOW)
        claimed = external_reading.claim(session, NOW)
        reading = found(an_event(TEN, unknown_zone=True), troubles=("import.broken", "import.broken", "import.no_uid"))

        external_reading.take_over(session, NOW, claimed, reading, 1.0)

        assert calendar.skipped == {"import.broken": 2, "import.no_uid": 1, "import.unknown_zone": 1}


# --- failures --------------------------------------------------------------------------------------------------------


def fails(session, now, calendar, code="fetch.status", **facts):
    calendar.due_at, calendar.claimed_until = now, None
    session.flush()
    external_reading.failed(session, now, external_reading.claim(session, now), UnreadableCalendar(code, **facts), 1.0)


def test_a_failure_frees_nothing_and_tells_why_and_since_when(change):
    with change() as session:
        place = a_district(session)
        calendar = a_calendar(session, place.sluppen)
        is_read(session, NOW, calendar, an_event(TEN))

        fails(session, NOW + DAY, calendar, status=500)
        fails(session, NOW + 2 * DAY, calendar, status=404)

        assert taken(session) == ends(TEN)
        assert calendar.failure == {"code": "fetch.status", "status": 404}
        assert (calendar.failing_since, calendar.failures, calendar.succeeded_at) == (NOW + DAY, 2, NOW)


def test_it_is_tried_more_and_more_seldom_but_four_times_a_day_at_least(change):
    waits = []
    with change() as session:
        calendar = a_calendar(session, a_district(session).sluppen)
        for _ in range(8):
            fails(session, NOW, calendar)
            waits.append((calendar.due_at - NOW) / timedelta(minutes=1))

    assert waits == [30, 60, 120, 240, 360, 360, 360, 360]


def test_once_it_is_read_again_the_failures_are_forgotten(change):
    with change() as session:
        calendar = a_calendar(session, a_district(session).sluppen)
        fails(session, NOW, calendar)

        is_read(session, LATER, calendar, an_event(TEN))

        assert (calendar.failing_since, calendar.failure, calendar.failures) == (None, None, 0)
        assert calendar.due_at == LATER + timedelta(minutes=15)


def test_a_calendar_that_is_not_read_is_told_where_it_counts_and_by_the_check_after_a_day(change):
    with change() as session:
        place = a_district(session)
        calendar = a_calendar(session, place.sluppen)
        a_calendar(session, place.oya, address=None, name="A file", succeeded_at=NOW)
        is_read(session, NOW, calendar, an_event(TEN))
        rooms = [place.sluppen.id, place.oya.id]

        def after(hours):
            now = NOW + timedelta(hours=hours)
            stale = {
                id_: [each.calendar for each in all_] for id_, all_ in stale_calendars(session, now, rooms).items()
            }
            return stale, list(jobs.health(session, now))

        assert after(2) == ({}, [])
        fails(session, NOW + timedelta(hours=2), calendar, status=404)
        calendar.due_at = NOW + 9 * DAY
        session.flush()
        assert after(3) == ({place.sluppen.id: ["Innocamp"]}, [])
        (line,) = after(27)[1]
        assert (
            line
            == "Calendar “Innocamp” of sluppen: cannot be read, for 25 hours now (fetch.status); its last times stand."
        )
        calendar.due_at = NOW
        session.flush()
        assert "1 wait to be read" in after(3)[1][0]
        place.sluppen.state = "retired"
        session.flush()
        assert after(27)[1] == []


# --- whose turn it is ------------------------------------------------------------------------------------------------


def test_a_calendar_is_claimed_once_and_again_when_whoever_had_it_is_gone(change):
    with change() as session:
        place = a_district(session)
        calendar = a_calendar(session, place.sluppen, due_at=NOW)
        a_calendar(session, place.oya, due_at=LATER)

        first = external_reading.claim(session, NOW)
        assert external_reading.claim(session, NOW) is None
        again = external_reading.claim(session, NOW + timedelta(minutes=4))

        assert first.calendar_id == again.calendar_id == calendar.id
        external_reading.take_over(session, NOW, first, found(an_event(TEN)), 1.0)
        assert taken(session) == []
        external_reading.take_over(session, NOW, again, found(an_event(TWO)), 1.0)
        assert taken(session) == ends(TWO)


def test_what_was_read_by_an_address_that_is_no_longer_the_calendars_counts_for_nothing(change):
    with change() as session:
        place = a_district(session)
        card = resource_by_slug(session, "sluppen")
        calendar = a_calendar(session, place.sluppen, due_at=NOW)
        claimed = external_reading.claim(session, NOW)
        values = CalendarValues("Innocamp", False, WebAddress.read("https://calendar.example.org/other.ics"))
        external_calendars.change_calendar(session, NOW, place.nils, card, calendar.public_id, values)

        external_reading.take_over(session, NOW, claimed, found(an_event(TEN)), 1.0)
        external_reading.failed(session, NOW, claimed, UnreadableCalendar("fetch.broken"), 1.0)

        assert taken(session) == []
        assert (calendar.failures, calendar.due_at) == (0, NOW)


def test_what_was_read_of_a_calendar_that_has_been_removed_counts_for_nothing(change):
    with change() as session:
        place = a_district(session)
        card = resource_by_slug(session, "sluppen")
        calendar = a_calendar(session, place.sluppen, due_at=NOW)
        claimed = external_reading.claim(session, NOW)
        external_calendars.remove_calendar(session, NOW, place.nils, card, calendar.public_id)

        external_reading.take_over(session, NOW, claimed, found(an_event(TEN)), 1.0)
        external_reading.stays_as_it_was(session, NOW, claimed, 1.0)

        assert taken(session) == []


def test_what_an_answer_says_of_itself_is_sent_back_until_all_must_be_read_anew(change):
    with change() as session:
        calendar = a_calendar(session, a_district(session).sluppen)
        is_read(session, NOW, calendar, an_event(TEN), etag='"v1"', last_modified="Mon, 03 May 2027 08:00:00 GMT")

        soon = external_reading.claim(session, NOW + timedelta(minutes=20))
        external_reading.stays_as_it_was(session, NOW + timedelta(minutes=20), soon, 1.0)
        next_day = external_reading.claim(session, NOW + DAY)

        assert (soon.etag, soon.last_modified) == ('"v1"', "Mon, 03 May 2027 08:00:00 GMT")
        assert (next_day.etag, next_day.last_modified) == (None, None)
        assert calendar.succeeded_at == NOW + timedelta(minutes=20)
        assert taken(session) == ends(TEN)
