"""Whom a booking can be handed over to, and handing it over."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput
from booking.models import Membership
from booking.permissions import Actor, require
from booking.services import people
from booking.services.changes import hand_over_booking
from booking.services.standing import Standing, found

MOST = 50


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who can take the booking over; `key` is for forms."""

    key: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Colleagues:
    """Those who were found, by name; `more` tells how many are left out."""

    people: tuple[Colleague, ...]
    more: int


def colleagues(session: Session, now: datetime, actor: Actor, standing: Standing, words: str = "") -> Colleagues:
    """Active members of the booking's organisation, or of its holder's when it has none. Raises NotAllowed."""
    require(actor, "booking.hand_over", standing.subject)
    wanted = words.casefold().split()
    listed = people.colleagues(session, now, _organisations(session, standing), but=standing.row.member_id)
    fitting = [each for each in listed if all(word in f"{each.name} {each.email}".casefold() for word in wanted)]
    shown = tuple(Colleague(each.public_id, each.name, each.email) for each in fitting[:MOST])
    return Colleagues(shown, max(0, len(fitting) - MOST))


def hand_over(
    session: Session, now: datetime, actor: Actor, public_id: str, to: str, *, override: str | None = None
) -> str:
    """Gives the booking to a colleague; their name. Raises InvalidInput, BookingRefused, WrongState, NotAllowed."""
    standing = found(session, actor, public_id, "booking.hand_over")
    fitting = people.colleagues(session, now, _organisations(session, standing), but=standing.row.member_id)
    taker = next((each for each in fitting if each.public_id == to), None)
    if taker is None:
        raise InvalidInput("to", "booking.not_a_colleague")
    hand_over_booking(session, now, actor, public_id, taker.id, override=override)
    return taker.name


def _organisations(session: Session, standing: Standing) -> list[int]:
    row = standing.row
    if row.organisation_id is not None:
        return [row.organisation_id]
    return list(session.scalars(select(Membership.organisation_id).where(Membership.member_id == row.member_id)))
