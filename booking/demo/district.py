"""Writes the demo district's places, people and rules as rows."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from booking.core.rules.catalogue import RULE_BY_CODE
from booking.demo.instruments import INSTRUMENTS
from booking.demo.learning import found_learning
from booking.demo.people import ORGANISATIONS, members
from booking.demo.rules import GROUPS, HALF_DAYS, SETTINGS
from booking.demo.safety import ACTIVITIES, DOCUMENTS
from booking.demo.spaces import BUILDINGS, CATEGORIES, SITES, SPACES
from booking.models import (
    Activity,
    Building,
    Category,
    Document,
    DocumentVersion,
    Duty,
    Member,
    MemberGroup,
    MemberGroupEntry,
    Membership,
    Organisation,
    Resource,
    ResourcePart,
    ResourceUnit,
    RuleSetting,
    Site,
    SpecialDay,
    Unit,
)

Ids = dict[tuple[str, str], int]


def found_district(session: Session, now: datetime, password_hash: str) -> None:
    """Everything but the bookings."""
    ids = _places(session)
    _organisations(session, now, ids)
    for plain in (*SPACES, *INSTRUMENTS):
        _resource(session, now, ids, dict(plain))
    _members(session, now, ids, password_hash)
    _safety(session, now, ids)
    _groups(session, ids)
    _rules(session, now, ids)
    found_learning(session, now)


def _places(session: Session) -> Ids:
    ids: Ids = {}
    for site in SITES:
        row = Site(**{"timezone": "Europe/Oslo", "address": "", **site})
        ids["site", site["slug"]] = _added(session, row)
    for building in BUILDINGS:
        site_id = ids["site", building["site"]]
        row_ = Building(site_id=site_id, slug=building["slug"], name=building["name"])
        ids["building", building["slug"]] = _added(session, row_)
    for slug, nb, nn, en in CATEGORIES:
        ids["category", slug] = _added(session, Category(slug=slug, names={"nb": nb, "nn": nn, "en": en}))
    return ids


def _added(session: Session, row: Any) -> int:
    session.add(row)
    session.flush()
    return int(row.id)


def _resource(session: Session, now: datetime, ids: Ids, plain: dict[str, Any]) -> None:
    parts, count = plain.pop("parts", ()), plain.pop("units", 1)
    site, building, category = plain.pop("site"), plain.pop("building", None), plain.pop("category")
    row = Resource(
        **plain,
        site_id=ids["site", site],
        building_id=ids["building", building] if building else None,
        category_id=ids["category", category],
        is_pool=count > 1,
        created_at=now,
    )
    id_ = ids["resource", row.slug] = _added(session, row)
    if parts:
        units = [ids["unit", part] for part in parts]
        session.add_all(ResourcePart(resource_id=id_, part_id=ids["resource", part]) for part in parts)
    else:
        names = [f"{row.name} {n}" for n in range(1, count + 1)] if count > 1 else [row.name]
        units = [_added(session, Unit(name=name)) for name in names]
        ids["unit", row.slug] = units[0]
    session.add_all(ResourceUnit(resource_id=id_, unit_id=unit) for unit in units)
    session.flush()


def _organisations(session: Session, now: datetime, ids: Ids) -> None:
    for slug, name, kind in ORGANISATIONS:
        ids["organisation", slug] = _added(session, Organisation(slug=slug, name=name, kind=kind, created_at=now))


def _members(session: Session, now: datetime, ids: Ids, password_hash: str) -> None:
    for person in members():
        row = Member(
            email=f"{person['email']}@example.invalid",
            name=person["name"],
            password_hash=password_hash,
            site_role=person.get("site_role", "member"),
            detail_level="full",
            is_demo=True,
            created_at=now,
        )
        id_ = _added(session, row)
        session.add_all(
            Membership(member_id=id_, organisation_id=ids["organisation", slug], role=role)
            for slug, role in person["memberships"]
        )
        session.add_all(
            Duty(member_id=id_, scope_kind=kind, scope_id=ids[kind, slug], kind="manager")
            for kind, slug in person.get("duties", ())
        )
    session.flush()


def _safety(session: Session, now: datetime, ids: Ids) -> None:
    """Activities, and documents to accept."""
    for name, level, approval, risk_assessment in ACTIVITIES:
        until = date(now.year + 1, 12, 31) if approval else None
        row = Activity(name=name, level=level, approval=approval, approved_until=until)
        row.risk_assessment, row.assessed_on = risk_assessment, now.date()
        session.add(row)
    for slug, frequency, names, texts, questions in DOCUMENTS:
        ids["document", slug] = _added(session, Document(created_at=now))
        version = DocumentVersion(document_id=ids["document", slug], version=1, frequency=frequency, written_at=now)
        version.names, version.texts, version.questions = names, texts, questions
        session.add(version)
    session.flush()


def _with_ids(params: dict[str, Any], ids: Ids) -> dict[str, Any]:
    """The same with the ids of the resources, groups and documents that it names."""
    if "groups" in params:
        return {**params, "groups": [ids["group", name] for name in params["groups"]]}
    if "documents" in params:
        return {**params, "documents": [ids["document", slug] for slug in params["documents"]]}
    if "needs" not in params:
        return params
    return {**params, "needs": [{**need, "resource": ids["resource", need["resource"]]} for need in params["needs"]]}


def _rules(session: Session, now: datetime, ids: Ids) -> None:
    """All valid from long ago, so that the bookings of past weeks are judged by them too."""
    since = now.replace(year=now.year - 2, day=1)
    for kind, slug, rule, plain, weight in SETTINGS:
        params = _with_ids(plain, ids)
        RULE_BY_CODE[rule].params.read(params)
        session.add(
            RuleSetting(
                scope_kind=kind,
                scope_id=ids[kind, slug],
                rule=rule,
                params=params,
                weight=weight,
                valid_from=since,
                set_at=since,
            )
        )
    for kind, slug, month, day, opens, closes, name in HALF_DAYS:
        for year in (now.year - 1, now.year, now.year + 1):
            windows = [{"opens": opens, "closes": closes}]
            session.add(
                SpecialDay(
                    scope_kind=kind, scope_id=ids[kind, slug], day=date(year, month, day), windows=windows, name=name
                )
            )
    session.flush()


def _groups(session: Session, ids: Ids) -> None:
    for name, role, organisation in GROUPS:
        group_id = ids["group", name] = _added(session, MemberGroup(name=name))
        organisation_id = ids["organisation", organisation] if organisation else None
        session.add(MemberGroupEntry(group_id=group_id, role=role, organisation_id=organisation_id))
    session.flush()
