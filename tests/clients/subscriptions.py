"""The feeds that are compared, one line each: whose corpus, how its address is made, and what it must show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Member
from booking.services import feed_keys
from booking.services.actors import actor_for_member
from booking.services.feed_keys import Detail, Wanted
from tests.clients.oracle import Reader, bookings_of
from tests.support.parsers import Occurrence

KARI = "kari@example.invalid"


@dataclass(frozen=True, slots=True)
class Subscription:
    """`key` makes the feed's path; `expected` tells what must be seen at an instant."""

    corpus: str  # "cases" or "crowd"
    key: Callable[[Session, datetime], str]
    expected: Callable[[Session, datetime], set[Occurrence]]


def mine(corpus: str, detail: Detail, language: str) -> Subscription:
    """Kari's own bookings."""
    reader = Reader(language, busy_only=detail is Detail.BUSY)
    return Subscription(
        corpus,
        lambda session, now: a_key(session, now, KARI, Wanted(f"{detail} {language}", detail, language)),
        lambda session, now: bookings_of(session, now, KARI, reader),
    )


SUBSCRIPTIONS: Mapping[str, Subscription] = {
    "mine, everything told": mine("cases", Detail.FULL, "nb"),
    "mine, titles only": mine("cases", Detail.TITLE, "en"),
    "mine, busy times only": mine("cases", Detail.BUSY, "nn"),
    "mine, 2,000 bookings": mine("crowd", Detail.FULL, "nb"),
}


def a_key(session: Session, now: datetime, email: str, wanted: Wanted) -> str:
    """The path of a new feed of a member's."""
    member_id = session.scalars(select(Member.id).where(Member.email == email)).one()
    actor = actor_for_member(session, now, member_id)
    assert actor is not None
    secret = feed_keys.make_key(session, now, actor, wanted, wanted.name)
    assert secret is not None
    return f"/feeds/{secret}.ics"
