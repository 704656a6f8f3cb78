"""A reading that lands while a member books the same time: the one waits for the other, and nothing slips between."""

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from booking.core.errors import BookingRefused
from booking.models import Booking, Duty, ExternalBusy, Notice
from booking.services import external_calendars, external_reading
from booking.services.bookings import request_booking
from booking.services.catalogue import resource_by_slug
from booking.services.external_clashes import clashes
from tests.factories import a_member
from tests.services.test_rule_settings_racing import prepared, wait_until_somebody_waits
from tests.support.calendars import a_calendar, an_event, found
from tests.support.deciding import NOW, a_wish, an_actor

TEN = "2027-05-04 10:00-11:00"


def arranged(engine):
    """Sluppen with a calendar that is due, whose manager would hear of a clash."""
    place = prepared(engine)
    with Session(engine, expire_on_commit=False) as session, session.begin():
        calendar = a_calendar(session, place.sluppen, due_at=NOW)
        siri = a_member(session)
        session.add(Duty(member_id=siri.id, kind="manager", scope_kind="resource", scope_id=place.sluppen.id))
    return place, calendar


def book(engine, place, at=TEN):
    with Session(engine) as session, session.begin():
        return request_booking(session, NOW, an_actor(place.kari), a_wish(place.sluppen, at))


def claimed(engine):
    with Session(engine) as session, session.begin():
        return external_reading.claim(session, NOW)


def is_read(engine, mine, *events):
    with Session(engine) as session, session.begin():
        external_reading.take_over(session, NOW, mine, found(*events), 1.0)


def test_a_booking_that_comes_while_a_reading_is_written_waits_and_is_refused(postgresql_url):
    engine = create_engine(postgresql_url)
    place, _ = arranged(engine)
    mine = claimed(engine)

    with ThreadPoolExecutor(1) as threads:
        with Session(engine) as session, session.begin():
            external_reading.take_over(session, NOW, mine, found(an_event(TEN)), 1.0)
            asked = threads.submit(book, engine, place)
            wait_until_somebody_waits(engine)
        answer = asked.exception(timeout=30)

    assert isinstance(answer, BookingRefused)
    assert answer.verdict.codes == ("R05.elsewhere",)
    engine.dispose()


def test_a_reading_that_lands_while_somebody_books_waits_and_tells_of_the_clash(postgresql_url):
    engine = create_engine(postgresql_url)
    place, _ = arranged(engine)
    mine = claimed(engine)

    with ThreadPoolExecutor(1) as threads:
        with Session(engine) as session, session.begin():
            request_booking(session, NOW, an_actor(place.kari), a_wish(place.sluppen, TEN))
            reading = threads.submit(is_read, engine, mine, an_event(TEN))
            wait_until_somebody_waits(engine)
        assert reading.exception(timeout=30) is None

    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Booking).where(Booking.live)) == 1
        assert len(clashes(session, NOW, place.nils, resource_by_slug(session, "sluppen"))) == 1
        assert session.scalars(select(Notice.kind)).all() == ["taken_elsewhere"]
    engine.dispose()


def test_of_many_bookings_and_one_reading_each_is_refused_or_told_of(postgresql_url):
    engine = create_engine(postgresql_url, pool_size=10)
    place, _ = arranged(engine)
    mine, start = claimed(engine), threading.Barrier(9)

    def one(hour):
        start.wait(timeout=30)
        return book(engine, place, f"2027-05-04 {hour}:00-{hour + 1}:00")

    def read():
        start.wait(timeout=30)
        is_read(engine, mine, an_event("2027-05-04 08:00-20:00"))

    with ThreadPoolExecutor(9) as threads:
        bookings = [threads.submit(one, hour) for hour in range(10, 18)]
        reading = threads.submit(read)
        refused = [each.exception(timeout=60) for each in bookings]
        assert reading.exception(timeout=60) is None

    with Session(engine) as session:
        listed = clashes(session, NOW, place.nils, resource_by_slug(session, "sluppen"))
        told = session.scalars(select(Notice.facts)).all()
    made = refused.count(None)
    assert {each.verdict.codes for each in refused if each is not None} <= {("R05.elsewhere",)}
    assert len(listed) == made
    assert sum(facts["clashes"] for facts in told) == made
    engine.dispose()


def test_two_workers_that_look_at_the_same_moment_claim_a_calendar_each(postgresql_url):
    engine = create_engine(postgresql_url)
    place, _ = arranged(engine)
    with Session(engine) as session, session.begin():
        a_calendar(session, place.oya, due_at=NOW)

    with Session(engine) as one, one.begin():
        first = external_reading.claim(one, NOW)
        second = claimed(engine)
        third = claimed(engine)

    assert first.calendar_id != second.calendar_id
    assert third is None
    engine.dispose()


def test_a_calendar_that_is_removed_while_it_is_read_stays_removed(postgresql_url):
    engine = create_engine(postgresql_url)
    place, calendar = arranged(engine)
    mine = claimed(engine)

    with ThreadPoolExecutor(1) as threads:
        with Session(engine) as session, session.begin():
            card = resource_by_slug(session, "sluppen")
            external_calendars.remove_calendar(session, NOW, place.nils, card, calendar.public_id)
            reading = threads.submit(is_read, engine, mine, an_event(TEN))
            wait_until_somebody_waits(engine)
        assert reading.exception(timeout=30) is None

    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(ExternalBusy)) == 0
    engine.dispose()
