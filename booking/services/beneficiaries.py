"""Reads whom bookings are for, as the rules see them: whether they are active, where they belong, in which groups."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from booking.core.facts import MemberFacts, MembershipFacts
from booking.models import Member, MemberGroup, MemberGroupEntry, Membership, Organisation
from booking.services.actors import is_active, local_today

NOBODY = MemberFacts(id=0)

# Built once, and on tables: building a statement costs more than running it, and these run for every request.
member, membership, organisation = Member.__table__, Membership.__table__, Organisation.__table__
group, entry = MemberGroup.__table__, MemberGroupEntry.__table__
MEMBERS = (
    select(member.c.id, member.c.ends_on, member.c.deactivated_at)
    .add_columns(membership.c.organisation_id, membership.c.role, membership.c.ends_on.label("membership_ends_on"))
    .add_columns(organisation.c.state, organisation.c.ends_on.label("organisation_ends_on"))
    .select_from(
        member.outerjoin(membership, membership.c.member_id == member.c.id).outerjoin(
            organisation, organisation.c.id == membership.c.organisation_id
        )
    )
    .where(member.c.id.in_(bindparam("members", expanding=True)))
    .order_by(member.c.id, membership.c.organisation_id)
)
GROUPS = (
    select(group.c.id.label("group_id"), group.c.name)
    .add_columns(entry.c.organisation_id, entry.c.role, entry.c.member_id)
    .select_from(group.outerjoin(entry, entry.c.group_id == group.c.id))
)


def member_facts(
    session: Session, now: datetime, member_id: int | None, groups: Sequence[Any] | None = None
) -> MemberFacts:
    """The beneficiary as the rules see them; nobody in particular for None."""
    if member_id is None:
        return NOBODY
    return members_facts(session, now, [member_id], groups).get(member_id, NOBODY)


def members_facts(
    session: Session, now: datetime, member_ids: Iterable[int], groups: Sequence[Any] | None = None
) -> dict[int, MemberFacts]:
    """The same for many at once; ids that do not exist are left out. Whoever has read the groups passes them on."""
    entries, today = groups_known(session) if groups is None else groups, local_today(now)
    rows: dict[int, list[Any]] = {}
    for row in session.execute(MEMBERS, {"members": sorted(set(member_ids))}):
        rows.setdefault(row.id, []).append(row)
    return {id_: _member(of_one, entries, now, today) for id_, of_one in rows.items()}


def _member(rows: list[Any], entries: Sequence[Any], now: datetime, today: date) -> MemberFacts:
    """One member, from a row for each membership."""
    first = rows[0]
    memberships = tuple(_membership(row, today) for row in rows if row.organisation_id is not None)
    groups = _groups(entries, first.id, _lasting(memberships, today))
    return MemberFacts(first.id, is_active(first, now), groups, memberships, first.ends_on)


def _membership(row: Any, today: date) -> MembershipFacts:
    left_on = today - timedelta(days=1) if row.state == "left" else None
    ends = (row.membership_ends_on, row.organisation_ends_on, left_on)
    return MembershipFacts(row.organisation_id, row.role, min((day for day in ends if day is not None), default=None))


def groups_known(session: Session) -> Sequence[Any]:
    """Every group with each of its entries; a group without any has one that names nobody."""
    return session.execute(GROUPS).all()


def _lasting(memberships: tuple[MembershipFacts, ...], today: date) -> tuple[MembershipFacts, ...]:
    """Those that have not ended: only they put somebody in a group."""
    return tuple(each for each in memberships if each.ends_on is None or today <= each.ends_on)


def _groups(entries: Iterable[Any], member_id: int, memberships: tuple[MembershipFacts, ...]) -> frozenset[int]:
    """The groups that name the member, an organisation of theirs, or a role they have."""
    pairs = {(each.organisation_id, each.role) for each in memberships}
    organisations, roles = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}

    def named(entry: Any) -> bool:
        if entry.member_id is not None:
            return bool(entry.member_id == member_id)
        if entry.organisation_id is not None and entry.role is not None:
            return (entry.organisation_id, entry.role) in pairs
        if entry.organisation_id is not None:
            return entry.organisation_id in organisations
        return entry.role is not None and entry.role in roles

    return frozenset(entry.group_id for entry in entries if named(entry))
