"""Turns what services tell into what pages show: times, days, states and rooms, ready as words."""

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import url_for

from booking import wording
from booking.core.localtime import iso_week, last_day, local_day
from booking.core.timespan import TimeSpan
from booking.http.display import starts_in
from booking.http.language import language
from booking.http.words import gettext as _
from booking.http.words import ngettext
from booking.services.catalogue import ResourceCard
from booking.services.mine import Mine
from booking.web.features import feature_items, place_text, seats_text
from booking.web.forms import MANY

Button = tuple[str, str, str]
SOON = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class RoomView:
    """A resource as a card shows it."""

    name: str
    href: str
    code: str
    seats_text: str
    place: str
    features: list[tuple[str, str]]
    why: str = ""
    note: str = ""
    buttons: list[Button] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BookingView:
    """A booking as a card or a line of the agenda shows it."""

    title: str
    href: str
    when: str
    time: str
    iso: str
    week: str
    soon: str
    place: str
    state_kind: str
    state_words: str
    people_text: str
    again: str
    change: str
    buttons: list[Button] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DayOfMine:
    """One day of one's own bookings."""

    heading: str
    week: str
    iso: str
    items: list[BookingView]


def room_view(card: ResourceCard, *, why: str = "", note: str = "", buttons: list[Button] | None = None) -> RoomView:
    """The card of a resource."""
    return RoomView(
        name=card.name,
        href=url_for("resources.page", slug=card.slug),
        code=card.code,
        seats_text=seats_text(card),
        place=place_text(card),
        features=feature_items(card),
        why=why,
        note=note,
        buttons=buttons or [],
    )


def when(span: TimeSpan, zone: ZoneInfo) -> str:
    """Tuesday 24 November 2026, 10:00–11:00."""
    return wording.when(span, language(), zone)


def clock_span(span: TimeSpan, zone: ZoneInfo) -> str:
    """10:00–11:00; with days when it spans more than one."""
    if local_day(span.starts_at, zone) != last_day(span, zone):
        return wording.when_compact(span, language(), zone)
    return wording.when_compact(span, language(), zone).rpartition(" ")[2]


def week_text(day: date) -> str:
    """Week 48."""
    return _("Week %(number)s", number=iso_week(day)[1])


def day_text(day: date, today: date) -> str:
    """Today, tomorrow, or the day in full."""
    near = {today: _("today"), today + timedelta(days=1): _("tomorrow")}
    return str(near.get(day) or wording.day_text(day, language()))


def sentence_case(text: str) -> str:
    """The same with a capital first."""
    return text[:1].upper() + text[1:]


def state_view(mine: Mine, now: datetime) -> tuple[str, str]:
    """The look and the words of a booking's state."""
    if mine.state == "requested":
        return ("waiting", _("Awaiting approval")) if mine.span.ends_at > now else ("past", _("Never answered"))
    if mine.state == "applied":
        return ("waiting", _("Asked for")) if mine.span.starts_at > now else ("past", _("Never answered"))
    if mine.state == "confirmed":
        if mine.span.ends_at <= now:
            return "past", _("Been")
        return ("ok", _("Running now")) if mine.span.starts_at <= now else ("ok", _("Confirmed"))
    words = {"cancelled": _("Cancelled"), "declined": _("Declined"), "expired": _("Expired")}
    return "cancelled", words[mine.state]


def title_of(mine: Mine) -> str:
    """The title, or the resources when nobody gave one."""
    return mine.title or names_of(mine)


def names_of(mine: Mine) -> str:
    """The resources by name, and how many of a pool."""
    return ", ".join(things_of(mine))


def things_of(mine: Mine) -> list[str]:
    """Each resource by name, with a number where it holds more than one of a pool."""
    return [
        _("%(number)s × %(resource)s", number=number, resource=card.name) if number > 1 else card.name
        for card, number in zip(mine.cards, mine.quantities, strict=True)
    ]


def booking_view(mine: Mine, now: datetime, held: Container[str] = ()) -> BookingView:
    """The card of a booking; `held` names those that are on hold."""
    kind, words = ("refused", _("On hold")) if mine.public_id in held else state_view(mine, now)
    series = _("in a series") if mine.in_series else ""
    place = ", ".join(filter(None, ("" if not mine.title else names_of(mine), place_text(mine.cards[0]), series)))
    return BookingView(
        title=title_of(mine),
        href=url_for("bookings.page", public_id=mine.public_id),
        when=sentence_case(when(mine.span, mine.zone)),
        time=clock_span(mine.span, mine.zone),
        iso=mine.span.starts_at.astimezone(mine.zone).isoformat(),
        week=week_text(local_day(mine.span.starts_at, mine.zone)),
        soon=starts_in(mine.span.starts_at) if _is_soon(mine, now) else "",
        place=place,
        state_kind=kind,
        state_words=words,
        people_text=people_text(mine.people),
        again=again_address(mine),
        change=url_for("bookings.change_form", public_id=mine.public_id),
        buttons=[_next_step(mine, now)],
    )


def _is_soon(mine: Mine, now: datetime) -> bool:
    return mine.state in ("requested", "confirmed") and timedelta() < mine.span.starts_at - now < SOON


def _next_step(mine: Mine, now: datetime) -> Button:
    """What one most likely wants with a booking in a list: to change what lies ahead, to book again what has been."""
    about = {"title": title_of(mine), "when": wording.when_compact(mine.span, language(), mine.zone)}
    if mine.state in ("requested", "confirmed") and mine.span.ends_at > now:
        address = url_for("bookings.change_form", public_id=mine.public_id)
        return address, _("Change"), _("Change %(title)s, %(when)s", **about)
    return again_address(mine), _("Book again"), _("Book again: %(title)s, %(when)s", **about)


def people_text(people: int | None) -> str:
    """8 people; nothing when nobody said how many."""
    return str(ngettext("%(num)s person", "%(num)s people", people)) if people else ""


def again_address(mine: Mine) -> str:
    """The booking form, filled in with the same a week later by the clock on the wall."""
    starts, ends = (at.astimezone(mine.zone) + timedelta(days=7) for at in (mine.span.starts_at, mine.span.ends_at))
    same_day = starts.date() == ends.date()
    kit = [("with", card.slug) for card in mine.cards[1:]]
    many = zip(mine.cards, mine.quantities, strict=True)
    kit += [(f"{MANY}{card.slug}", str(number)) for card, number in many if number > 1 and card in mine.cards[1:]]
    address = url_for(
        "bookings.new",
        slug=mine.cards[0].slug,
        date=starts.date().isoformat(),
        start=f"{starts:%H:%M}",
        end=f"{ends:%H:%M}",
        end_date=None if same_day else ends.date().isoformat(),
        title=mine.title or None,
        people=mine.people,
        organisation=mine.organisation_key or None,
        visibility=mine.visibility,
        quantity=mine.quantities[0] if mine.quantities[0] > 1 else None,
    )
    return f"{address}&{urlencode(kit)}" if kit else address


def by_day(bookings: list[Mine], now: datetime, held: Container[str] = ()) -> list[DayOfMine]:
    """Bookings in the order given, under the days they begin on."""
    days = []
    for day, items in groupby(bookings, key=lambda each: local_day(each.span.starts_at, each.zone)):
        listed = list(items)
        today = local_day(now, listed[0].zone)
        heading = sentence_case(day_text(day, today))
        views = [booking_view(each, now, held) for each in listed]
        days.append(DayOfMine(heading, week_text(day), day.isoformat(), views))
    return days
