"""A booking that is being judged while the rules change: it is either told of, or judged by the new rules."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from booking.core.errors import BookingRefused
from booking.services.bookings import request_booking
from booking.services.rule_changes import change_rules
from tests.support.deciding import NOW, SHORT_DAYS, a_district, a_wish, an_actor

WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


def wait_until_somebody_waits(engine):
    """Until a connection of this database stands before a lock; the statement timeout ends a test that never does."""
    with engine.connect() as connection:
        for _ in range(2000):
            if connection.execute(WAITING).scalar():
                return
            connection.rollback()
    raise AssertionError("nobody waits")


def prepared(engine):
    with Session(engine, expire_on_commit=False) as session, session.begin():
        return a_district(session)


def test_a_booking_that_comes_during_a_change_waits_and_is_judged_by_the_new_rules(postgresql_url):
    engine = create_engine(postgresql_url)
    place = prepared(engine)

    def book():
        with Session(engine) as session, session.begin():
            # its clock was read before it had to wait
            wish = a_wish(place.sluppen, "2027-05-04 16:00-17:00")
            return request_booking(session, NOW - timedelta(seconds=3), an_actor(place.kari), wish)

    with ThreadPoolExecutor(1) as threads:
        with Session(engine) as session, session.begin():
            change_rules(session, NOW, place.nils, place.where(session, "site"), {"R10": {"windows": SHORT_DAYS}})
            asked = threads.submit(book)
            wait_until_somebody_waits(engine)
        answer = asked.exception(timeout=30)

    assert isinstance(answer, BookingRefused)
    assert answer.verdict.codes == ("R10.closed_then",)
    engine.dispose()


def test_a_change_that_comes_during_a_booking_waits_and_tells_of_it(postgresql_url):
    engine = create_engine(postgresql_url)
    place = prepared(engine)
    booked = threading.Event()

    def shorten():
        booked.wait(timeout=30)
        with Session(engine) as session, session.begin():
            site = place.where(session, "site")
            return change_rules(session, NOW, place.nils, site, {"R10": {"windows": SHORT_DAYS}})

    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(shorten)
        with Session(engine) as session, session.begin():
            request_booking(session, NOW, an_actor(place.kari), a_wish(place.sluppen, "2027-05-04 16:00-17:00"))
            booked.set()
            wait_until_somebody_waits(engine)
        change = asked.result(timeout=30)

    assert len(change.no_longer_fit) == 1
    engine.dispose()
