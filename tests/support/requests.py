"""Requests that wait for an answer, for tests: rules, people on duty, and how a request stands."""

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.lifecycle import State
from booking.core.request import Item, WallSpan
from booking.models import Booking, Duty, Member, Notice, Resource, RuleSetting
from booking.permissions import Actor
from booking.services.actors import actor_for_member
from booking.services.approval_steps import Step, steps_of
from booking.services.bookings import request_booking
from booking.services.wishes import Wish
from tests.factories import LONG_AGO, a_member

NOW = datetime(2027, 5, 10, 8, 0, tzinfo=UTC)  # a Monday, ten o'clock in Oslo


def wall(words: str) -> WallSpan:
    day, _, clock = words.partition(" ")
    return WallSpan(*(datetime.fromisoformat(f"{day}T{each}") for each in clock.split("-")))


def a_wish(room: Resource, at: str = "2027-05-25 10:00-11:00", **more: object) -> Wish:
    return Wish((Item(room.id),), wall(at), **more)  # type: ignore[arg-type]


def a_rule(session: Session, room: Resource, rule: str = "R38", weight: str | None = None, **params: object) -> None:
    session.add(
        RuleSetting(
            scope_kind="resource", scope_id=room.id, rule=rule, params=params, weight=weight,
            valid_from=LONG_AGO, set_at=LONG_AGO,
        )
    )  # fmt: skip
    session.flush()


def on_duty(session: Session, kind: str, scope_id: int, duty: str = "approver", **about: object) -> Member:
    member = a_member(session, **about)
    session.add(Duty(member_id=member.id, scope_kind=kind, scope_id=scope_id, kind=duty))
    session.flush()
    return member


def acting(session: Session, member: Member) -> Actor:
    actor = actor_for_member(session, NOW, member.id)
    assert actor is not None
    return actor


def asked(session: Session, room: Resource, member: Member, **more: object) -> str:
    booked = request_booking(session, NOW, acting(session, member), a_wish(room, **more))
    assert booked.state is State.REQUESTED
    return booked.public_id


def the_booking(session: Session, public_id: str) -> Booking:
    return session.scalars(select(Booking).where(Booking.public_id == public_id)).one()


def the_step(session: Session, public_id: str, now: datetime = NOW) -> Step:
    row = the_booking(session, public_id)
    (step,) = steps_of(session, now, [row])[row.id]
    return step


def told(session: Session, member: Member) -> list[tuple[str, str | None]]:
    rows = session.scalars(select(Notice).where(Notice.member_id == member.id).order_by(Notice.id))
    return [(row.kind, row.text) for row in rows]


def counted(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0
