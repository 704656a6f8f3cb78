"""A manager writes once to everybody with bookings of a resource between two days: a notice to each, and one mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput
from booking.core.localtime import day_span
from booking.core.timespan import TimeSpan
from booking.ical.text import clean
from booking.models import Booking, BookingItem, Member
from booking.permissions import Actor, require
from booking.services import journal, mail_choices, outbox, submissions, telling
from booking.services.actors import is_active
from booking.services.catalogue import ResourceCard
from booking.services.locks import lock
from booking.services.telling import LONGEST_MESSAGE

NEWS = "news"
FORM = "message"
LONGEST_SUBJECT = 120
LONGEST_TIME = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be said, and to whom: holders of bookings that touch the days, which are those of the place."""

    first_day: date
    last_day: date
    subject: str
    words: str


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody who gets it; `booking_id` is the first of their bookings in those days."""

    member_id: int
    booking_id: int
    by_mail: bool


def checked(message: Message) -> Message:
    """The message as it will be sent. Raises InvalidInput for what is missing, too long, or not one line."""
    if message.last_day < message.first_day:
        raise InvalidInput("last_day", "message.days")
    if message.last_day - message.first_day > LONGEST_TIME:
        raise InvalidInput("last_day", "message.too_long_time")
    subject = message.subject.strip()
    if clean(subject) != subject or set(subject) & {"\n", "\t"}:
        raise InvalidInput("subject", "message.one_line")
    if not 0 < len(subject) <= LONGEST_SUBJECT:
        raise InvalidInput("subject", "message.subject", {"most": LONGEST_SUBJECT})
    words = clean(message.words).strip()
    if not 0 < len(words) <= LONGEST_MESSAGE:
        raise InvalidInput("message", "message.words", {"most": LONGEST_MESSAGE})
    return Message(message.first_day, message.last_day, subject, words)


def receivers(session: Session, now: datetime, actor: Actor, card: ResourceCard, message: Message) -> list[Receiver]:
    """Who gets it, each once however many bookings they have; not the one who writes, and nobody who is out.

    Raises NotAllowed.
    """
    require(actor, "resource.manage", card.place)
    span = TimeSpan(day_span(message.first_day, card.zone).starts_at, day_span(message.last_day, card.zone).ends_at)
    rows = session.execute(
        select(Member, Booking.id)
        .join(Booking, Booking.member_id == Member.id)
        .join(BookingItem, BookingItem.booking_id == Booking.id)
        .where(BookingItem.resource_id == card.id, Booking.live, Member.id != actor.member_id)
        .where(Booking.starts_at < span.ends_at, Booking.ends_at > span.starts_at)
        .order_by(Booking.starts_at, Booking.id)
    )
    first: dict[int, int] = {}
    for member, booking_id in rows:
        if is_active(member, now):
            first.setdefault(member.id, booking_id)
    chosen = mail_choices.choices_of(session, list(first)) if outbox.posts_mail(session) else {}
    return [
        Receiver(id_, booking_id, by_mail=id_ in chosen and mail_choices.wants(chosen[id_], NEWS))
        for id_, booking_id in first.items()
    ]


def send(session: Session, now: datetime, actor: Actor, card: ResourceCard, message: Message, key: str) -> int:
    """Tells everybody; how many. The same form sent twice tells once. Raises NotAllowed, InvalidInput, KeyReused."""
    message = checked(message)
    require(actor, "resource.manage", card.place)
    lock(session, member_ids=[actor.member_id])
    days = _days(message)
    content = {**days, "resource": card.id, "subject": message.subject, "words": message.words}
    earlier = submissions.earlier_result(session, actor.member_id, FORM, key, content)
    if earlier is not None:
        return int(earlier)
    found = receivers(session, now, actor, card, message)
    if not found:
        raise InvalidInput("last_day", "message.nobody")
    _tell(session, now, actor, card, found, message)
    counts = {"people": len(found), "by_mail": sum(each.by_mail for each in found)}
    about, text = ("resource", card.id), f"{message.subject}\n\n{message.words}"
    journal.record(session, now, actor.member_id, "message.sent", about, after={**days, **counts}, text=text)
    submissions.remember(session, now, actor.member_id, FORM, key, content, str(len(found)))
    return len(found)


def _days(message: Message) -> dict[str, str]:
    return {"first_day": message.first_day.isoformat(), "last_day": message.last_day.isoformat()}


def _tell(
    session: Session, now: datetime, actor: Actor, card: ResourceCard, found: Sequence[Receiver], message: Message
) -> None:
    """One notice and at most one mail for each, which name nobody but the one who writes."""
    facts = {**_days(message), "resource_id": card.id, "place": card.name}
    text = f"{message.subject}\n\n{message.words}"
    for each in found:
        telling.tell(session, now, each.member_id, each.booking_id, NEWS, actor.member_id, facts, text)
