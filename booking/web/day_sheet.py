"""The day sheet: one building's day to print and hang up, for whoever prepares the rooms."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from flask import render_template, request, url_for

from booking import clock, wording
from booking.core.localtime import local_day
from booking.core.timespan import TimeSpan
from booking.db import db
from booking.http.access import signed_in, the_actor
from booking.http.language import language
from booking.http.words import gettext as _
from booking.http.words import ngettext
from booking.services.catalogue import resources
from booking.services.day_sheet import House, Line, houses, sheet
from booking.web.display import people_text, sentence_case, week_text
from booking.web.places import common_zone, site_choices
from booking.web.reading import read_day
from booking.web.timeline_view import wall_text


@dataclass(frozen=True, slots=True)
class LineView:
    """One booking in words; `around` is set-up and clean-up."""

    time: str
    iso: str
    around: str
    title: str
    organisation: str
    people: str
    contact: str
    note: str


@dataclass(frozen=True, slots=True)
class RoomLines:
    """One room and its bookings that day."""

    name: str
    code: str
    place: str
    lines: list[LineView]


@signed_in
def show() -> str:
    """One building on one day; each reader sees of the bookings what they may."""
    now, everything = clock.now(), resources(db.session())
    all_houses = houses(db.session(), everything)
    chosen = request.args.get("building", "")
    house = next((each for each in all_houses if each.slug == chosen), all_houses[0] if all_houses else None)
    zone = house.zone if house else common_zone(site_choices(everything))
    day = read_day(request.args.get("date", "")) or local_day(now, zone)
    cards = [card for card in house.cards if card.kind == "space" or card.is_bookable] if house else []
    lines = sheet(db.session(), clock.now(), the_actor(), cards, day, zone)
    booked = {line.card.id for line in lines}
    return render_template(
        "day/sheet.html",
        house=house,
        heading=sentence_case(wording.day_text(day, language())),
        week=week_text(day),
        iso=day.isoformat(),
        rooms=[_room(list(group), zone, day) for _id, group in groupby(lines, key=lambda line: line.card.id)],
        unbooked=[card.name for card in cards if card.id not in booked],
        houses=[(_address(day, each), each.name, each is house) for each in all_houses],
        days=_days(day, local_day(now, zone), house),
        keep=[("building", house.slug)] if house else [],
        day_href=url_for("day.page", date=day.isoformat(), site=house.cards[0].site_slug if house else None),
        printed=_printed(now, zone),
    )


def _room(lines: list[Line], zone: ZoneInfo, day: date) -> RoomLines:
    card = lines[0].card
    return RoomLines(
        card.name,
        card.code,
        _("floor %(floor)s", floor=card.floor) if card.floor else "",
        [_line(line, zone, day) for line in lines],
    )


def _line(line: Line, zone: ZoneInfo, day: date) -> LineView:
    glimpse = line.glimpse
    people = people_text(line.people)
    if line.card.is_pool:
        people = ", ".join(filter(None, (ngettext("%(num)s unit", "%(num)s units", line.quantity), people)))
    return LineView(
        time=_span_text(line.span, zone, day),
        iso=line.span.starts_at.astimezone(zone).isoformat(),
        around=_span_text(line.busy, zone, day) if line.busy != line.span else "",
        title=glimpse.title or _("Booked"),
        organisation=glimpse.organisation,
        people=people,
        contact=", ".join(filter(None, (line.holder, line.contact))),
        note=_("Awaiting approval") if line.is_requested else "",
    )


def _span_text(span: TimeSpan, zone: ZoneInfo, day: date) -> str:
    """Clock times; with days when it begins or ends on another day."""
    last = local_day(span.ends_at - timedelta(microseconds=1), zone)
    if {local_day(span.starts_at, zone), last} != {day}:
        return wording.when_compact(span, language(), zone)
    return f"{wording.clock(span.starts_at, language(), zone)}–{wording.end_clock(span, language(), zone)}"


def _printed(now: datetime, zone: ZoneInfo) -> str:
    today = wording.short_day(local_day(now, zone), language())
    return _("As it was on %(day)s at %(time)s.", day=today, time=wall_text(now, zone))


def _address(day: date, house: House | None) -> str:
    return url_for("day.sheet", date=day.isoformat(), building=house.slug if house else None)


def _days(day: date, today: date, house: House | None) -> dict[str, dict[str, str]]:
    around = {"previous": day - timedelta(days=1), "today": today, "next": day + timedelta(days=1)}
    words = {
        "previous": _("Day before: %(day)s", day=wording.short_day(around["previous"], language())),
        "today": _("Today"),
        "next": _("Day after: %(day)s", day=wording.short_day(around["next"], language())),
    }
    return {name: {"href": _address(each, house), "label": words[name]} for name, each in around.items()}
