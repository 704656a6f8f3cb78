"""Two managers at once in real threads: one decides, the other is told, and nothing is booked twice."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from booking.core.errors import DomainError
from booking.db import db, writing
from booking.models import Allocation, Application, ApprovalDecision, Booking, Member, Notice, Resource
from booking.services.approving import approve, decline
from booking.services.bookings import request_booking
from tests.factories import a_member, a_room
from tests.support.requests import NOW, a_rule, a_wish, acting, on_duty

ROUNDS = 3


def at_once(app: Flask, *acts: Callable[[], str]) -> list[str]:
    """What each led to; nobody begins before everybody is ready to."""
    line = threading.Barrier(len(acts))

    def run(act: Callable[[], str]) -> str:
        with app.app_context():
            line.wait(timeout=60)
            try:
                return act()
            except DomainError as refused:
                return refused.code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


@pytest.fixture
def leaders(app: Flask) -> list[int]:
    """Two who answer for one room, where requests compete."""
    with app.app_context(), writing() as session:
        room = a_room(session, slug="hall")
        a_rule(session, room, always=True)
        a_rule(session, room, "R05", pending_blocks=False)
        return [on_duty(session, "resource", room.id).id for _ in range(2)]


def requests_for(app: Flask, day: int, count: int) -> list[str]:
    """So many requests for the same hour, each of another member."""
    with app.app_context(), writing() as session:
        room = session.scalars(select(Resource).where(Resource.slug == "hall")).one()
        wish = a_wish(room, f"2027-06-{day:02} 10:00-11:00")
        return [request_booking(session, NOW, acting(session, a_member(session)), wish).public_id for _ in range(count)]


def yes(member_id: int, key: str) -> Callable[[], str]:
    def act() -> str:
        with writing() as session:
            return approve(session, NOW, acting(session, session.get_one(Member, member_id)), key).state

    return act


def no(member_id: int, key: str) -> Callable[[], str]:
    def act() -> str:
        with writing() as session:
            return decline(session, NOW, acting(session, session.get_one(Member, member_id)), key, "No").state

    return act


def test_two_pending_requests_for_one_slot_both_approved(app: Flask, leaders: list[int]) -> None:
    """A mistake other systems make: here the second is refused, and its holder has been told that it lost."""
    for day in range(1, ROUNDS + 1):
        first, second = requests_for(app, day, 2)
        answers = at_once(app, yes(leaders[0], first), yes(leaders[1], second))

        assert answers.count("confirmed") == 1, answers
        assert set(answers) <= {"confirmed", "approval.already_decided"}, answers
    with app.app_context():
        count = select(func.count())
        assert db.session.scalar(count.select_from(Allocation)) == ROUNDS
        assert db.session.scalar(count.where(Booking.live)) == ROUNDS
        states = db.session.scalars(select(Application.state)).all()
        assert (states.count("chosen"), states.count("lost")) == (ROUNDS, ROUNDS)


def test_one_says_yes_while_the_other_says_no(app: Flask, leaders: list[int]) -> None:
    for day in range(1, ROUNDS + 1):
        (key,) = requests_for(app, day, 1)
        answers = at_once(app, yes(leaders[0], key), no(leaders[1], key))

        assert "approval.already_decided" in answers, answers
        assert {"confirmed", "declined"} & set(answers), answers
    with app.app_context():
        said = db.session.scalar(select(func.count()).select_from(ApprovalDecision))
        assert said == ROUNDS


def asks(key: str, at: str) -> Callable[[], str]:
    """Somebody new asks for the room, long after the others' time has run out."""

    def act() -> str:
        with writing() as session:
            room = session.scalars(select(Resource).where(Resource.slug == key)).one()
            asker = acting(session, a_member(session))
            return request_booking(session, NOW + timedelta(days=2), asker, a_wish(room, at)).state

    return act


def test_two_who_ask_for_the_halves_of_a_request_that_has_ended_both_get_them(app: Flask) -> None:
    """Both find it ended; one of them writes it down, and its holder is told once."""
    with app.app_context(), writing() as session:
        room = a_room(session, slug="den")
        on_duty(session, "resource", room.id)
        a_rule(session, room, always=True, on_timeout="expire", working_days=1)
        days = [f"2027-06-{day:02}" for day in range(1, ROUNDS + 1)]
        for day in days:
            kari = acting(session, a_member(session))
            request_booking(session, NOW, kari, a_wish(room, f"{day} 10:00-12:00"))

    answers = [at_once(app, asks("den", f"{day} 10:00-11:00"), asks("den", f"{day} 11:00-12:00")) for day in days]

    assert answers == [["requested", "requested"]] * ROUNDS
    with app.app_context():
        ended = db.session.scalars(select(Notice.kind).where(Notice.kind == "expired")).all()
        assert len(ended) == ROUNDS
        assert db.session.scalar(select(func.count()).select_from(Allocation)) == 2 * ROUNDS
