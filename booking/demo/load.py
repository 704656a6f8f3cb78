"""Loads the demo district into an empty database; the bookings go through the same service as everybody's."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from booking.core.errors import BookingRefused
from booking.core.request import Item, WallSpan
from booking.demo.calendars import mind_courses
from booking.demo.district import found_district
from booking.demo.happenings import book_series, plan_maintenance, report_faults
from booking.demo.wishes import DemoWish, fixed, ordinary
from booking.models import Category, Member, Membership, Resource, Site
from booking.permissions import Actor
from booking.services import outbox
from booking.services.actors import actor_for_member
from booking.services.bookings import request_booking
from booking.services.changes import cancel_booking
from booking.services.wishes import Wish

OSLO = ZoneInfo("Europe/Oslo")
BOOKINGS = 500

Writing = Callable[[], AbstractContextManager[Session]]
Progress = Callable[[str, int, int], None]


class NotEmpty(Exception):
    """There is something in the database already; the demo never mixes with real data."""


def load_demo(writing: Writing, now: datetime, password_hash: str, progress: Progress) -> int:
    """Founds the district and books five hundred times, all in one transaction; returns how many. Raises NotEmpty.

    `now` is the loader's own: each booking is made as if some days before it begins, so that past weeks are full too.
    """
    with writing() as session:
        if any(session.scalar(select(func.count()).select_from(model)) for model in (Resource, Member)):
            raise NotEmpty
        outbox.stay_silent(session)
        progress("places", 0, 1)
        _clear_founding(session)
        found_district(session, now, password_hash)
        progress("places", 1, 1)
        return _book_for_all(session, now, progress)


def _book_for_all(session: Session, now: datetime, progress: Progress) -> int:
    today = now.astimezone(OSLO).date()
    actors, slugs, homes = _actors(session, now), _slugs(session), _homes(session)
    plan_maintenance(session, now, today)
    made = book_series(session, now, today)
    for wish in chain(fixed(today), ordinary(today)):
        made += _book(session, now, wish, actors[wish.member], slugs, homes[wish.member])
        progress("bookings", made, BOOKINGS)
        if made >= BOOKINGS:
            break
    report_faults(session, now)
    mind_courses(session, now, today)
    return made


def _clear_founding(session: Session) -> None:
    """Takes away the site and categories that `init` makes; nothing uses them yet."""
    session.execute(delete(Category))
    session.execute(delete(Site))


def _book(session: Session, now: datetime, wish: DemoWish, actor: Actor, slugs: dict[str, int], home: int) -> bool:
    starts_at = wish.starts.replace(tzinfo=OSLO)
    made_at = min(now, starts_at - timedelta(days=3, hours=wish.member % 7))
    asked = Wish(
        items=(Item(slugs[wish.slug], wish.quantity), *(Item(slugs[slug], number) for slug, number in wish.along)),
        wall=WallSpan(wish.starts, wish.ends),
        title=wish.title,
        people=wish.people,
        organisation_id=home,
        visibility=wish.visibility,
    )
    try:
        booked = request_booking(session, made_at, actor, asked, door="demo")
    except BookingRefused:
        return False
    if wish.cancelled:
        cancel_booking(session, made_at + timedelta(hours=2), actor, booked.public_id, door="demo")
    return True


def _actors(session: Session, now: datetime) -> dict[int, Actor]:
    rows = session.execute(select(Member.id, Member.email).where(Member.email.like("medlem%")))
    actors = {
        int(email.removeprefix("medlem").split("@")[0]): actor_for_member(session, now, id_) for id_, email in rows
    }
    return {number: actor for number, actor in actors.items() if actor is not None}


def _slugs(session: Session) -> dict[str, int]:
    return {row.slug: row.id for row in session.execute(select(Resource.slug, Resource.id))}


def _homes(session: Session) -> dict[int, int]:
    """Each demo member's first organisation."""
    rows = session.execute(
        select(Member.email, func.min(Membership.organisation_id))
        .join(Membership, Membership.member_id == Member.id)
        .where(Member.email.like("medlem%"))
        .group_by(Member.email)
    )
    return {int(email.removeprefix("medlem").split("@")[0]): organisation for email, organisation in rows}
