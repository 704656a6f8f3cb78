"""The bookings that maintenance would lie over, in words, each with the ways it can go."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from booking import wording
from booking.admin.frame import Typed
from booking.admin.outage_form import move_of, move_value
from booking.core.errors import InvalidInput
from booking.core.timespan import TimeSpan
from booking.db import db
from booking.http.language import language
from booking.services.alternatives import Alternative
from booking.services.catalogue import resources_by_id
from booking.services.triage import Affected, Choice


@dataclass(frozen=True, slots=True)
class BookingView:
    """One booking; `ways` are (value, words), and empty when it can only stay, which `stays` explains."""

    public_id: str
    version: int
    title: str
    href: str
    iso: str
    when: str
    about: str
    is_new: bool
    stays: str
    ways: list[tuple[str, str]]
    first: str
    choice: str


def bookings_view(
    found: Iterable[Affected], ways: Mapping[str, list[Alternative]], typed: Typed, fresh: Collection[str]
) -> list[BookingView]:
    """All of them, the first first."""
    return [_view(each, ways.get(each.public_id, []), typed, each.public_id in fresh) for each in found]


def _view(each: Affected, offered: list[Alternative], typed: Typed, is_new: bool) -> BookingView:
    row, zone = each.standing.row, each.zone
    names = ", ".join(card.name for card in each.standing.cards.values())
    moves = [(move_value(one.card.id, one.span), _words(each, one.card.id, one.card.name, one.span)) for one in offered]
    choice = typed.get(f"choice-{each.public_id}", "")
    moves += _chosen_before(each, choice, [value for value, _words in moves])
    may_decide = each.choices != (Choice.KEEP,)
    ways = [("", _("As for all")), (Choice.KEEP.value, _("Keep it")), *moves, (Choice.CANCEL.value, _("Cancel it"))]
    return BookingView(
        public_id=each.public_id,
        version=row.version,
        title=row.title or names,
        href=url_for("bookings.page", public_id=each.public_id) if each.may_decide else "",
        iso=each.span.starts_at.astimezone(zone).isoformat(),
        when=wording.when(each.span, language(), zone),
        about=" · ".join(filter(None, (names if row.title else "", each.holder, each.organisation))),
        is_new=is_new,
        stays="" if may_decide else _stays(each),
        ways=ways if may_decide else [],
        first=moves[0][0] if offered else "",
        choice=choice,
    )


def _stays(each: Affected) -> str:
    return str(_("It has begun, so it stays.") if each.has_begun else _("It is not yours to decide, so it stays."))


def _words(each: Affected, resource_id: int, name: str, span: TimeSpan) -> str:
    if span == each.span:
        return str(_("Move to %(name)s, same time", name=name))
    when = wording.when_compact(span, language(), each.zone)
    if resource_id == each.resource_id:
        return str(_("Move to %(when)s", when=when))
    return str(_("Move to %(name)s, %(when)s", name=name, when=when))


def _chosen_before(each: Affected, choice: str, offered: list[str]) -> list[tuple[str, str]]:
    """A move that was chosen and is offered no more stands as it was: nothing turns into another choice by itself."""
    if not choice.startswith(Choice.MOVE) or choice in offered:
        return []
    try:
        resource_id, span = move_of(choice, "")
    except InvalidInput:
        return []
    card = resources_by_id(db.session(), [resource_id]).get(resource_id)
    return [(choice, _words(each, resource_id, card.name, span))] if card else []
