"""Activities in laboratories: the containment level each needs, its approval and its risk assessment."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput, NotFound
from booking.core.safety import CONTAINED_FROM
from booking.models import Activity, Booking, BookingItem
from booking.models.ids import new_public_id
from booking.permissions import Actor, require
from booking.services.catalogue import norwegian
from booking.services.saving import Change, saving

LEVELS = (1, 2, 3, 4)
LONGEST = 120


@dataclass(frozen=True, slots=True)
class ActivityValues:
    """What the form about an activity holds."""

    name: str
    level: int
    approval: str = ""
    approved_until: date | None = None
    risk_assessment: str = ""
    assessed_on: date | None = None

    def __post_init__(self) -> None:
        """Raises InvalidInput: from level 2 on there must be an approval, and a day when it ends."""
        if not self.name or len(self.name) > LONGEST:
            raise InvalidInput("name", "name.length", {"longest": LONGEST})
        for field in ("approval", "risk_assessment"):
            if len(getattr(self, field)) > LONGEST:
                raise InvalidInput(field, "input.too_long", {"most": LONGEST})
        if self.level not in LEVELS:
            raise InvalidInput("level", "setting.not_a_choice")
        if self.level >= CONTAINED_FROM and not self.approval:
            raise InvalidInput("approval", "activity.approval")
        if self.level >= CONTAINED_FROM and self.approved_until is None:
            raise InvalidInput("approved_until", "activity.approved_until")


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """An activity as pages show it."""

    id: int
    public_id: str
    values: ActivityValues
    is_retired: bool


def activities(session: Session, *, retired: bool = False) -> list[ActivityLine]:
    """Those in use by name, or all."""
    rows = session.scalars(select(Activity) if retired else select(Activity).where(Activity.retired_at.is_(None)))
    return sorted(map(_line, rows), key=lambda each: (each.is_retired, norwegian(each.values.name)))


def activity(session: Session, public_id: str) -> ActivityLine:
    """Raises NotFound."""
    return _line(_row(session, public_id))


def create_activity(session: Session, now: datetime, actor: Actor, values: ActivityValues) -> str:
    """The new activity's public id. Raises NotAllowed, InvalidInput."""
    require(actor, "site.administer")
    _check_name(session, values.name, None)
    row = Activity(public_id=new_public_id(), **asdict(values))
    session.add(row)
    session.flush()
    with saving(session, now, actor, "activity.created", ("activity", row.id), ()) as change:
        change.after = _plain(values)
    return row.public_id


def edit_activity(session: Session, now: datetime, actor: Actor, public_id: str, values: ActivityValues) -> Change:
    """Changes it, and says which bookings no longer fit. Raises NotAllowed, NotFound, InvalidInput."""
    require(actor, "site.administer")
    row = _row(session, public_id)
    _check_name(session, values.name, row.id)
    reached = resources_with_details(session, now)
    with saving(session, now, actor, "activity.changed", ("activity", row.id), reached) as change:
        change.before, change.after = _plain(_line(row).values), _plain(values)
        for name, value in asdict(values).items():
            setattr(row, name, value)
    return change


def retire_activity(session: Session, now: datetime, actor: Actor, public_id: str, *, retired: bool) -> None:
    """Takes it off the list that members choose from, or puts it back. Raises NotAllowed, NotFound."""
    require(actor, "site.administer")
    row = _row(session, public_id)
    action = "activity.retired" if retired else "activity.restored"
    with saving(session, now, actor, action, ("activity", row.id), ()) as change:
        change.after = {"retired": retired}
        row.retired_at = now if retired else None


def resources_with_details(session: Session, now: datetime) -> Iterable[int]:
    """The resources of bookings ahead that name an activity, a buddy or the like."""
    return session.scalars(
        select(BookingItem.resource_id)
        .join(Booking, Booking.id == BookingItem.booking_id)
        .where(Booking.live, Booking.ends_at > now, Booking.details.is_not(None))
        .distinct()
    ).all()


def _row(session: Session, public_id: str) -> Activity:
    row = session.scalar(select(Activity).where(Activity.public_id == public_id))
    if row is None:
        raise NotFound(kind="activity")
    return row


def _line(row: Activity) -> ActivityLine:
    values = ActivityValues(row.name, row.level, row.approval, row.approved_until, row.risk_assessment, row.assessed_on)
    return ActivityLine(row.id, row.public_id, values, row.retired_at is not None)


def _check_name(session: Session, name: str, own_id: int | None) -> None:
    taken = session.scalar(select(Activity.id).where(Activity.name == name))
    if taken is not None and taken != own_id:
        raise InvalidInput("name", "name.taken", {"name": name})


def _plain(values: ActivityValues) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(values).items()}
