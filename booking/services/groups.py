"""Groups that rules speak of: named sets of organisations, roles and members. Site admins keep them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput, NotFound
from booking.models import Member, MemberGroup, MemberGroupEntry, Organisation, OrganisationRole, RuleSetting
from booking.models.ids import new_public_id
from booking.permissions import Actor, ScopeKey, require
from booking.services.catalogue import norwegian
from booking.services.saving import Change, saving
from booking.services.scopes import district

MOST_NAME = 80
ROLES = tuple(role.value for role in OrganisationRole)


@dataclass(frozen=True, slots=True)
class GroupValues:
    """What the form about a group holds."""

    name: str
    organisation_ids: frozenset[int] = frozenset()
    roles: frozenset[str] = frozenset()
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A group with everything it names; `mixed` counts entries for a role within one organisation, kept as they are."""

    id: int
    public_id: str
    name: str
    organisations: tuple[str, ...]
    values: GroupValues
    mixed: int
    scopes: tuple[ScopeKey, ...] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """An organisation a group can name."""

    id: int
    name: str


def groups(session: Session) -> list[Group]:
    """Every group by name, and where rules speak of it now."""
    entries: dict[int, list[MemberGroupEntry]] = {}
    for entry in session.scalars(select(MemberGroupEntry).order_by(MemberGroupEntry.id)):
        entries.setdefault(entry.group_id, []).append(entry)
    names = {each.id: each.name for each in organisations(session)}
    emails = {row.id: row.email for row in session.execute(select(Member.id, Member.email).join(MemberGroupEntry))}
    spoken = _spoken_of(session)
    found = [
        _group(row, entries.get(row.id, []), names, emails, spoken.get(row.id, ()))
        for row in session.scalars(select(MemberGroup))
    ]
    return sorted(found, key=lambda group: norwegian(group.name))


def group(session: Session, public_id: str) -> Group:
    """Raises NotFound."""
    found = next((each for each in groups(session) if each.public_id == public_id), None)
    if found is None:
        raise NotFound(kind="group")
    return found


def organisations(session: Session) -> list[Choice]:
    """Those that have not left, by name."""
    rows = session.execute(select(Organisation.id, Organisation.name).where(Organisation.state != "left"))
    return sorted((Choice(id_, name) for id_, name in rows), key=lambda each: norwegian(each.name))


def create_group(session: Session, now: datetime, actor: Actor, values: GroupValues) -> str:
    """The new group's public id. Raises NotAllowed, InvalidInput."""
    require(actor, "site.administer")
    row = MemberGroup(public_id=new_public_id(), name=_checked_name(session, values.name, None))
    member_ids = _members(session, values.emails)
    session.add(row)
    session.flush()
    with saving(session, now, actor, "group.created", ("group", row.id), ()) as change:
        _write_entries(session, row.id, values, member_ids)
        change.after = _plain(values, member_ids)
    return row.public_id


def edit_group(session: Session, now: datetime, actor: Actor, public_id: str, values: GroupValues) -> Change:
    """Names others. Every resource whose rules speak of the group is locked and looked at again.

    Raises NotAllowed, NotFound, InvalidInput.
    """
    require(actor, "site.administer")
    before = group(session, public_id)
    name = _checked_name(session, values.name, before.id)
    member_ids = _members(session, values.emails)
    with saving(session, now, actor, "group.changed", ("group", before.id), reached_by(session, before)) as change:
        row = session.get_one(MemberGroup, before.id)
        row.name = name
        plain = (MemberGroupEntry.organisation_id.is_(None)) | (MemberGroupEntry.role.is_(None))
        session.execute(delete(MemberGroupEntry).where(MemberGroupEntry.group_id == before.id, plain))
        _write_entries(session, before.id, values, member_ids)
        change.before = _plain(before.values, _members(session, before.values.emails))
        change.after = _plain(values, member_ids)
    return change


def reached_by(session: Session, found: Group) -> frozenset[int]:
    """The resources whose rules speak of the group."""
    all_ = district(session)
    return frozenset(id_ for kind, scope_id in found.scopes for id_ in all_.where(kind, scope_id).resource_ids)


def _spoken_of(session: Session) -> dict[int, tuple[ScopeKey, ...]]:
    """Where each group is asked for, or granted something."""
    found: dict[int, tuple[ScopeKey, ...]] = {}
    for row in session.scalars(select(RuleSetting).where(RuleSetting.valid_to.is_(None)).order_by(RuleSetting.id)):
        asked = row.params.get("groups", ()) if row.rule == "R30" else ()
        for id_ in {*asked, *([row.group_id] if row.group_id is not None else [])}:
            found[id_] = tuple(dict.fromkeys((*found.get(id_, ()), (row.scope_kind, row.scope_id))))
    return found


def _group(
    row: MemberGroup,
    entries: list[MemberGroupEntry],
    names: dict[int, str],
    emails: dict[int, str],
    scopes: tuple[ScopeKey, ...],
) -> Group:
    plain = [entry for entry in entries if entry.organisation_id is None or entry.role is None]
    organisation_ids = frozenset(entry.organisation_id for entry in plain if entry.organisation_id is not None)
    roles = frozenset(entry.role for entry in plain if entry.role is not None and entry.member_id is None)
    named = tuple(emails[entry.member_id] for entry in plain if entry.member_id is not None)
    shown = tuple(sorted((names.get(id_, "") for id_ in organisation_ids), key=norwegian))
    values = GroupValues(row.name, organisation_ids, roles, tuple(sorted(named)))
    return Group(row.id, row.public_id, row.name, shown, values, len(entries) - len(plain), scopes)


def _checked_name(session: Session, name: str, own_id: int | None) -> str:
    if not name.strip():
        raise InvalidInput("name", "setting.required")
    if len(name) > MOST_NAME:
        raise InvalidInput("name", "input.too_long", {"most": MOST_NAME})
    same = session.scalar(select(MemberGroup.id).where(MemberGroup.name == name.strip()))
    if same is not None and same != own_id:
        raise InvalidInput("name", "group.name_taken")
    return name.strip()


def _members(session: Session, emails: Iterable[str]) -> list[int]:
    """Their ids. Raises InvalidInput with the first address that no member has."""
    wanted = sorted({email.strip().lower() for email in emails if email.strip()})
    found = session.execute(select(Member.email, Member.id).where(Member.email.in_(wanted)))
    known = {row.email: row.id for row in found}
    for email in wanted:
        if email not in known:
            raise InvalidInput("emails", "group.no_such_member", {"email": email})
    return sorted(known.values())


def _write_entries(session: Session, group_id: int, values: GroupValues, member_ids: list[int]) -> None:
    known = set(session.scalars(select(Organisation.id)))
    if values.organisation_ids - known:
        raise InvalidInput("organisations", "setting.not_a_choice")
    if values.roles - set(ROLES):
        raise InvalidInput("roles", "setting.not_a_choice")
    session.add_all(MemberGroupEntry(group_id=group_id, organisation_id=id_) for id_ in sorted(values.organisation_ids))
    session.add_all(MemberGroupEntry(group_id=group_id, role=role) for role in sorted(values.roles))
    session.add_all(MemberGroupEntry(group_id=group_id, member_id=id_) for id_ in member_ids)


def _plain(values: GroupValues, member_ids: list[int]) -> dict[str, Any]:
    """For the journal: ids and words, no addresses."""
    return {
        "name": values.name.strip(),
        "organisations": sorted(values.organisation_ids),
        "roles": sorted(values.roles),
        "members": member_ids,
    }
