"""One cell of the timeline: what is seen, what is said aloud, and where it leads."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

from flask import url_for

from booking import wording
from booking.core.timespan import TimeSpan
from booking.http.language import language
from booking.http.words import gettext as _
from booking.services.catalogue import ResourceCard
from booking.services.cells import BEFORE, ELSEWHERE, Cell, CellKind

ROOM_FOR_A_WORD = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class CellView:
    """One stretch, as templates/macros/timeline.html describes it."""

    kind: str
    colspan: int
    label: str
    sub: str
    from_label: str
    to_label: str
    href: str
    ask: str
    ask_pattern: str
    accessible_name: str

    def wider(self, columns: int) -> Self:
        """The same over more columns."""
        return replace(self, colspan=self.colspan + columns)


def cell_view(cell: Cell, card: ResourceCard, zone: ZoneInfo, colspan: int, form: str) -> CellView:
    """The cell in the reader's language; `form` is the address of the resource's booking form."""
    spoken = language()
    patterns = _patterns(spoken)
    starts, ends = wording.clock(cell.span.starts_at, spoken, zone), wording.end_clock(cell.span, spoken, zone)
    label, sub = _words(cell)
    what = label or (_side(cell) if cell.kind is CellKind.BUFFER else _UNSEEN[cell.kind]())
    name = patterns.name % {"what": what, "room": card.name, "start": starts, "end": ends}
    if sub:
        name = f"{name}, {sub}"
    free = cell.kind is CellKind.FREE
    return CellView(
        kind=cell.kind.value,
        colspan=colspan,
        label=label,
        sub=sub,
        from_label=starts,
        to_label=ends,
        href=_href(cell, form, zone),
        ask=patterns.book % {"time": wording.clock(cell.offer.starts_at, spoken, zone)} if free and cell.offer else "",
        ask_pattern=patterns.book % {"time": "{time}"} if free else "",
        accessible_name=name,
    )


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What is said of hundreds of cells, looked up once for a language."""

    name: str
    book: str


@lru_cache
def _patterns(spoken: str) -> _Patterns:  # noqa: ARG001 - `_` speaks the same language
    return _Patterns(_("%(what)s: %(room)s, %(start)s–%(end)s"), _("Book %(time)s"))


def _words(cell: Cell) -> tuple[str, str]:
    """What is seen in the cell, and a second, smaller line."""
    glimpse = cell.glimpse
    if cell.kind is CellKind.FREE:
        if cell.units_free is None:
            return _("Free"), ""
        return _("%(number)s of %(total)s free", number=cell.units_free, total=cell.units), ""
    if glimpse is not None:
        busy = _("Awaiting approval") if cell.kind is CellKind.WAITING else _("Busy")
        via = _("Taken through %(room)s", room=cell.through) if cell.through else ""
        sub = ", ".join(filter(None, (glimpse.organisation if glimpse.title else "", via)))
        return glimpse.title or (_("My booking") if glimpse.is_mine else glimpse.organisation or busy), sub
    if cell.kind is CellKind.TAKEN:
        return (_("Busy elsewhere"), cell.reason) if cell.why == ELSEWHERE else (_("All taken"), "")
    if cell.kind is CellKind.CLOSED:
        return _closed(cell), ""
    if cell.kind is CellKind.OUTAGE:
        return _out_words(cell), cell.reason
    if cell.kind is CellKind.GAP and cell.why == "R16.held":
        return _("Held for %(groups)s", groups=cell.reason) if cell.reason else _("Held for others"), ""
    if cell.kind is CellKind.BUFFER and cell.span.duration >= ROOM_FOR_A_WORD:
        return _side(cell), ""
    if cell.kind is CellKind.GAP and cell.offer is not None:
        return _gap_words(cell), ""
    return "", ""


def _side(cell: Cell) -> str:
    return _("Set-up") if cell.why == BEFORE else _("Clean-up")


def _closed(cell: Cell) -> str:
    if cell.why:
        return _("Not open for booking yet")
    names = cell.names or {}
    return names.get(language()) or names.get("nb") or _("Closed")


def _out_words(cell: Cell) -> str:
    words = {"R12.outage": _("Maintenance"), "R13.safety": _("Closed for safety")}
    return words.get(cell.why or "") or _("Out of service")


def _gap_words(cell: Cell) -> str:
    rule = (cell.why or "").partition(".")[0]
    words = {
        "R08": _("Free, but what it needs is taken"),
        "R17": _("Too late to book"),
        "R18": _("Too far ahead to book yet"),
        "R22": _("Your quota is used up"),
        "R23": _("Your quota is used up"),
        "R24": _("Your quota is used up"),
        "R25": _("Your quota is used up"),
        "R30": _("Not open to you"),
    }
    return words.get(rule) or _("Free, but not to be booked")


_UNSEEN = {
    CellKind.PAST: lambda: _("Past"),
    CellKind.GAP: lambda: _("Free, but too short to book"),
}


def _href(cell: Cell, form: str, zone: ZoneInfo) -> str:
    if cell.glimpse is not None:
        return url_for("bookings.page", public_id=cell.glimpse.public_id) if cell.glimpse.may_open else ""
    return at_time(form, cell.offer, zone) if cell.offer is not None else ""


def form_address(card: ResourceCard) -> str:
    """The booking form."""
    return url_for("bookings.new", slug=card.slug)


def at_time(form: str, offer: TimeSpan, zone: ZoneInfo) -> str:
    """The booking form, filled in with this time. Put together by hand, as a day page holds hundreds of them."""
    starts, ends = offer.starts_at.astimezone(zone), offer.ends_at.astimezone(zone)
    day, last = starts.date(), ends.date()
    more = f"&end_date={last}" if last != day else ""
    return f"{form}?date={day}&start={starts:%H:%M}&end={ends:%H:%M}{more}"
