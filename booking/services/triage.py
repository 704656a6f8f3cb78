"""The bookings that planned maintenance would lie over: all of them, and what becomes of each.

Nothing is cancelled or moved silently: whoever lays an outage decides for each. The bookings are read again under the
locks, so that one that was made or changed meanwhile is asked about too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import BookingRefused, DomainError, InvalidInput, WrongState
from booking.core.request import Item, WallSpan
from booking.core.timespan import SpanSet, TimeSpan
from booking.core.verdict import Verdict
from booking.models import Booking, BookingItem, Member, Organisation
from booking.permissions import Actor, can
from booking.services import changes, tidings
from booking.services.catalogue import resources_by_id
from booking.services.locks import lock
from booking.services.standing import Standing
from booking.services.telling import FOR_OUTAGE
from booking.services.wishes import Wish

MOST_MESSAGE = 1000


class Choice(StrEnum):
    """What becomes of a booking under the maintenance."""

    KEEP = "keep"
    CANCEL = "cancel"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Decision:
    """The choice for one booking as it was shown; a move names the resource instead and the span."""

    version: int
    choice: Choice | None = None
    resource_id: int | None = None
    span: TimeSpan | None = None


@dataclass(frozen=True, slots=True)
class Affected:
    """A live booking that the maintenance lies over; `may_decide` is False where the actor has no say in it."""

    standing: Standing
    holder: str
    organisation: str
    resource_id: int  # the one it holds that is affected
    may_decide: bool
    has_begun: bool

    @property
    def public_id(self) -> str:
        """The booking's."""
        return self.standing.row.public_id

    @property
    def span(self) -> TimeSpan:
        """When it is."""
        return self.standing.row.span

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the site."""
        return self.standing.zone

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What can be decided; what has begun can only stay."""
        return tuple(Choice) if self.may_decide and not self.has_begun else (Choice.KEEP,)

    def wish(self, decision: Decision) -> Wish:
        """The booking as the decision moves it."""
        if decision.resource_id is None or decision.span is None:
            raise InvalidInput(f"choice-{self.public_id}", "setting.not_a_choice")
        wish = self.standing.wish
        items = tuple(
            Item(decision.resource_id, item.quantity) if item.resource_id == self.resource_id else item
            for item in wish.items
        )
        return replace(wish, items=items, wall=WallSpan.of(decision.span, self.zone))


class Undecided(DomainError):
    """Some bookings have no decision yet; `bookings` holds their ids."""

    code = "outage.undecided"


class MadeMeanwhile(DomainError):
    """Somebody booked or changed a booking while the page was open; `bookings` holds their ids."""

    code = "outage.made_meanwhile"
    status = 409


class MoveRefused(DomainError):
    """A booking cannot be moved to where it was to go; the verdict says why."""

    code = "outage.move_refused"

    def __init__(self, public_id: str, verdict: Verdict) -> None:
        super().__init__(booking=public_id, codes=list(verdict.codes))
        self.public_id = public_id
        self.verdict = verdict


def affected(
    session: Session, now: datetime, actor: Actor, resource_ids: Iterable[int], spans: Iterable[TimeSpan]
) -> list[Affected]:
    """Every live booking of these resources that meets a span and has not ended, the first first."""
    ids, out = sorted(set(resource_ids)), SpanSet(spans)
    if not out:
        return []
    meeting = select(BookingItem.booking_id).where(
        BookingItem.resource_id.in_(ids),
        BookingItem.live,
        BookingItem.ends_at > max(now, out.spans[0].starts_at),
        BookingItem.starts_at < out.spans[-1].ends_at,
    )
    rows = session.execute(
        select(Booking, Member.name, Organisation.name)
        .outerjoin(Member, Member.id == Booking.member_id)
        .outerjoin(Organisation, Organisation.id == Booking.organisation_id)
        .where(Booking.id.in_(meeting))
        .order_by(Booking.starts_at, Booking.id)
        .execution_options(populate_existing=True)
    ).all()
    items = _items(session, [row.id for row, _, _ in rows])
    cards = resources_by_id(session, {item.resource_id for each in items.values() for item in each})
    found = []
    for row, holder, organisation in rows:
        if not out.overlaps(row.span):
            continue
        its = items[row.id]
        standing = Standing(row, its, {item.resource_id: cards[item.resource_id] for item in its})
        hit = next(item.resource_id for item in its if item.resource_id in ids)
        may = can(actor, "booking.cancel", standing.subject) and can(actor, "booking.change", standing.subject)
        found.append(Affected(standing, holder or "", organisation or "", hit, may, row.starts_at <= now))
    return found


def _items(session: Session, booking_ids: list[int]) -> dict[int, tuple[Item, ...]]:
    rows = session.execute(
        select(BookingItem.booking_id, BookingItem.resource_id, BookingItem.quantity)
        .where(BookingItem.booking_id.in_(booking_ids))
        .order_by(BookingItem.id)
    )
    items: dict[int, tuple[Item, ...]] = {}
    for booking_id, resource_id, quantity in rows:
        items[booking_id] = (*items.get(booking_id, ()), Item(resource_id, quantity))
    return items


def lock_all(
    session: Session, reached: Iterable[int], found: list[Affected], decisions: Mapping[str, Decision]
) -> None:
    """Everything that the decisions will touch, at once and in the one order."""
    rows = [each.standing.row for each in found]
    targets = [decision.resource_id for decision in decisions.values() if decision.resource_id is not None]
    lock(
        session,
        organisation_ids=[row.organisation_id for row in rows if row.organisation_id is not None],
        member_ids=[row.member_id for row in rows],
        resource_ids=[*reached, *targets, *(id_ for each in found for id_ in each.standing.resource_ids)],
    )


def check_decided(found: list[Affected], decisions: Mapping[str, Decision], message: str) -> None:
    """Raises MadeMeanwhile, Undecided, WrongState, or InvalidInput when a message is missing or too long."""
    unseen = [
        each.public_id
        for each in found
        if each.public_id not in decisions or decisions[each.public_id].version != each.standing.row.version
    ]
    if unseen:
        raise MadeMeanwhile(bookings=unseen)
    undecided = [each.public_id for each in found if decisions[each.public_id].choice is None]
    if undecided:
        raise Undecided(bookings=undecided)
    if any(decisions[each.public_id].choice not in each.choices for each in found):
        raise WrongState(state="begun")
    tells = any(decisions[each.public_id].choice is not Choice.KEEP for each in found)
    if tells and not message.strip():
        raise InvalidInput("message", "outage.message_needed")
    if len(message) > MOST_MESSAGE:
        raise InvalidInput("message", "input.too_long", {"most": MOST_MESSAGE})


def carry_out(
    session: Session,
    now: datetime,
    actor: Actor,
    found: list[Affected],
    decisions: Mapping[str, Decision],
    message: str,
) -> dict[str, list[int]]:
    """Cancels, then moves, and answers which; every holder is told. The outage stands already. Raises MoveRefused."""
    done: dict[str, list[int]] = {choice.value: [] for choice in Choice}
    for each in sorted(found, key=lambda each: decisions[each.public_id].choice is not Choice.CANCEL):
        decision = decisions[each.public_id]
        if decision.choice is Choice.CANCEL:
            changes.cancel_booking(session, now, actor, each.public_id, door=FOR_OUTAGE, reason=message)
        elif decision.choice is Choice.MOVE:
            _move(session, now, actor, each, decision, message)
        else:
            tidings.spread(session, now, actor, tidings.KEPT, [each.standing.row], message=message)
        done[str(decision.choice)].append(each.standing.row.id)
    return done


def _move(session: Session, now: datetime, actor: Actor, each: Affected, decision: Decision, message: str) -> None:
    try:
        changes.change_booking(
            session, now, actor, each.public_id, each.wish(decision),
            version=decision.version, door=FOR_OUTAGE, message=message,
        )  # fmt: skip
    except BookingRefused as refused:
        raise MoveRefused(each.public_id, refused.verdict) from refused
