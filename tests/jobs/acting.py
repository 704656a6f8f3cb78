"""What the tests of mail share."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Member, OutboxMessage, Resource
from booking.permissions import Actor


def acting(member: Member, **more: object) -> Actor:
    """The member as somebody who does something."""
    return Actor(member.id, member.name, member.email, **more)  # type: ignore[arg-type]


def managing(member: Member, *rooms: Resource) -> Actor:
    """The member as manager of these."""
    return acting(member, manages=frozenset(("resource", room.id) for room in rooms))


def states(session: Session) -> list[str]:
    """How each message stands, in order."""
    return list(session.scalars(select(OutboxMessage.state).order_by(OutboxMessage.id)))
