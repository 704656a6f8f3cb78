"""The calendars elsewhere that a resource minds, as its managers keep them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput, NotFound
from booking.core.web_address import WebAddress
from booking.ical.bounds import MOST_OCTETS
from booking.models import ExternalBusy, ExternalCalendar
from booking.models.ids import new_public_id
from booking.permissions import Actor, require
from booking.services import journal
from booking.services.catalogue import ResourceCard
from booking.services.locks import lock
from booking.services.outages_known import reached_by

MOST_NAME = 80
MOST_CALENDARS = 10


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """One of them as its managers see it: `source` is the masked address, and empty where files are uploaded.

    `waits` is whether it is to be read at once; `ahead` counts the times it takes from now on.
    """

    public_id: str
    name: str
    source: str
    tentative_blocks: bool
    added_at: datetime
    succeeded_at: datetime | None
    failing_since: datetime | None
    failure: Mapping[str, Any] | None
    failures: int
    covers_until: datetime | None
    due_at: datetime | None
    skipped: Mapping[str, int]
    waits: bool
    ahead: int


@dataclass(frozen=True, slots=True)
class CalendarValues:
    """What the form holds; no address and no file leaves the source as it is."""

    name: str
    tentative_blocks: bool
    address: WebAddress | None = None
    upload: bytes | None = None


def calendars_of(session: Session, now: datetime, card: ResourceCard) -> list[CalendarLine]:
    """Those of the resource itself, in the order they were added."""
    rows = session.scalars(
        select(ExternalCalendar).where(ExternalCalendar.resource_id == card.id).order_by(ExternalCalendar.id)
    ).all()
    counted = (
        select(ExternalBusy.calendar_id, func.count().label("times"))
        .where(ExternalBusy.resource_id == card.id, ExternalBusy.ends_at > now)
        .group_by(ExternalBusy.calendar_id)
    )
    ahead = {row.calendar_id: row.times for row in session.execute(counted)}
    return [_line(row, now, ahead.get(row.id, 0)) for row in rows]


def calendar_of(session: Session, now: datetime, card: ResourceCard, public_id: str) -> CalendarLine:
    """Raises NotFound, also for a calendar of another resource."""
    found = next((each for each in calendars_of(session, now, card) if each.public_id == public_id), None)
    if found is None:
        raise NotFound(kind="calendar")
    return found


def _line(row: ExternalCalendar, now: datetime, ahead: int) -> CalendarLine:
    return CalendarLine(
        public_id=row.public_id,
        name=row.name,
        source=WebAddress.read(row.address).masked if row.address is not None else "",
        tentative_blocks=row.tentative_blocks,
        added_at=row.added_at,
        succeeded_at=row.succeeded_at,
        failing_since=row.failing_since,
        failure=row.failure,
        failures=row.failures,
        covers_until=row.covers_until,
        due_at=row.due_at,
        skipped=row.skipped,
        waits=row.due_at is not None and row.due_at <= now,
        ahead=ahead,
    )


def add_calendar(session: Session, now: datetime, actor: Actor, card: ResourceCard, values: CalendarValues) -> str:
    """Its public id; it is read by the worker as soon as may be. Raises NotAllowed, InvalidInput."""
    require(actor, "resource.manage", card.place)
    lock(session, resource_ids=[card.id])
    name = _checked(session, card, values, None)
    many = session.scalar(select(func.count()).where(ExternalCalendar.resource_id == card.id)) or 0
    if many >= MOST_CALENDARS:
        raise InvalidInput("name", "calendar.too_many", {"most": MOST_CALENDARS})
    if values.address is None and values.upload is None:
        raise InvalidInput("file", "calendar.no_file")
    row = ExternalCalendar(
        public_id=new_public_id(), resource_id=card.id, name=name, tentative_blocks=values.tentative_blocks,
        failures=0, skipped={}, added_by_id=actor.member_id, added_at=now,
    )  # fmt: skip
    _give_source(row, now, values)
    session.add(row)
    session.flush()
    journal.record(session, now, actor.member_id, "calendar.added", ("resource", card.id), after=_plain(row))
    return row.public_id


def change_calendar(
    session: Session, now: datetime, actor: Actor, card: ResourceCard, public_id: str, values: CalendarValues
) -> None:
    """Another name, source or word about tentative events; what was read last stands until the new source is read.

    Raises NotAllowed, NotFound, InvalidInput.
    """
    row = _locked(session, actor, card, public_id)
    before = _plain(row)
    row.name = _checked(session, card, values, row.id)
    row.tentative_blocks = values.tentative_blocks
    if values.address is not None or values.upload is not None:
        _give_source(row, now, values)
    about = ("resource", card.id)
    journal.record(session, now, actor.member_id, "calendar.changed", about, before=before, after=_plain(row))


def read_now(session: Session, now: datetime, actor: Actor, card: ResourceCard, public_id: str) -> None:
    """Makes it due at once. Raises NotAllowed, NotFound."""
    row = _locked(session, actor, card, public_id)
    if row.address is not None:
        row.due_at = now


def remove_calendar(session: Session, now: datetime, actor: Actor, card: ResourceCard, public_id: str) -> None:
    """Takes it away, and with it all the times that it took. Raises NotAllowed, NotFound."""
    row = _locked(session, actor, card, public_id)
    journal.record(session, now, actor.member_id, "calendar.removed", ("resource", card.id), before=_plain(row))
    session.execute(delete(ExternalBusy).where(ExternalBusy.calendar_id == row.id))
    session.delete(row)
    session.flush()


def _locked(session: Session, actor: Actor, card: ResourceCard, public_id: str) -> ExternalCalendar:
    """The row, under the locks of all units that it reaches. Raises NotAllowed, NotFound."""
    require(actor, "resource.manage", card.place)
    lock(session, resource_ids=reached_by(session, card.id))
    row = session.scalar(
        select(ExternalCalendar)
        .where(ExternalCalendar.resource_id == card.id, ExternalCalendar.public_id == public_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(kind="calendar")
    return row


def _give_source(row: ExternalCalendar, now: datetime, values: CalendarValues) -> None:
    """Whoever is reading the old source finds that the calendar is no longer theirs."""
    row.address = values.address.text if values.address else None
    row.upload = values.upload
    row.etag, row.last_modified, row.claim, row.claimed_until = None, None, None, None
    row.failing_since, row.failure, row.failures = None, None, 0
    row.due_at = now


def _checked(session: Session, card: ResourceCard, values: CalendarValues, own_id: int | None) -> str:
    """The name. Raises InvalidInput."""
    name = " ".join(values.name.split())
    if not name:
        raise InvalidInput("name", "setting.required")
    if len(name) > MOST_NAME:
        raise InvalidInput("name", "input.too_long", {"most": MOST_NAME})
    same = select(ExternalCalendar.id).where(ExternalCalendar.resource_id == card.id, ExternalCalendar.name == name)
    if session.scalar(same) not in (None, own_id):
        raise InvalidInput("name", "name.taken", {"name": name})
    if values.upload is not None and b"BEGIN:VCALENDAR" not in values.upload.upper():
        raise InvalidInput("file", "import.no_calendar" if values.upload else "calendar.no_file")
    if values.upload is not None and len(values.upload) > MOST_OCTETS:
        raise InvalidInput("file", "import.too_large", {"most": MOST_OCTETS // 1_000_000})
    return name


def _plain(row: ExternalCalendar) -> dict[str, Any]:
    """For the journal: the address is a secret, so it only tells that there is one."""
    return {
        "calendar": row.public_id,
        "name": row.name,
        "tentative_blocks": row.tentative_blocks,
        "source": "file" if row.address is None else "address",
    }
