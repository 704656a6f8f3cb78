"""What was found, as cards: why each suits, and the one press that books it."""

from dataclasses import dataclass
from datetime import date
from secrets import token_urlsafe
from urllib.parse import urlencode

from flask import url_for

from booking import clock, wording
from booking.core.timespan import TimeSpan
from booking.http.language import language
from booking.http.words import gettext as _
from booking.permissions import Actor
from booking.services.find import Found, Result
from booking.web.display import RoomView, room_view, sentence_case
from booking.web.forms import MANY
from booking.web.places import SiteChoice
from booking.web.searching import Asked, day_options, feature_options, length_options
from booking.web.verdicts import Choice, as_link, finding_view


@dataclass(frozen=True, slots=True)
class FoundView:
    """One answer: the room, and a form that books it at once."""

    room: RoomView
    action: str
    fields: list[tuple[str, str]]
    words: str
    accessible_name: str
    details: str
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Blanks:
    """The choices of the sentence and of what stands below it."""

    days: list[tuple[str, str]]
    lengths: list[tuple[str, str]]
    features: list[tuple[str, str]]
    sites: list[tuple[str, str]]
    kinds: list[tuple[str, str]]


def blanks(asked: Asked, today: date, sites: list[SiteChoice]) -> Blanks:
    """The choices that fit what is asked."""
    return Blanks(
        days=day_options(asked.day, today),
        lengths=length_options(asked.minutes),
        features=feature_options(asked.features),
        sites=[("", _("Everywhere")), *((site.slug, site.name) for site in sites)],
        kinds=[("space", _("Rooms")), ("instrument", _("Instruments")), ("any", _("Everything"))],
    )


def found_view(found: Found, span: TimeSpan, asked: Asked) -> FoundView:
    """The card of one answer."""
    card = found.card
    starts, ends = (at.astimezone(card.zone) for at in (span.starts_at, span.ends_at))
    times = [("date", f"{starts:%Y-%m-%d}"), ("start", f"{starts:%H:%M}"), ("end", f"{ends:%H:%M}")]
    if ends.date() != starts.date():
        times.append(("end_date", f"{ends:%Y-%m-%d}"))
    if asked.people and asked.kind != "instrument":
        times.append(("people", asked.people))
    for slug, number in found.companions:
        times += [("with", slug), (f"{MANY}{slug}", str(number))]
    time = wording.when(span, language(), card.zone)
    name = _("Book %(room)s, %(when)s", room=card.name, when=time)
    if found.verdict.needs_approval:
        name = _("Ask for %(room)s, %(when)s", room=card.name, when=time)
    return FoundView(
        room=room_view(card, why=why(found, asked)),
        action=url_for("bookings.create", slug=card.slug),
        fields=[*times, ("key", token_urlsafe(18)), ("seen", clock.now().isoformat())],
        words=_("Ask for it") if found.verdict.needs_approval else _("Book"),
        accessible_name=name,
        details=f"{url_for('bookings.new', slug=card.slug)}?{urlencode(times)}",
        notes=[finding_view(each, card.zone).sentence for each in found.verdict.findings],
    )


def why(found: Found, asked: Asked) -> str:
    """Why it suits, in a few words: seats against people, and until when it is free."""
    card, reasons = found.card, []
    if found.units_free is not None:
        reasons.append(_("%(number)s free", number=found.units_free))
    if asked.people.isdigit() and card.seats is not None and card.seats == int(asked.people):
        reasons.append(_("just the right size"))
    if found.free_until is not None and asked.wall is not None:
        local = found.free_until.astimezone(card.zone)
        if local.date() == asked.wall.ends.date():
            reasons.append(_("free until %(time)s", time=wording.clock(found.free_until, language(), card.zone)))
        else:
            reasons.append(_("free the rest of the day"))
    words = ", ".join(reasons)
    return sentence_case(words)


def nearest_choices(result: Result | None, asked: Asked) -> list[Choice]:
    """The nearest times when nothing fits, as ways into the filled-in form."""
    people = int(asked.people) if asked.people.isdigit() else None
    return [as_link(each, people) for each in result.near] if result else []


def member_of(actor: Actor | None) -> int | None:
    """Whom to judge for; nobody in particular when nobody is signed in."""
    return actor.member_id if actor else None
