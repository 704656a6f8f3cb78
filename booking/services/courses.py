"""Courses towards qualifications: planned, signed up for while there are seats, and followed by grants in bulk."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput, NotFound, WrongState
from booking.core.timespan import TimeSpan
from booking.models import Course, CourseSeat, Member, Qualification, Site
from booking.permissions import Actor, require
from booking.services import journal
from booking.services.catalogue import norwegian
from booking.services.locks import lock
from booking.services.qualifications import Granted, GrantValues, grant_to, place_of, qualification

MOST_SEATS = 1000
LENGTHS = {"place": 120, "contact": 254}


@dataclass(frozen=True, slots=True)
class CourseValues:
    """What the form about a course holds."""

    span: TimeSpan
    seats: int
    place: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A course as lists show it; `is_mine` when the one who looks has signed up."""

    public_id: str
    qualification: str
    qualification_key: str
    span: TimeSpan
    timezone: str
    place: str
    contact: str
    seats: int
    taken: int
    is_mine: bool

    @property
    def is_full(self) -> bool:
        """Whether every seat is taken."""
        return self.taken >= self.seats


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who has signed up."""

    key: str
    name: str
    email: str


def plan_course(session: Session, now: datetime, actor: Actor, public_id: str, values: CourseValues) -> str:
    """The new course's public id. Raises NotFound, NotAllowed, InvalidInput."""
    row = qualification(session, public_id)
    require(actor, "resource.manage", place_of(row.site_id))
    if values.span.starts_at <= now:
        raise InvalidInput("start_date", "course.past")
    if not 1 <= values.seats <= MOST_SEATS:
        raise InvalidInput("seats", "setting.out_of_range", {"least": 1, "most": MOST_SEATS})
    for field, most in LENGTHS.items():
        if len(getattr(values, field).strip()) > most:
            raise InvalidInput(field, "input.too_long", {"most": most})
    course = Course(
        qualification_id=row.id, starts_at=values.span.starts_at, ends_at=values.span.ends_at, seats=values.seats,
        place=values.place.strip(), contact=values.contact.strip() or row.contact,
    )  # fmt: skip
    session.add(course)
    session.flush()
    after = {"course": course.public_id, "starts_at": course.starts_at.isoformat(), "seats": course.seats}
    journal.record(session, now, actor.member_id, "course.planned", ("qualification", row.id), after=after)
    return course.public_id


def call_off(session: Session, now: datetime, actor: Actor, public_id: str) -> None:
    """Nobody can sign up any more. Raises NotFound, NotAllowed, WrongState (called off already)."""
    course, row = managed(session, actor, public_id)
    if course.cancelled_at is not None:
        raise WrongState(state="called_off")
    course.cancelled_at = now
    after = {"course": course.public_id}
    journal.record(session, now, actor.member_id, "course.cancelled", ("qualification", row.id), after=after)


def sign_up(session: Session, now: datetime, actor: Actor, public_id: str) -> None:
    """Takes a seat; doing so twice takes one. Raises NotFound, WrongState (full, begun or called off)."""
    course = _course(session, public_id)
    lock(session, course_ids=[course.id])
    session.refresh(course)
    if course.cancelled_at is not None or course.starts_at <= now:
        raise WrongState(state="called_off" if course.cancelled_at else "course_begun")
    if session.get(CourseSeat, (course.id, actor.member_id)) is not None:
        return
    taken = session.scalar(select(func.count()).where(CourseSeat.course_id == course.id)) or 0
    if taken >= course.seats:
        raise WrongState(state="course_full")
    session.add(CourseSeat(course_id=course.id, member_id=actor.member_id, taken_at=now))


def sign_off(session: Session, now: datetime, actor: Actor, public_id: str) -> None:
    """Gives the seat back. Raises NotFound, WrongState (begun)."""
    course = _course(session, public_id)
    if course.starts_at <= now:
        raise WrongState(state="course_begun")
    seat = session.get(CourseSeat, (course.id, actor.member_id))
    if seat is not None:
        session.delete(seat)


def attendees(session: Session, course_id: int) -> list[Attendee]:
    """Who has signed up, by name."""
    rows = session.execute(
        select(Member.public_id, Member.name, Member.email)
        .join(CourseSeat, CourseSeat.member_id == Member.id)
        .where(CourseSeat.course_id == course_id)
    )
    return sorted((Attendee(*row) for row in rows), key=lambda each: norwegian(each.name))


def grant_after(
    session: Session, now: datetime, actor: Actor, public_id: str, keys: Collection[str], values: GrantValues
) -> Granted:
    """The qualification for those who were there, of those who had signed up. Raises as `grant_to`."""
    course, row = managed(session, actor, public_id)
    query = (
        select(CourseSeat.member_id)
        .join(Member, Member.id == CourseSeat.member_id)
        .where(CourseSeat.course_id == course.id, Member.public_id.in_(sorted(set(keys))))
    )
    ids = list(session.scalars(query))
    if not ids or len(ids) != len(set(keys)):
        raise InvalidInput("attendees", "course.nobody_chosen")
    return grant_to(session, now, actor, row.public_id, ids, values)


def coming(session: Session, now: datetime, member_id: int, *, of: int | None = None) -> list[CourseLine]:
    """Courses ahead that are not called off, soonest first; of one qualification, or of all."""
    wanted = [] if of is None else [Course.qualification_id == of]
    return _lines(session, member_id, Course.starts_at > now, Course.cancelled_at.is_(None), *wanted)


def been(session: Session, now: datetime, member_id: int, of: int) -> list[CourseLine]:
    """Those of one qualification that have begun, the latest first: for granting afterwards."""
    held = (Course.starts_at <= now, Course.cancelled_at.is_(None), Course.qualification_id == of)
    return _lines(session, member_id, *held)[::-1]


def line_of(session: Session, member_id: int, course_id: int) -> CourseLine:
    """One course as lists show it."""
    return _lines(session, member_id, Course.id == course_id)[0]


def managed(session: Session, actor: Actor, public_id: str) -> tuple[Course, Qualification]:
    """A course that the actor decides about, and what it leads to. Raises NotFound, NotAllowed."""
    course = _course(session, public_id)
    row = session.get_one(Qualification, course.qualification_id)
    require(actor, "resource.manage", place_of(row.site_id))
    return course, row


def _lines(session: Session, member_id: int, *wanted: ColumnElement[bool]) -> list[CourseLine]:
    seats = select(func.count()).where(CourseSeat.course_id == Course.id).correlate(Course).scalar_subquery()
    own = CourseSeat.member_id == member_id
    mine = select(func.count()).where(CourseSeat.course_id == Course.id, own).correlate(Course).scalar_subquery()
    rows = session.execute(
        select(Course, Qualification, Site.timezone, seats, mine)
        .join(Qualification, Qualification.id == Course.qualification_id)
        .join(Site, Site.id == Qualification.site_id)
        .where(*wanted)
        .order_by(Course.starts_at, Course.id)
    )
    return [
        CourseLine(
            course.public_id, row.name, row.public_id, TimeSpan(course.starts_at, course.ends_at), zone, course.place,
            course.contact, course.seats, taken, bool(own),
        )
        for course, row, zone, taken, own in rows
    ]  # fmt: skip


def _course(session: Session, public_id: str) -> Course:
    course = session.scalar(select(Course).where(Course.public_id == public_id))
    if course is None:
        raise NotFound(kind="course")
    return course
