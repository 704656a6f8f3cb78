"""Reads who has which qualification, what asks for it, and how to get it: for the member, and for whoever grants."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from booking.core.localtime import local_day
from booking.models import Member, Qualification, QualificationGrant, Site
from booking.services import courses, settings
from booking.services.actors import HOME_ZONE
from booking.services.catalogue import ResourceCard, norwegian, resources
from booking.services.competence import RULE, required
from booking.services.courses import CourseLine

SOON = timedelta(days=30)


class Standing(StrEnum):
    """How a qualification stands with somebody today."""

    VALID = "valid"
    SOON = "soon"  # runs out within a month
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Own:
    """A qualification as one member meets it; the days are of the grant that lasts longest."""

    key: str
    name: str
    is_safety: bool
    description: str
    contact: str
    site: str
    standing: Standing
    granted_on: date | None
    expires_on: date | None
    needed_for: tuple[str, ...]
    courses: tuple[CourseLine, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """One grant as those who grant see it."""

    key: str
    name: str
    email: str
    standing: Standing
    granted_on: date
    expires_on: date | None
    level: str
    granted_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A qualification in the list of those who grant."""

    key: str
    name: str
    is_safety: bool
    months: int | None
    site: str
    holders: int
    ending: int
    needed_for: tuple[str, ...]
    next_course: CourseLine | None


def own_qualifications(session: Session, now: datetime, member_id: int) -> list[Own]:
    """Every qualification there is, with what the member has of it; those they have come first."""
    asking = who_asks(session, now)
    ahead = courses.coming(session, now, member_id)
    grants: dict[int, list[QualificationGrant]] = {}
    query = select(QualificationGrant).where(QualificationGrant.member_id == member_id)
    for held in session.scalars(query.where(QualificationGrant.withdrawn_at.is_(None))):
        grants.setdefault(held.qualification_id, []).append(held)
    rows = session.execute(select(Qualification, Site).join(Site, Site.id == Qualification.site_id)).all()
    found = [_own(row, site, now, grants.get(row.id, []), asking.get(row.id, ()), ahead) for row, site in rows]
    return sorted(found, key=lambda each: (each.standing is Standing.NONE, norwegian(each.name)))


def _own(
    row: Qualification,
    site: Site,
    now: datetime,
    grants: list[QualificationGrant],
    asking: Iterable[ResourceCard],
    ahead: list[CourseLine],
) -> Own:
    today = local_day(now, ZoneInfo(site.timezone))
    longest = max(grants, key=lambda each: each.expires_on or date.max, default=None)
    return Own(
        key=row.public_id,
        name=row.name,
        is_safety=row.is_safety,
        description=row.description,
        contact=row.contact,
        site=site.name,
        standing=_standing(longest, today) if longest else Standing.NONE,
        granted_on=longest.granted_on if longest else None,
        expires_on=longest.expires_on if longest else None,
        needed_for=tuple(card.name for card in asking),
        courses=tuple(each for each in ahead if each.qualification_key == row.public_id),
    )


def ending_soon(session: Session, now: datetime, member_id: int) -> list[Own]:
    """What the member has and something asks for that runs out within a month, or has run out."""
    soon = select(QualificationGrant.id).where(
        QualificationGrant.member_id == member_id,
        QualificationGrant.withdrawn_at.is_(None),
        QualificationGrant.expires_on <= local_day(now + SOON, HOME_ZONE) + timedelta(days=1),
    )
    if session.scalar(soon.limit(1)) is None:
        return []
    return [
        each
        for each in own_qualifications(session, now, member_id)
        if each.needed_for and each.standing in (Standing.SOON, Standing.ENDED)
    ]


def kept(session: Session, now: datetime, site_ids: Collection[int]) -> list[Kept]:
    """The qualifications of these sites, by site and name."""
    asking = who_asks(session, now)
    query = select(Qualification, Site).join(Site, Site.id == Qualification.site_id)
    rows = session.execute(query.where(Site.id.in_(sorted(site_ids)))).all()
    found = []
    for row, site in sorted(rows, key=lambda pair: (norwegian(pair[1].name), norwegian(pair[0].name))):
        held = [each for each in holders(session, now, row) if each.standing in (Standing.VALID, Standing.SOON)]
        ahead = courses.coming(session, now, 0, of=row.id)
        found.append(
            Kept(
                row.public_id, row.name, row.is_safety, row.months, site.name, len({each.email for each in held}),
                len({each.email for each in held if each.standing is Standing.SOON}),
                tuple(card.name for card in asking.get(row.id, ())), ahead[0] if ahead else None,
            )
        )  # fmt: skip
    return found


def holders(session: Session, now: datetime, row: Qualification) -> list[Holder]:
    """Every grant of it: what counts first, by name; then what has ended or was withdrawn."""
    by = aliased(Member)
    zone = session.scalar(select(Site.timezone).where(Site.id == row.site_id)) or "UTC"
    today = local_day(now, ZoneInfo(zone))
    rows = session.execute(
        select(QualificationGrant, Member.name, Member.email, by.name)
        .join(Member, Member.id == QualificationGrant.member_id)
        .outerjoin(by, by.id == QualificationGrant.granted_by_id)
        .where(QualificationGrant.qualification_id == row.id)
        .order_by(QualificationGrant.id.desc())
    )
    found = [
        Holder(
            held.public_id, name, email, _standing(held, today), held.granted_on, held.expires_on, held.level,
            granted_by or "", held.reason or "",
        )
        for held, name, email, granted_by in rows
    ]  # fmt: skip
    over = (Standing.ENDED, Standing.WITHDRAWN)
    return sorted(found, key=lambda each: (each.standing in over, norwegian(each.name)))


def who_asks(session: Session, now: datetime) -> dict[int, tuple[ResourceCard, ...]]:
    """The resources that ask for each qualification."""
    rows = settings.by_scope(row for row in settings.all_rows_at(session, now) if row.rule == RULE)
    found: dict[int, tuple[ResourceCard, ...]] = {}
    for card in resources(session) if rows else ():
        for part in required(settings.counting(card, rows)):
            for id_ in (*part.all_of, *part.any_of):
                found[id_] = tuple(dict.fromkeys((*found.get(id_, ()), card)))
    return found


def _standing(held: QualificationGrant, today: date) -> Standing:
    if held.withdrawn_at is not None:
        return Standing.WITHDRAWN
    if held.expires_on is None or today + SOON < held.expires_on:
        return Standing.VALID
    return Standing.SOON if today <= held.expires_on else Standing.ENDED


__all__ = ["Holder", "Kept", "Own", "Standing", "ending_soon", "holders", "kept", "own_qualifications", "who_asks"]
