"""Withdrawing while somebody books, and the last seat of a course: one waits for the other, and none slips between."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from booking.core.errors import BookingRefused, WrongState
from booking.core.timespan import TimeSpan
from booking.models import BookingHold, CourseSeat
from booking.services import courses, qualifications
from booking.services.bookings import request_booking
from tests.factories import a_member
from tests.services.test_rule_settings_racing import wait_until_somebody_waits
from tests.support.deciding import a_wish
from tests.support.labs import MAY_18, NOW, a_lab, an_actor, newest_grant

AT = f"{MAY_18} 10:00-11:00"


@pytest.fixture
def engine(postgresql_url):
    engine = create_engine(postgresql_url)
    yield engine
    engine.dispose()


@pytest.fixture
def lab(engine):
    with Session(engine, expire_on_commit=False) as session, session.begin():
        return a_lab(session)


def withdraw(session, lab):
    return qualifications.withdraw(session, NOW, lab.nils, newest_grant(session).public_id, "Lapsed")


def book(session, lab):
    return request_booking(session, NOW, an_actor(lab.kari), a_wish(lab.microscope, AT))


def in_turn(engine, first, second, lab):
    """The second begins while the first has not committed; what came of the second."""
    begun = threading.Event()

    def after():
        begun.wait(timeout=30)
        with Session(engine) as session, session.begin():
            return second(session, lab)

    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(after)
        with Session(engine) as session, session.begin():
            first(session, lab)
            begun.set()
            wait_until_somebody_waits(engine)
        return asked.exception(timeout=30) or asked.result()


def test_a_booking_that_comes_while_it_is_withdrawn_is_refused(engine, lab):
    answer = in_turn(engine, withdraw, book, lab)

    assert isinstance(answer, BookingRefused)
    assert answer.verdict.codes == ("R31.missing",)


def test_a_withdrawal_that_comes_while_somebody_books_puts_the_booking_on_hold(engine, lab):
    assert in_turn(engine, book, withdraw, lab) == 1
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(BookingHold)) == 1


def test_the_last_seat_goes_to_one(engine, lab):
    span = TimeSpan(NOW + timedelta(days=7), NOW + timedelta(days=7, hours=2))
    with Session(engine, expire_on_commit=False) as session, session.begin():
        values = courses.CourseValues(span, 1)
        course = courses.plan_course(session, NOW, lab.nils, lab.training.public_id, values)
        mari = a_member(session, name="Mari")

    def sign_up(who):
        return lambda session, _lab: courses.sign_up(session, NOW, an_actor(who), course)

    late = in_turn(engine, sign_up(lab.ola), sign_up(mari), lab)

    assert isinstance(late, WrongState)
    with Session(engine) as session:
        assert session.scalars(select(CourseSeat.member_id)).all() == [lab.ola.id]
