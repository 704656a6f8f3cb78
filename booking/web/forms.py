"""The booking form: what was typed, what could be read of it, and what could not; it judges nothing."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Self

from werkzeug.datastructures import MultiDict

from booking.core.details import NO_DETAILS, Details
from booking.core.request import Item, WallSpan
from booking.core.timespan import TimeSpan
from booking.services.catalogue import ResourceCard
from booking.services.wishes import VISIBILITIES, Visitor, Wish
from booking.web.reading import MOST_PEOPLE, clock_field, read_clock, read_day, read_number, read_span_token, read_wall

MANY = "many."
DETAILS = "details."
LONGEST_TITLE = 200
LONGEST_KEY = 64
JOINER = "\u200d"  # joins signs into one, as in pictures of families
FIELDS = ("date", "start", "end", "end_date", "title", "people", "organisation", "visibility", "quantity")
TO_OTHERS = ("message", "visitor_name", "visitor_contact")
HIDDEN = ("key", "seen", "version", "resource", "choice", "start_fold", "end_fold")


@dataclass(frozen=True, slots=True)
class BookingForm:
    """Everything as text, so that a form which comes back shows what was typed. Missing fields are empty.

    `extras` are the slugs of what was ticked to go along, `many` how many of each pool among them.
    """

    date: str = ""
    start: str = ""
    end: str = ""
    end_date: str = ""
    title: str = ""
    people: str = ""
    organisation: str = ""
    visibility: str = ""
    key: str = ""
    seen: str = ""
    version: str = ""
    resource: str = ""
    choice: str = ""
    start_fold: str = ""
    end_fold: str = ""
    message: str = ""
    visitor_name: str = ""
    visitor_contact: str = ""
    quantity: str = ""
    extras: tuple[str, ...] = ()
    many: tuple[tuple[str, str], ...] = ()
    details: tuple[tuple[str, str], ...] = ()  # what some rules ask for, name by name; a name may come again

    @classmethod
    def of(cls, sent: MultiDict[str, str]) -> Self:
        """What was sent. A pressed alternative brings its own resource and time, and keeps the rest."""
        texts = {name: str(sent.get(name, "")) for name in (*FIELDS, *HIDDEN, *TO_OTHERS)}
        many = tuple((name.removeprefix(MANY), text) for name, text in sent.items() if name.startswith(MANY))
        details = tuple(
            (name.removeprefix(DETAILS), text) for name, text in sent.items(multi=True) if name.startswith(DETAILS)
        )
        return cls(**texts, extras=tuple(sent.getlist("with")), many=many, details=details)

    @property
    def details_sent(self) -> MultiDict[str, str]:
        """What some rules ask for, by name."""
        return MultiDict(self.details)

    @property
    def details_hidden(self) -> list[tuple[str, str]]:
        """The same as fields that a later page carries along."""
        return [(DETAILS + name, text) for name, text in self.details]

    def many_of(self, slug: str) -> str:
        """How many of a pool that goes along, as it was typed."""
        return dict(self.many).get(slug, "")

    def at(self, span: TimeSpan, card: ResourceCard) -> Self:
        """The same with the times of a span at a resource."""
        wall = WallSpan.of(span, card.zone)
        return self.on_wall(wall)

    def on_wall(self, wall: WallSpan) -> Self:
        """The same with these wall times. One that ends as the day does, ends at 24:00."""
        last, end = wall.ends.date(), clock_field(wall.ends)
        if wall.ends.time() == time() and last > wall.starts.date():
            last, end = last - timedelta(days=1), "24:00"
        return replace(
            self,
            date=wall.starts.date().isoformat(),
            start=clock_field(wall.starts),
            end=end,
            end_date="" if last == wall.starts.date() else last.isoformat(),
            start_fold=_fold_field(wall.start_fold),
            end_fold=_fold_field(wall.end_fold),
        )

    def ready(self, now: datetime) -> Self:
        """The same with a key of its own, unless it has one, and the instant it is shown."""
        return replace(self, key=self.key or secrets.token_urlsafe(18), seen=now.isoformat())


@dataclass(frozen=True, slots=True)
class Read:
    """What the form says; `errors` names the fields that could not be read."""

    form: BookingForm
    wall: WallSpan | None
    title: str
    people: int | None
    visibility: str
    errors: dict[str, str] = field(default_factory=dict)

    def wish(self, items: tuple[Item, ...], organisation_id: int | None, details: Details = NO_DETAILS) -> Wish:
        """The wish for these resources; only when there are no errors."""
        if self.wall is None:
            raise ValueError("a form with unreadable times makes no wish")
        return Wish(
            items=items,
            wall=self.wall,
            title=self.title,
            people=self.people,
            organisation_id=organisation_id,
            visibility=self.visibility,
            key=plain(self.form.key)[:LONGEST_KEY] or None,
            seen_at=read_instant(self.form.seen),
            visitor=self._visitor(),
            details=details,
        )

    def _visitor(self) -> Visitor | None:
        """The guest it is booked for, when one is named. Raises InvalidInput for half of one."""
        name, contact = plain(self.form.visitor_name), plain(self.form.visitor_contact)
        return Visitor(name, contact) if name or contact else None


def read_form(form: BookingForm) -> Read:
    """Reads every field; errors are codes that `form_words` says in the reader's language."""
    errors: dict[str, str] = {}
    wall = _read_wall_span(form, errors)
    people = read_number(form.people)
    if form.people.strip() and people is None:
        errors["people"] = "people"
    title = plain(form.title)
    if len(title) > LONGEST_TITLE:
        errors["title"] = "title"
    visibility = form.visibility or "organisation"
    if visibility not in VISIBILITIES:
        errors["visibility"] = "visibility"
    return Read(form, wall, title, people, visibility, errors)


def plain(text: str) -> str:
    """One line without control characters or marks that turn the direction of writing."""
    kept = "".join(letter for letter in text if letter.isprintable() or letter.isspace() or letter == JOINER)
    return " ".join(kept.split())


def read_instant(text: str) -> datetime | None:
    """The instant a form was shown; None when it says none."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None


def chosen(token: str) -> tuple[str, TimeSpan] | None:
    """The resource's slug and the span of an alternative that was pressed."""
    slug, _, times = token.partition("@")
    span = read_span_token(times)
    return (slug, span) if slug and span else None


def _read_wall_span(form: BookingForm, errors: dict[str, str]) -> WallSpan | None:
    day = read_day(form.date)
    last = read_day(form.end_date) if form.end_date.strip() else day
    if day is None:
        errors["date"] = "day"
    if form.end_date.strip() and last is None:
        errors["end_date"] = "day"
    for name in ("start", "end"):
        if read_clock(getattr(form, name)) is None:
            errors[name] = "clock" if getattr(form, name).strip() else f"{name}_missing"
    if day is None or last is None or errors.keys() & {"start", "end"}:
        return None
    starts, ends = _walls(form, day, last)
    if starts is None or ends is None:
        return None
    return WallSpan(starts, ends, _fold(form.start_fold), _fold(form.end_fold))


def _walls(form: BookingForm, day: date, last: date) -> tuple[datetime | None, datetime | None]:
    return read_wall(day, form.start), read_wall(last, form.end)


def _fold(text: str) -> int | None:
    return int(text) if text in ("0", "1") else None


def _fold_field(fold: int | None) -> str:
    return "" if fold is None else str(fold)


__all__ = ["LONGEST_TITLE", "MOST_PEOPLE", "BookingForm", "Read", "chosen", "plain", "read_form", "read_instant"]
