"""Answers over several days as cards: each room with its first free times, every one a single press."""

from dataclasses import dataclass, replace
from secrets import token_urlsafe
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import url_for

from booking import clock, wording
from booking.http.language import language
from booking.http.words import gettext as _
from booking.services.find_times import FoundTimes, Offer, WideResult
from booking.web.display import RoomView, room_view, sentence_case
from booking.web.verdicts import Choice, as_link, finding_view
from booking.web.wide import WideAsked


@dataclass(frozen=True, slots=True)
class OfferView:
    """One time, and the form or link that books it."""

    words: str
    accessible_name: str
    iso: str
    fields: list[tuple[str, str]]
    details: str


@dataclass(frozen=True, slots=True)
class TimesView:
    """One answer: the room and its times, the best first."""

    room: RoomView
    action: str
    offers: list[OfferView]
    lead: str
    notes: list[str]


def times_view(found: FoundTimes, asked: WideAsked) -> TimesView:
    """The card of one answer."""
    card = found.card
    best = found.offers[0].verdict
    just_right = asked.people.isdigit() and _seats(found) == int(asked.people)
    room = room_view(card, why=sentence_case(_("just the right size")) if just_right else "")
    return TimesView(
        room=_together(room, found) if found.along else room,
        action=url_for("bookings.create", slug=card.slug),
        offers=[_offer_view(found, offer, asked, card.zone) for offer in found.offers],
        lead=_("Ask for it") if best.needs_approval else _("Book"),
        notes=list(dict.fromkeys(finding_view(each, card.zone).sentence for each in best.findings)),
    )


def _together(room: RoomView, found: FoundTimes) -> RoomView:
    """Several rooms of one booking as if they were one: named together, with the seats and features of both."""
    seats = _("%(num)s seats together", num=_seats(found))
    has = dict.fromkeys(feature for card in (found.card, *found.along) for feature in room_view(card).features)
    return replace(room, name=_names(found), code="", seats_text=seats, features=list(has))


def _names(found: FoundTimes) -> str:
    if not found.along:
        return found.card.name
    return _("%(room)s and %(other)s", room=found.card.name, other=found.along[0].name)


def _seats(found: FoundTimes) -> int:
    return sum(card.seats or 0 for card in (found.card, *found.along))


def near_choices(result: WideResult | None, asked: WideAsked) -> list[Choice]:
    """The nearest times when nothing fits."""
    people = int(asked.people) if asked.people.isdigit() else None
    return [as_link(each, people) for each in result.near] if result else []


def _offer_view(found: FoundTimes, offer: Offer, asked: WideAsked, zone: ZoneInfo) -> OfferView:
    card, span = found.card, offer.span
    starts, ends = (at.astimezone(zone) for at in (span.starts_at, span.ends_at))
    times = [("date", f"{starts:%Y-%m-%d}"), ("start", f"{starts:%H:%M}"), ("end", f"{ends:%H:%M}")]
    if ends.date() != starts.date():
        times.append(("end_date", f"{ends:%Y-%m-%d}"))
    if asked.people and asked.kind != "instrument":
        times.append(("people", asked.people))
    times += [("with", other.slug) for other in found.along]
    words = wording.when_compact(span, language(), zone)
    name = _("Book %(room)s, %(when)s", room=_names(found), when=words)
    if offer.verdict.needs_approval:
        name = _("Ask for %(room)s, %(when)s", room=_names(found), when=words)
    return OfferView(
        words=words,
        accessible_name=name,
        iso=starts.isoformat(),
        fields=[*times, ("key", token_urlsafe(18)), ("seen", clock.now().isoformat())],
        details=f"{url_for('bookings.new', slug=card.slug)}?{urlencode(times)}",
    )
