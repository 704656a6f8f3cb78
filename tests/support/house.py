"""A small house for the tests of what members do: three rooms, a pool of desks, hours and limits; a Monday morning."""

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from booking.db import Base, db, writing
from booking.models import Booking, Member, MemberGroup, MemberGroupEntry, Organisation, Resource, RuleSetting, Site
from tests.factories import LONG_AGO, a_booking, a_category, a_room, a_site
from tests.support.people import page_token, two_organisations

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)  # a Monday, ten o'clock in Oslo
TUESDAY = "2027-03-02"
WEEKDAYS = [{"weekday": day, "opens": "07:00", "closes": "22:00"} for day in range(5)]
LIMITS = {"R10": {"windows": WEEKDAYS}, "R11": {"public_holidays": "NO"}, "R18": {"days": 90}, "R21": {"minutes": 240}}


@dataclass(frozen=True, slots=True)
class House:
    """Everybody's public ids by name, and the application."""

    app: Flask
    people: dict[str, str]
    organisations: dict[str, str]

    def book(self, who: str, slug: str, at: str, *, of: str = "", **about: object) -> str:
        """A booking as it stands, for an organisation when one is named; its public id."""
        with self.app.app_context(), writing() as session:
            about["organisation_id"] = session.scalar(select(Organisation.id).where(Organisation.name == of))
            member = session.scalar(select(Member).where(Member.name == who))
            room = session.scalar(select(Resource).where(Resource.slug == slug))
            return a_booking(session, on=room, member=member, at=at, **about).public_id

    def bookings(self) -> list[tuple[str, str, str]]:
        """Each booking's state, title and start."""
        with self.app.app_context():
            rows = db.session.scalars(select(Booking).order_by(Booking.id))
            return [(row.state, row.title, f"{row.starts_at:%Y-%m-%d %H:%M}") for row in rows]

    def counted(self) -> dict[str, int]:
        """How many rows each table has."""
        with self.app.app_context():
            tables = Base.metadata.sorted_tables
            return {table.name: db.session.scalar(select(func.count()).select_from(table)) for table in tables}


def furnish(app: Flask) -> House:
    """Kari's and Ola's rooms: Sluppen (4), Øya (10), a hall that needs approval, a lab for a few, and desks."""
    people = two_organisations(app)
    with app.app_context(), writing() as session:
        site = a_site(session, slug="holtermanns-veg", name="Holtermanns veg")
        rooms = a_category(session, slug="moterom")
        common = {"site": site, "category_id": rooms.id, "contact": "leder@example.invalid"}
        a_room(session, slug="sluppen", name="Sluppen", code="SLU", seats=4, features=["screen", "step_free"], **common)
        a_room(session, slug="oya", name="Øya", code="ØYA", seats=10, features=["video"], **common)
        hall = a_room(session, slug="salen", name="Salen", seats=60, **common)
        lab = a_room(session, slug="laben", name="Laben", seats=4, **common)
        common["category_id"] = a_category(session, slug="pulter", names={"nb": "Pulter", "en": "Desks"}).id
        a_room(session, slug="pulter", name="Pulter", units=3, is_pool=True, seats=None, **common)
        _rules(session, site, hall, lab)
    return House(app, people, _organisations(app))


def _rules(session: Session, site: Site, hall: Resource, lab: Resource) -> None:
    for rule, params in LIMITS.items():
        set_rule(session, "site", site.id, rule, params)
    set_rule(session, "resource", hall.id, "R06", {"before_minutes": 60, "after_minutes": 30})
    set_rule(session, "resource", hall.id, "R21", {"minutes": 120}, weight="needs_approval")
    group = MemberGroup(name="Lab users")
    session.add(group)
    session.flush()
    ola = session.scalar(select(Member.id).where(Member.name == "Ola"))
    session.add(MemberGroupEntry(group_id=group.id, member_id=ola))
    set_rule(session, "resource", lab.id, "R30", {"groups": [group.id]})


def set_rule(
    session: Session, kind: str, scope_id: int, rule: str, params: dict[str, object], weight: str | None = None
) -> None:
    """One setting that has been valid for long."""
    row = RuleSetting(scope_kind=kind, scope_id=scope_id, rule=rule, params=params, weight=weight)
    row.valid_from = row.set_at = LONG_AGO
    session.add(row)


def _organisations(app: Flask) -> dict[str, str]:
    with app.app_context():
        return {row.name: row.public_id for row in db.session.scalars(select(Organisation))}


def codes(page: TestResponse) -> list[str]:
    """The reasons a page gives, as their codes."""
    return re.findall(r'data-code="([^"]+)"', page.text)


def choices(page: TestResponse) -> list[dict[str, str]]:
    """The ways out a page offers: what is said aloud, where it is sent, and what is sent."""
    found = re.findall(r'<button class="alternative"([^>]*)>', page.text)
    return [{name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)} for tag in found]


def fields(page: TestResponse, form: str = "booking-form") -> dict[str, str]:
    """What a browser would send of a form: hidden fields, inputs, ticked radios and chosen options."""
    body = re.search(rf'<form[^>]*id="{form}".*?</form>', page.text, re.DOTALL)
    assert body, page.text[:3000]
    sent = {}
    for tag in re.findall(r"<input[^>]*>", body[0]):
        about = {name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if about.get("type") not in ("radio", "checkbox") or " checked" in tag:
            sent[about["name"]] = about.get("value", "")
    for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', body[0], re.DOTALL):
        listed = re.findall(r'<option value="([^"]*)"( selected)?', options)
        sent[name] = html.unescape(next((value for value, chosen in listed if chosen), listed[0][0]))
    return sent


__all__ = ["NOW", "TUESDAY", "House", "choices", "codes", "fields", "furnish", "page_token"]
