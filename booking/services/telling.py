"""What goes with a change of a booking: who acts as what, whether it is late, its journal entry, and who is told."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput
from booking.core.judge import judge_lateness
from booking.core.rules.deadline import REGRET
from booking.core.verdict import Verdict
from booking.models import Booking, Notice
from booking.permissions import Actor, BookingSubject, can
from booking.services import journal, mail_waiting, settings
from booking.services.facts import facts_of
from booking.services.wishes import Wish

if TYPE_CHECKING:
    from booking.services.standing import Standing

LONGEST_MESSAGE = 2000
BY_HAND = "form"  # the door through which people come; others need no message
ON_REQUEST = "shift"
BY_CLOCK = "clock"
FOR_OUTAGE = "outage"
WITHOUT_DEADLINE = frozenset({ON_REQUEST, FOR_OUTAGE})  # what others asked for, or maintenance brings


def as_manager(actor: Actor, subject: BookingSubject) -> bool:
    """Whether only managing the place lets the actor change the booking."""
    return not can(actor, "booking.own", subject) and can(actor, "booking.manage", subject)


def checked_message(actor: Actor, subject: BookingSubject, message: str | None, door: str) -> str | None:
    """What is said to the holder. Raises InvalidInput when a manager says nothing, or somebody says too much."""
    said = (message or "").strip()
    if len(said) > LONGEST_MESSAGE:
        raise InvalidInput("message", "input.too_long", {"most": LONGEST_MESSAGE})
    if not said and door == BY_HAND and as_manager(actor, subject):
        raise InvalidInput("message", "booking.message_needed")
    return said or None


def lateness(session: Session, now: datetime, standing: "Standing", wish: Wish | None) -> Verdict:
    """What the deadline rule says of a change, or of a cancellation (None); asks nothing more where it is not set."""
    row, cards = standing.row, standing.cards
    if row.starts_at <= now or now <= row.created_at + REGRET:
        return Verdict()
    scopes = sorted({scope for card in cards.values() for scope in card.scopes})
    if not any(each.rule == "R19" for each in settings.rows_at(session, scopes, now)):
        return Verdict()
    window = standing.wish.window(standing.zone)
    facts = facts_of(session, now, cards, member_id=row.member_id, window=window, without_booking_id=row.id)
    after = wish.request(row.member_id) if wish else None
    return judge_lateness(standing.request, after, facts, row.created_at)


def lateness_for(
    session: Session, now: datetime, actor: Actor, standing: "Standing", wish: Wish | None, door: str
) -> tuple[Verdict, dict[str, object]]:
    """What stands in this actor's way, and what the journal is to remember.

    A manager may do it with a message; neither a shift that others asked for nor maintenance minds the deadline.
    """
    marks: dict[str, object] = {"as": "manager"} if as_manager(actor, standing.subject) else {}
    if door in WITHOUT_DEADLINE:
        return Verdict(), marks
    late = lateness(session, now, standing, wish)
    if late.refused and marks:
        return Verdict(), marks | {"overridden": list(late.codes)}
    return late, marks | ({"late": True} if late.findings and not late.refused else {})


def record_change(
    session: Session,
    now: datetime,
    actor: Actor | None,
    action: str,
    row: Booking,
    *,
    door: str,
    before: Mapping[str, object],
    after: Mapping[str, object],
    titles: tuple[str, str] | None = None,
    message: str | None = None,
    reason: str | None = None,
) -> None:
    """The journal's entry, and a notice to the holder when somebody else did it; nobody is the clock.

    `reason` is why it was done in spite of the rules.
    """
    subject, by = ("booking", row.id), actor.member_id if actor else None
    text = written(titles, message, reason)
    journal.record(session, now, by, action, subject, door=door, before=before, after=after, text=text)
    facts = {"before": dict(before), "after": dict(after)}
    tell(session, now, row.member_id, row.id, action.removeprefix("booking."), by, facts, message)


def tell(
    session: Session,
    now: datetime,
    member_id: int,
    booking_id: int | None,
    kind: str,
    by: int | None,
    facts: Mapping[str, object] | None = None,
    text: str | None = None,
    *,
    fault_id: int | None = None,
) -> None:
    """A notice for the member, and mail; `by` is None where the name stays hidden.

    This is the one place where both begin. Of their own doing nobody needs a notice; the mail that confirms it is for
    their calendar.
    """
    mail_waiting.tell(
        session, now, member_id, kind, by, booking_id=booking_id, fault_id=fault_id, facts=facts, text=text
    )
    if by != member_id:
        row = Notice(member_id=member_id, booking_id=booking_id, actor_id=by, kind=kind, facts=dict(facts or {}))
        row.text, row.created_at, row.fault_id = text, now, fault_id
        session.add(row)


def written(titles: tuple[str, str] | None, message: str | None, reason: str | None = None) -> str | None:
    """Everything that somebody wrote, for the one column of the journal that can be erased."""
    changed = titles is not None and titles[0] != titles[1]
    if not changed and not reason and not (message or "").startswith("{"):
        return message
    said = {"title": list(titles) if titles and changed else None, "message": message, "reason": reason}
    return json.dumps({name: each for name, each in said.items() if each}, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote: the titles before and after, words to the holder, and why in spite of the rules."""

    titles: tuple[str, str] | None = None
    message: str = ""
    reason: str = ""


def read_back(text: str | None) -> Written:
    """What `written` put together; plain text is a message alone."""
    if not text or not text.startswith("{"):
        return Written(message=text or "")
    found = json.loads(text)
    titles = found.get("title")
    return Written((titles[0], titles[1]) if titles else None, found.get("message") or "", found.get("reason") or "")
