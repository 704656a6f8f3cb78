"""Letters about bookings: what happened, when and where, and the calendar part where the reader's calendar follows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from booking import wording
from booking.core.localtime import iso_week, local_day
from booking.core.timespan import TimeSpan
from booking.ical.invitation import Party
from booking.jobs.reading import Content, Gone, Invitation, Reading
from booking.jobs.sayings import Saying
from booking.models import Booking, Member, Series
from booking.services import inviting, mail_choices, mine, reminding, requests
from booking.services.catalogue import resources_by_id
from booking.services.mine import Mine
from booking.services.notices import span_of
from booking.wording import N_

MOST_DATES = 12  # what a letter lists; the rest stands on the series' page


def about_booking(saying: Saying) -> Callable[[Reading], Content]:
    """A letter to the holder of a booking."""
    return lambda reading: _to_holder(reading, saying)


def about_request(saying: Saying) -> Callable[[Reading], Content]:
    """A letter to somebody who may answer a request, while it waits."""
    return lambda reading: _to_approver(reading, saying)


def about_company(saying: Saying) -> Callable[[Reading], Content]:
    """A letter to a buddy, who learns when and where but neither the title nor what is done."""
    return lambda reading: _to_buddy(reading, saying)


def reminder(saying: Saying) -> Callable[[Reading], Content]:
    """A letter to the holder before it begins. Gone when the booking was moved or given back meanwhile."""

    def remind(reading: Reading) -> Content:
        if not reminding.still_due(reading.session, reading.now, reading.message):
            raise Gone
        return _to_holder(reading, saying)

    return remind


def _to_holder(reading: Reading, saying: Saying) -> Content:
    booking, key = _own_booking(reading)
    invitation = _invitation(reading)
    if reading.message.kind == "series_redrawn" and invitation is None:
        raise Gone
    content = _content(reading, saying, booking, *_way_on(reading, key))
    calls_off = invitation is not None and invitation.method == "CANCEL"
    if invitation is not None and not calls_off:
        content.values["note"] = _does_not_cancel(reading)
        content.values["links"] = [(reading.gettext("Cancel it"), _cancel_url(reading, key))]
    return replace(content, invitation=invitation)


def _way_on(reading: Reading, key: str) -> tuple[str, str]:
    """The booking's page, which is not for whoever gave it away."""
    if reading.message.kind.endswith("given_away"):
        return "/bookings", reading.gettext("My bookings")
    return f"/bookings/{key}", reading.gettext("Open the booking")


def _to_approver(reading: Reading, saying: Saying) -> Content:
    booking, key = _booking(reading)
    row = reading.session.get_one(Booking, reading.message.booking_id)
    may_answer = requests.is_asked(reading.session, reading.now, reading.member_id or 0, row)
    if not may_answer or not requests.is_waiting(reading.session, row):
        raise Gone
    return _content(reading, saying, booking, f"/approvals/{key}", reading.gettext("Look at the request"))


def _to_buddy(reading: Reading, saying: Saying) -> Content:
    booking, key = _booking(reading)
    content = _content(
        reading, saying, replace(booking, title=""), f"/bookings/{key}/buddy", reading.gettext("Look at it")
    )
    content.values["message"] = ""
    return content


def _booking(reading: Reading) -> tuple[Mine, str]:
    """The booking as lists show it, and its key. A series that was written anew is shown by one of its dates."""
    booking_id = _booking_id(reading)
    found = mine.listed_bookings(reading.session, [booking_id])
    if not found:
        raise Gone
    return found[booking_id], found[booking_id].public_id


def _own_booking(reading: Reading) -> tuple[Mine, str]:
    """The same for its holder, or for who was: what the next one calls it is no concern of theirs."""
    shown, key = _booking(reading)
    calendar = reading.message.facts.get("calendar") or {}
    if not inviting.knows_title(reading.session, _booking_id(reading), reading.member_id, calendar):
        shown = replace(shown, title="")
    return shown, key


def _booking_id(reading: Reading) -> int:
    found = reading.message.booking_id or _first_of_series(reading)
    if not found:
        raise Gone
    return found


def _first_of_series(reading: Reading) -> int | None:
    series_id = reading.message.series_id
    return inviting.first_date(reading.session, series_id) if series_id else None


def _content(reading: Reading, saying: Saying, booking: Mine, path: str, open_it: str) -> Content:
    facts, locale, zone = reading.message.facts, reading.language, booking.zone
    before, after = (span_of(facts.get(name) or {}) for name in ("before", "after"))
    span = after or _wanted(facts) or booking.span
    gaps: dict[str, object] = {
        "who": _name(reading, facts.get("by")),
        "title": booking.title or ", ".join(card.name for card in booking.cards),
        "where": booking.cards[0].name,
        "when": wording.when(span, locale, zone),
        "short": wording.when_compact(span, locale, zone),
    }
    values: dict[str, Any] = {
        "lead": reading.gettext(saying.lead, **gaps),
        "more": _more(reading, len(facts.get("dates") or ())) if not _shows_all(reading) else [],
        "message": reading.message.text or "",
        "rows": _rows(reading, booking, span, before),
        "dates": _dates(reading),
        "button": (open_it, f"{reading.house.base_url}{path}"),
        "links": [],
        "note": "",
    }
    return Content(values, gaps)


def _more(reading: Reading, dates: int) -> list[str]:
    """What goes without saying on a page: how many dates of a series it is about, and until when something holds."""
    said = []
    if dates > 1:
        said.append(
            reading.ngettext(
                "The same goes for %(num)s more date of the series.",
                "The same goes for %(num)s more dates of the series.",
                dates - 1,
            )
        )
    return said


def _rows(reading: Reading, booking: Mine, span: TimeSpan, before: TimeSpan | None) -> list[tuple[str, str]]:
    """When and where, and what it was before, each with its label."""
    facts, gettext = reading.message.facts, reading.gettext
    names = ", ".join(card.name for card in booking.cards)
    address = booking.cards[0].address or booking.cards[0].site_name
    rows = [(gettext("When"), _when(reading, span, booking)), (gettext("Where"), f"{names}, {address}")]
    if before and before != span and facts.get("after"):
        rows.append((gettext("Before"), _when(reading, before, booking)))
    places_before, places_after = ((facts.get(name) or {}).get("resources") for name in ("before", "after"))
    if places_before and places_after and places_before != places_after:
        cards = resources_by_id(reading.session, places_before)
        rows.append((gettext("Room before"), ", ".join(cards[id_].name for id_ in places_before if id_ in cards)))
    return rows


def _when(reading: Reading, span: TimeSpan, booking: Mine) -> str:
    week = iso_week(local_day(span.starts_at, booking.zone))[1]
    when = wording.when(span, reading.language, booking.zone)
    return reading.gettext("%(when)s (week %(week)s)", when=when, week=week)


def _dates(reading: Reading) -> list[str]:
    """The dates of a series that it is about, the first dozen."""
    facts = reading.message.facts
    ids = list(facts.get("dates") or ())
    if _shows_all(reading) and reading.message.series_id:
        ids = inviting.live_dates(reading.session, reading.message.series_id)
    shown = mine.listed_bookings(reading.session, ids[:MOST_DATES]).values()
    lines = [wording.when_compact(each.span, reading.language, each.zone) for each in shown]
    if len(ids) > MOST_DATES:
        lines.append(reading.gettext("and %(num)s more", num=len(ids) - MOST_DATES))
    return lines


def _shows_all(reading: Reading) -> bool:
    """Whether it is about a series as it now is, and not about some of its dates."""
    return reading.message.kind.endswith(("series_made", "series_changed", "series_redrawn"))


def _wanted(facts: Any) -> TimeSpan | None:
    if "from" not in facts:
        return None
    return TimeSpan(datetime.fromisoformat(facts["from"]), datetime.fromisoformat(facts["to"]))


def _name(reading: Reading, member_id: int | None) -> str:
    member = reading.session.get(Member, member_id) if member_id else None
    return member.name if member else reading.gettext("Somebody")


def _invitation(reading: Reading) -> Invitation | None:
    """The calendar part, for those who want invitations."""
    message = reading.message
    calendar = message.facts.get("calendar")
    wants = reading.member_id is not None and mail_choices.gets_invitations(reading.session, [reading.member_id])
    if not calendar or not wants:
        return None
    house = reading.house
    sender = inviting.Sender(house.name, house.sender, house.base_url, lambda url: _description(reading, url))
    member = Party(reading.name, reading.email)
    try:
        method, made = inviting.calendar_part(
            reading.session, message.created_at, calendar, message.booking_id, member, sender, reading.member_id
        )
    except LookupError as gone:
        raise Gone from gone
    return Invitation(method, made)


def _description(reading: Reading, url: str) -> str:
    return f"{_does_not_cancel(reading)}\n{url}"


def _does_not_cancel(reading: Reading) -> str:
    return reading.gettext(
        "Declining in your calendar does not cancel the booking. Cancel it here if you do not need it:"
    )


def _cancel_url(reading: Reading, key: str) -> str:
    calendar = reading.message.facts.get("calendar") or {}
    if calendar.get("form") == "series":
        series = reading.session.get_one(Series, calendar["series"])
        return f"{reading.house.base_url}/series/{series.public_id}"
    return f"{reading.house.base_url}/bookings/{key}/cancellation"


def qualification_ends(reading: Reading) -> Content:
    """A letter to somebody whose booking needs what soon runs out."""
    booking, key = _own_booking(reading)
    facts = reading.message.facts
    day = wording.day_text(date.fromisoformat(facts["expires_on"]), reading.language)
    lead = reading.gettext("Your %(qualification)s is valid to %(day)s.", qualification=facts["qualification"], day=day)
    saying = Saying(
        N_("Renew %(qualification)s"), N_("You need it for %(title)s, %(when)s. Renew it under My qualifications.")
    )
    content = _content(reading, saying, booking, f"/bookings/{key}", reading.gettext("Open the booking"))
    content.values["more"] = [content.values["lead"]]
    content.values["lead"] = lead
    content.values["links"] = [(reading.gettext("My qualifications"), f"{reading.house.base_url}/qualifications")]
    return replace(content, gaps={**content.gaps, "qualification": facts["qualification"]}, subject=saying.subject)
