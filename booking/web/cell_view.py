"""One cell of the timeline: what is seen, what is said aloud, and where it leads."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Self
from zoneinfo import ZoneInfo

from flask import url_for

from booking import wording
from booking.core.timespan import TimeSpan
from booking.http.language import language
from booking.http.words import gettext as _
from booking.services.catalogue import ResourceCard
from booking.services.cells import BEFORE, Cell, CellKind

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


def cell_view(cell: Cell, card: ResourceCard, zone: ZoneInfo, colspan: int) -> CellView:
    """The cell in the reader's language."""
    starts, ends = (_clock(cell.span, zone, last=last) for last in (False, True))
    label, sub = _words(cell)
    spoken = label or (_side(cell) if cell.kind is CellKind.BUFFER else _UNSEEN[cell.kind]())
    name = _("%(what)s: %(room)s, %(start)s–%(end)s", what=spoken, room=card.name, start=starts, end=ends)
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
        href=_href(cell, card, zone),
        ask=_("Book %(time)s", time=_clock(cell.offer, zone)) if free and cell.offer else "",
        ask_pattern=_("Book %(time)s", time="{time}") if free else "",
        accessible_name=name,
    )


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
        return _("All taken"), ""
    if cell.kind is CellKind.CLOSED:
        return _closed(cell), ""
    if cell.kind is CellKind.OUTAGE:
        return _out_words(cell), cell.reason
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
        "R30": _("Not open to you"),
    }
    return words.get(rule) or _("Free, but not to be booked")


_UNSEEN = {
    CellKind.PAST: lambda: _("Past"),
    CellKind.GAP: lambda: _("Free, but too short to book"),
}


def _href(cell: Cell, card: ResourceCard, zone: ZoneInfo) -> str:
    if cell.glimpse is not None:
        return url_for("bookings.page", public_id=cell.glimpse.public_id) if cell.glimpse.may_open else ""
    if cell.offer is None:
        return ""
    return offer_address(card, cell.offer, zone)


def offer_address(card: ResourceCard, offer: TimeSpan, zone: ZoneInfo) -> str:
    """The booking form, filled in with this time."""
    starts, ends = (at.astimezone(zone) for at in (offer.starts_at, offer.ends_at))
    return url_for(
        "bookings.new",
        slug=card.slug,
        date=starts.date().isoformat(),
        start=f"{starts:%H:%M}",
        end=f"{ends:%H:%M}",
        end_date=ends.date().isoformat() if ends.date() != starts.date() else None,
    )


def _clock(span: TimeSpan, zone: ZoneInfo, *, last: bool = False) -> str:
    return wording.end_clock(span, language(), zone) if last else wording.clock(span.starts_at, language(), zone)
