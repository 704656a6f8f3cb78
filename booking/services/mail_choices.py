"""What each member wants by mail: which families of mails, which reminders, and invitations or plain mails.

Nothing is to show twice in a calendar. So invitations are automatic until somebody chooses: they come with a calendar
part, unless the member subscribes to their own bookings; then the same mail comes plain.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput
from booking.models import FeedKey, MailChoice
from booking.permissions import Actor
from booking.services import journal
from booking.services.locks import lock

MINUTE = timedelta(minutes=1)
OFFERED_REMINDERS = tuple(timedelta(minutes=each) for each in (15, 60, 180, 24 * 60, 2 * 24 * 60, 7 * 24 * 60))


class Invitations(StrEnum):
    """Whether mails about bookings carry a calendar part; `AUTO` leaves it out for who subscribes to a feed."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Family(StrEnum):
    """Mails that can be turned off together."""

    BOOKING = "booking"  # what I made, changed or cancelled myself
    OTHERS = "others"  # what somebody else did, where I may come as planned all the same
    APPROVALS = "approvals"
    REMINDERS = "reminders"
    SERIES = "series"
    FAULTS_AND_MAINTENANCE = "faults_and_maintenance"
    NEWS = "news"  # a manager writes to everybody with bookings


KINDS = {
    Family.BOOKING: ("booking_made", "booking_changed", "booking_cancelled", "booking_restored", "booking_ended",
        "booking_handed_over", "booking_given_away"),
    Family.OTHERS: (
        "made", "ended", "restored", "handed_over", "given_away", "shift_asked", "shift_accepted", "shift_declined",
        "buddy_asked", "buddy_released", "buddy_stepped_back", "buddy_accepted", "buddy_declined", "buddy_withdrawn",
    ),
    Family.APPROVALS: (
        "request", "requested", "approved", "partly_approved", "declined", "lost", "expired", "question", "answer",
        "delegated",
    ),
    Family.REMINDERS: ("reminder",),
    Family.SERIES: ("series_made", "booking_series_made", "booking_series_changed", "booking_series_cancelled"),
    Family.FAULTS_AND_MAINTENANCE: (
        "outage_kept", "outage_lifted", "fault", "fault_over", "fault_reported", "fault_out", "fault_usable",
        "fault_fixed", "on_hold", "released", "qualification_ends", "taken_elsewhere",
    ),
    Family.NEWS: ("news",),
}  # fmt: skip
FAMILY_OF = {kind: family for family, kinds in KINDS.items() for kind in kinds}


@dataclass(frozen=True, slots=True)
class Choices:
    """What one member wants; without arguments, what everybody gets who has not chosen.

    `muted` are families; `reminders` are how long before a booking begins, the shortest first.
    """

    invitations: Invitations = Invitations.AUTO
    muted: frozenset[str] = frozenset()
    reminders: tuple[timedelta, ...] = ()


def choices_of(session: Session, member_ids: Collection[int]) -> dict[int, Choices]:
    """The choices of each of them."""
    rows = session.scalars(select(MailChoice).where(MailChoice.member_id.in_(member_ids)))
    return dict.fromkeys(member_ids, Choices()) | {row.member_id: _choices(row) for row in rows}


def wants(choices: Choices, kind: str) -> bool:
    """Whether they want mails of this kind.

    A kind without a family cannot be turned off: account mails, and that somebody else moved or cancelled a booking.
    """
    return FAMILY_OF.get(kind) not in choices.muted


def gets_invitations(session: Session, member_ids: Collection[int]) -> set[int]:
    """For whom a mail about their booking carries the calendar part."""
    chosen = choices_of(session, member_ids)
    subscribed = subscribers(session, [id_ for id_, each in chosen.items() if each.invitations == Invitations.AUTO])
    return {id_ for id_, each in chosen.items() if each.invitations != Invitations.NEVER and id_ not in subscribed}


def subscribers(session: Session, member_ids: Collection[int]) -> set[int]:
    """Those of them with a working key to the feed of their own bookings."""
    own = (FeedKey.scope_kind == "member", FeedKey.scope_id == FeedKey.member_id, FeedKey.revoked_at.is_(None))
    return set(session.scalars(select(FeedKey.member_id).where(FeedKey.member_id.in_(member_ids), *own)))


def choose(session: Session, now: datetime, actor: Actor, wanted: Choices) -> None:
    """Keeps a member's own choices. Raises InvalidInput for what is not offered."""
    _check(wanted)
    lock(session, member_ids=[actor.member_id])
    row = session.get(MailChoice, actor.member_id)
    before = _content(_choices(row)) if row else None
    if row is None:
        row = MailChoice(member_id=actor.member_id)
        session.add(row)
    after = _content(wanted)
    row.invitations, row.muted, row.reminders = wanted.invitations.value, sorted(wanted.muted), _minutes(wanted)
    if before != after:
        subject = ("member", actor.member_id)
        journal.record(session, now, actor.member_id, "mail.chosen", subject, before=before, after=after)


def choose_invitations(session: Session, now: datetime, actor: Actor, invitations: Invitations) -> None:
    """Changes only whether invitations come with a calendar part, as the calendar page offers it."""
    lock(session, member_ids=[actor.member_id])
    chosen = choices_of(session, [actor.member_id])[actor.member_id]
    choose(session, now, actor, replace(chosen, invitations=invitations))


def _check(wanted: Choices) -> None:
    if not wanted.muted <= set(Family):
        raise InvalidInput("muted", "mail.family")
    if not set(wanted.reminders) <= set(OFFERED_REMINDERS):
        raise InvalidInput("reminders", "mail.reminder")


def _choices(row: MailChoice) -> Choices:
    reminders = tuple(minutes * MINUTE for minutes in sorted(row.reminders))
    return Choices(Invitations(row.invitations), frozenset(row.muted), reminders)


def _content(choices: Choices) -> dict[str, object]:
    muted = sorted(str(family) for family in choices.muted)
    return {"invitations": choices.invitations.value, "muted": muted, "reminders": _minutes(choices)}


def _minutes(choices: Choices) -> list[int]:
    return sorted(reminder // MINUTE for reminder in set(choices.reminders))
