"""Qualifications of a site: made, granted to one or many, and withdrawn with a reason. Grants are append-only.

Whoever grants or withdraws takes the members' locks first, as a booking does before it is judged. So a booking is
either committed before and looked at here, or judged after by what is true now.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput, NotFound, WrongState
from booking.models import Booking, Member, Qualification, QualificationGrant
from booking.permissions import Actor, Place, require
from booking.services import holds, journal
from booking.services.catalogue import norwegian
from booking.services.locks import lock

LENGTHS = {"name": 120, "contact": 254, "description": 2000, "level": 40, "reason": 500}
MOST_MONTHS = 600


@dataclass(frozen=True, slots=True)
class QualificationValues:
    """What the form about a qualification holds."""

    name: str
    is_safety: bool = False
    months: int | None = None
    description: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class GrantValues:
    """When what is granted counts; without a last day the qualification's own months decide."""

    granted_on: date
    expires_on: date | None = None
    level: str = ""


@dataclass(frozen=True, slots=True)
class Granted:
    """How many got it, and how many had the very same already."""

    new: int
    same: int


def place_of(site_id: int) -> Place:
    """The subject of permissions about a site's qualifications."""
    return Place(frozenset({("site", site_id)}))


def qualification(session: Session, public_id: str) -> Qualification:
    """Raises NotFound."""
    row = session.scalar(select(Qualification).where(Qualification.public_id == public_id))
    if row is None:
        raise NotFound(kind="qualification")
    return row


def of_sites(session: Session, site_ids: Collection[int]) -> list[Qualification]:
    """Those of these sites, by name."""
    rows = session.scalars(select(Qualification).where(Qualification.site_id.in_(sorted(site_ids))))
    return sorted(rows, key=lambda row: norwegian(row.name))


def create_qualification(
    session: Session, now: datetime, actor: Actor, site_id: int, values: QualificationValues
) -> str:
    """The new one's public id. Raises NotAllowed, InvalidInput."""
    require(actor, "resource.manage", place_of(site_id))
    row = Qualification(site_id=site_id, created_at=now, **_checked(session, site_id, values, None))
    session.add(row)
    session.flush()
    subject = ("qualification", row.id)
    journal.record(session, now, actor.member_id, "qualification.created", subject, after=_plain(row))
    return row.public_id


def edit_qualification(
    session: Session, now: datetime, actor: Actor, public_id: str, values: QualificationValues
) -> None:
    """Changes what is said of it; grants keep their days. Raises NotFound, NotAllowed, InvalidInput."""
    row = qualification(session, public_id)
    require(actor, "resource.manage", place_of(row.site_id))
    before = _plain(row)
    for name, value in _checked(session, row.site_id, values, row.id).items():
        setattr(row, name, value)
    if _plain(row) != before:
        subject = ("qualification", row.id)
        journal.record(
            session, now, actor.member_id, "qualification.changed", subject, before=before, after=_plain(row)
        )


def grant(
    session: Session,
    now: datetime,
    actor: Actor,
    public_id: str,
    emails: Iterable[str],
    values: GrantValues,
    *,
    door: str = "form",
) -> Granted:
    """To everybody at these addresses, all or nobody. Raises NotFound, NotAllowed, InvalidInput (who nobody knows)."""
    return grant_to(session, now, actor, public_id, members_at(session, emails), values, door=door)


def grant_to(
    session: Session,
    now: datetime,
    actor: Actor,
    public_id: str,
    member_ids: Collection[int],
    values: GrantValues,
    *,
    door: str = "form",
) -> Granted:
    """The same for members that are known by their ids. Granting the very same once more does nothing."""
    row = qualification(session, public_id)
    require(actor, "resource.manage", place_of(row.site_id))
    until = last_day_of(row, values)
    if until is not None and until < values.granted_on:
        raise InvalidInput("expires_on", "qualification.ends_before_it_begins")
    _require_short("level", values.level)
    _lock(session, member_ids)
    new = [id_ for id_ in sorted(set(member_ids)) if not _has_the_same(session, row.id, id_, values.granted_on, until)]
    for id_ in new:
        held = QualificationGrant(
            qualification_id=row.id, member_id=id_, granted_on=values.granted_on, expires_on=until,
            level=values.level.strip(), granted_by_id=actor.member_id or None, granted_at=now,
        )  # fmt: skip
        session.add(held)
        session.flush()
        _record(session, now, actor, "qualification.granted", held, door)
    holds.refresh(session, now, touching(new), door=door)
    return Granted(len(new), len(set(member_ids)) - len(new))


def granted(session: Session, actor: Actor, public_id: str) -> tuple[QualificationGrant, Qualification, str]:
    """A grant that the actor decides about, of what, and the name of who has it. Raises NotFound, NotAllowed."""
    held = session.scalar(select(QualificationGrant).where(QualificationGrant.public_id == public_id))
    if held is None:
        raise NotFound(kind="grant")
    row = session.get_one(Qualification, held.qualification_id)
    require(actor, "resource.manage", place_of(row.site_id))
    return held, row, session.get_one(Member, held.member_id).name


def withdraw(session: Session, now: datetime, actor: Actor, public_id: str, reason: str) -> int:
    """Takes a grant back; the member's bookings that need it are on hold from now, and how many these are.

    Raises NotFound, NotAllowed, InvalidInput (no reason), WrongState (withdrawn already).
    """
    held, *_rest = granted(session, actor, public_id)
    if not reason.strip():
        raise InvalidInput("reason", "qualification.reason_needed")
    _require_short("reason", reason)
    _lock(session, [held.member_id])
    session.refresh(held)
    if held.withdrawn_at is not None:
        raise WrongState(state="withdrawn")
    held.withdrawn_at, held.withdrawn_by_id, held.reason = now, actor.member_id, reason.strip()
    _record(session, now, actor, "qualification.withdrawn", held, "form")
    return holds.refresh(session, now, touching([held.member_id])).held


def members_at(session: Session, emails: Iterable[str]) -> list[int]:
    """Their ids. Raises InvalidInput with the first address that no member has, or when there is none."""
    wanted = sorted({email.strip().lower() for email in emails if email.strip()})
    if not wanted:
        raise InvalidInput("emails", "setting.required")
    rows = session.execute(select(Member.email, Member.id).where(Member.email.in_(wanted)))
    known = {row.email: row.id for row in rows}
    for email in wanted:
        if email not in known:
            raise InvalidInput("emails", "group.no_such_member", {"email": email})
    return sorted(known.values())


def last_day_of(row: Qualification, values: GrantValues) -> date | None:
    """The last day a grant counts."""
    if values.expires_on is not None or row.months is None:
        return values.expires_on
    return values.granted_on + relativedelta(months=row.months)


def touching(member_ids: Collection[int]) -> ColumnElement[bool]:
    """Bookings that these members hold, or have said to stand beside in."""
    ids = sorted(member_ids)
    return or_(Booking.member_id.in_(ids), Booking.details["supervisor_id"].as_integer().in_(ids))


def _lock(session: Session, member_ids: Collection[int]) -> None:
    """The members, and those whose bookings they supervise."""
    holders = session.scalars(select(Booking.member_id).where(Booking.live, touching(member_ids)))
    lock(session, member_ids={*member_ids, *holders})


def _has_the_same(session: Session, id_: int, member_id: int, granted_on: date, expires_on: date | None) -> bool:
    query = select(QualificationGrant.expires_on).where(
        QualificationGrant.qualification_id == id_,
        QualificationGrant.member_id == member_id,
        QualificationGrant.granted_on == granted_on,
        QualificationGrant.withdrawn_at.is_(None),
    )
    return expires_on in session.scalars(query).all()


def _record(session: Session, now: datetime, actor: Actor, action: str, held: QualificationGrant, door: str) -> None:
    """What the journal holds: days and ids; the reason stands on the grant itself."""
    values = {
        "grant": held.public_id,
        "member_id": held.member_id,
        "granted_on": held.granted_on.isoformat(),
        "expires_on": held.expires_on.isoformat() if held.expires_on else None,
    }
    subject = ("qualification", held.qualification_id)
    journal.record(session, now, actor.member_id or None, action, subject, door=door, after=values)


def _checked(session: Session, site_id: int, values: QualificationValues, own_id: int | None) -> dict[str, object]:
    name = values.name.strip()
    if not name:
        raise InvalidInput("name", "setting.required")
    for field in ("name", "contact", "description"):
        _require_short(field, getattr(values, field))
    if values.months is not None and not 1 <= values.months <= MOST_MONTHS:
        raise InvalidInput("months", "setting.out_of_range", {"least": 1, "most": MOST_MONTHS})
    same = select(Qualification.id).where(Qualification.site_id == site_id, Qualification.name == name)
    if session.scalar(same) not in (None, own_id):
        raise InvalidInput("name", "name.taken", {"name": name})
    texts = {"description": values.description.strip(), "contact": values.contact.strip()}
    return {"name": name, "is_safety": values.is_safety, "months": values.months, **texts}


def _require_short(field: str, text: str) -> None:
    if len(text.strip()) > LENGTHS[field]:
        raise InvalidInput(field, "input.too_long", {"most": LENGTHS[field]})


def _plain(row: Qualification) -> dict[str, object]:
    return {"name": row.name, "is_safety": row.is_safety, "months": row.months, "contact": row.contact}
