"""The feeds that are compared, one line each: whose corpus, who reads, how its address is made, what it must show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Booking, Member, Resource, Site
from booking.services import feed_keys
from booking.services.actors import actor_for_member
from booking.services.feed_keys import Detail, Kind, Wanted
from tests.clients.oracle import MONTH, Reader, occurrences, of_member
from tests.clients.oracle_places import announced, of_organisation, of_room, of_site, to_answer, with_set_up
from tests.clients.scene import THE_ROOM, site_slug
from tests.support.parsers import Occurrence

KARI, SIRI, OLA, PER = (f"{name}@example.invalid" for name in ("kari", "siri", "ola", "per"))
OSLO, KOLKATA = site_slug("Europe/Oslo"), site_slug("Asia/Kolkata")
AS_MEMBER = frozenset({"members", "public"})
AS_COLLEAGUE = AS_MEMBER | {"organisation"}
Path = Callable[[Session, datetime], str]
Expected = Callable[[Session, datetime], set[Occurrence]]


@dataclass(frozen=True, slots=True)
class Subscription:
    """`path` makes the feed's path; `expected` tells what must be seen; `alarms` whether reminders were asked for."""

    corpus: str  # "cases" or "crowd"
    path: Path
    expected: Expected
    alarms: bool = False


def a_key(
    email: str, detail: Detail, language: str, kind: Kind = Kind.MEMBER, slug: str = "", **options: object
) -> Path:
    """The path of a new feed of a member's; an organisation is the one that Kari books for."""

    def path(session: Session, now: datetime) -> str:
        member_id = session.scalars(select(Member.id).where(Member.email == email)).one()
        actor = actor_for_member(session, now, member_id)
        assert actor is not None
        wanted = Wanted(f"{kind} {slug} {detail}", detail, language, kind, _id_of(session, kind, slug), **options)
        secret = feed_keys.make_key(session, now, actor, wanted, f"{kind} {slug} {detail} {language} {options}")
        assert secret is not None
        return f"/feeds/{secret}.ics"

    return path


def _id_of(session: Session, kind: Kind, slug: str) -> int:
    if kind is Kind.ORGANISATION:
        return next(row.organisation_id for row in session.scalars(select(Booking)) if row.organisation_id)
    model = {Kind.RESOURCE: Resource, Kind.SITE: Site}.get(kind)
    return session.scalars(select(model.id).where(model.slug == slug)).one() if model else 0


def mine(corpus: str, detail: Detail, language: str) -> Subscription:
    """Kari's own bookings."""
    reader = Reader(language, busy_only=detail is Detail.BUSY)
    return Subscription(
        corpus,
        a_key(KARI, detail, language),
        lambda session, now: occurrences(session, now, of_member(session, KARI), reader),
    )


def place(of: Callable[..., set[Occurrence]], kind: Kind, slug: str, detail: Detail = Detail.FULL) -> Subscription:
    """A room or site, as Ola may know it, who is a member like any other."""
    reader = Reader("en", busy_only=detail is Detail.BUSY, reads=AS_MEMBER, back=MONTH)
    return Subscription(
        "cases", a_key(OLA, detail, "en", kind, slug), lambda session, now: of(session, now, slug, reader)
    )


PER_READS = Reader("nb", reads=AS_COLLEAGUE, back=MONTH)
SIRI_READS = Reader("en", back=MONTH, over="Answered:")
EVERYBODY = Reader("nb", reads=frozenset({"public"}), back=MONTH)
SUBSCRIPTIONS: Mapping[str, Subscription] = {
    "mine, everything told": mine("cases", Detail.FULL, "nb"),
    "mine, titles only": mine("cases", Detail.TITLE, "en"),
    "mine, busy times only": mine("cases", Detail.BUSY, "nn"),
    "mine, 2,000 bookings": mine("crowd", Detail.FULL, "nb"),
    "mine, with set-up and reminders": Subscription(
        "cases",
        a_key(KARI, Detail.FULL, "nb", with_buffers=True, alarm_minutes=15),
        lambda session, now: with_set_up(session, now, KARI, Reader("nb")),
        alarms=True,
    ),
    "a room": place(of_room, Kind.RESOURCE, THE_ROOM),
    "a room, busy times only": place(of_room, Kind.RESOURCE, THE_ROOM, Detail.BUSY),
    "a site": place(of_site, Kind.SITE, OSLO),
    "a site elsewhere": place(of_site, Kind.SITE, KOLKATA),
    "an organisation": Subscription(
        "cases",
        a_key(PER, Detail.FULL, "nb", Kind.ORGANISATION),
        lambda session, now: of_organisation(session, now, KARI, PER_READS),
    ),
    "requests to answer": Subscription(
        "cases",
        a_key(SIRI, Detail.FULL, "en", Kind.APPROVALS),
        lambda session, now: to_answer(session, now, SIRI_READS),
    ),
    "open to everybody": Subscription(
        "cases",
        lambda _session, _now: f"/feeds/public/{OSLO}.ics",
        lambda session, now: announced(session, now, OSLO, EVERYBODY),
    ),
}
