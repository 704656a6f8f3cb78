"""Notices as pages show them: what somebody else did to one's booking, or how a fault stands, with ways on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from flask import url_for

from booking import wording
from booking.http.access import the_actor
from booking.http.language import language
from booking.http.words import gettext as _
from booking.http.words import ngettext
from booking.permissions import can
from booking.services.mine import Mine
from booking.services.notices import AboutFault, Told
from booking.web.display import title_of, when
from booking.web.verdicts import Choice

KINDS = {
    "on_hold": "refused",
    "released": "ok",
    "qualification_ends": "waiting",
    "cancelled": "refused",
    "series_cancelled": "refused",
    "shift_declined": "refused",
    "fault": "refused",
    "declined": "refused",
    "expired": "refused",
    "lost": "refused",
    "shift_asked": "waiting",
    "changed": "waiting",
    "series_changed": "waiting",
    "question": "waiting",
    "outage_kept": "waiting",
    "outage_lifted": "ok",
    "fault_over": "ok",
    "taken_elsewhere": "waiting",
    "fault_reported": "waiting",
    "fault_out": "refused",
    "fault_usable": "ok",
    "fault_fixed": "ok",
    "buddy_asked": "waiting",
    "buddy_declined": "refused",
    "buddy_withdrawn": "refused",
    "buddy_stepped_back": "waiting",
    "approved": "ok",
    "news": "waiting",
}
TO_BUDDIES = ("buddy_asked", "buddy_released", "buddy_stepped_back")  # who may not see the booking itself
Shown = tuple[str, str, ZoneInfo]  # the words, where they lead, and the zone of the place


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice; `message` is what was written to the reader, `choices` are ways out."""

    key: str
    kind: str
    words: str
    message: str
    href: str
    iso: str
    time: str
    is_read: bool
    choices: list[Choice] = field(default_factory=list)


def notice_view(told: Told, choices: list[Choice] | None = None) -> NoticeView:
    """The notice in the reader's language."""
    words, href, zone = _of_fault(told, told.fault) if told.fault else _of_booking(told, told.booking)
    return NoticeView(
        key=told.key,
        kind=KINDS.get(told.kind, "mine"),
        words=words,
        message=told.message,
        href=href,
        iso=told.at.astimezone(zone).isoformat(),
        time=wording.moment(told.at, language(), zone),
        is_read=told.is_read,
        choices=choices or [],
    )


def _of_booking(told: Told, booking: Mine | None) -> Shown:
    if booking is None:
        raise LookupError(f"notice {told.key} is about nothing")
    if told.kind == "taken_elsewhere":
        return _of_calendar(told, booking)
    gaps = {
        "who": told.who or _("Somebody"),
        "title": title_of(booking),
        "where": booking.cards[0].name,
        "when": when(told.after or booking.span, booking.zone),
        "before": when(told.before, booking.zone) if told.before else "",
    }
    words = _told_of_booking(told, gaps)
    page = "bookings.buddy" if told.kind in TO_BUDDIES else "bookings.page"
    return words, url_for(page, public_id=booking.public_id), booking.zone


def _of_calendar(told: Told, booking: Mine) -> Shown:
    """Managers go on to the list of bookings that lie under it."""
    words = ngettext(
        "%(num)s booking of %(where)s lies under a time that is taken in “%(calendar)s”.",
        "%(num)s bookings of %(where)s lie under times that are taken in “%(calendar)s”.",
        told.about["clashes"], where=told.about["name"], calendar=told.about["calendar"],
    )  # fmt: skip
    there = url_for("admin_calendars.listing", slug=told.about["slug"], _anchor="clashes")
    return str(words), there, booking.zone


def _told_of_booking(told: Told, gaps: Mapping[str, str]) -> str:
    if told.kind == "changed":
        return _moved(told, gaps)
    if told.kind == "qualification_ends":
        day = wording.day_text(date.fromisoformat(told.about["expires_on"]), language())
        return _qualification_ends(gaps, told.about["qualification"], day)
    if told.kind == "news":
        place = told.about.get("place", gaps["where"])
        return _("%(who)s writes to everybody who has booked %(place)s.", who=gaps["who"], place=place)
    return _others(told.kind, gaps)


def _qualification_ends(gaps: Mapping[str, str], qualification: str, day: str) -> str:
    words = _("Your %(qualification)s is valid to %(day)s.", qualification=qualification, day=day)
    return words + " " + _("You need it for %(title)s, %(when)s. Renew it under My qualifications.", **gaps)


def _of_fault(told: Told, fault: AboutFault) -> Shown:
    """Those who look after the place go on to the fault, its reporter to the place."""
    card = fault.card
    looks_after = can(the_actor(), "resource.inspect", card.place)
    there = url_for("admin_faults.show", public_id=fault.public_id)
    href = there if looks_after else url_for("resources.page", slug=card.slug)
    return _fault_words(told, fault), href, card.zone


def _fault_words(told: Told, fault: AboutFault) -> str:
    place = fault.card.name
    if told.kind == "fault_reported":
        who = told.who or _("Somebody")
        if fault.is_dangerous:
            return _("%(who)s reported a dangerous fault at %(place)s.", who=who, place=place)
        return _("%(who)s reported a fault at %(place)s.", who=who, place=place)
    if told.kind == "fault_fixed":
        return _("The fault at %(place)s is fixed.", place=place)
    if told.kind == "fault_usable":
        return _("%(place)s can be used, though its fault is not fixed yet.", place=place)
    if fault.back is None:
        return _("%(place)s is out of service because of the fault that was reported.", place=place)
    back = wording.moment(fault.back, language(), fault.card.zone)
    return _("%(place)s is out of service, expected back %(when)s.", place=place, when=back)


def _moved(told: Told, gaps: Mapping[str, str]) -> str:
    if told.before and told.before != told.after:
        return _("%(who)s moved your booking %(title)s from %(before)s to %(when)s.", **gaps)
    if told.places_before != told.places_after:
        return _("%(who)s moved your booking %(title)s, %(when)s, to another room.", **gaps)
    return _("%(who)s changed your booking %(title)s, %(when)s.", **gaps)


def _others(kind: str, gaps: Mapping[str, str]) -> str:
    words = {
        "made": _("%(who)s booked %(title)s for you, %(when)s.", **gaps),
        "series_made": _("%(who)s booked a series of %(title)s for you, the first %(when)s.", **gaps),
        "cancelled": _("%(who)s cancelled your booking %(title)s, %(when)s.", **gaps),
        "restored": _("%(who)s took the cancellation of your booking %(title)s back. It stands %(when)s.", **gaps),
        "ended": _("%(who)s ended your booking %(title)s early: %(when)s.", **gaps),
        "handed_over": _("%(who)s handed %(title)s over to you, %(when)s. It is your booking now.", **gaps),
        "given_away": _("%(who)s handed your booking %(title)s, %(when)s, over to somebody else.", **gaps),
        "shift_asked": _("Somebody would like to have the time of your booking %(title)s: %(when)s.", **gaps),
        "shift_accepted": _("There is room now, so your booking %(title)s is longer: %(when)s.", **gaps),
        "on_hold": _("Your booking %(title)s, %(when)s, is on hold and may not start.", **gaps),
        "released": _("Your booking %(title)s, %(when)s, is no longer on hold.", **gaps),
        "buddy_asked": _("%(who)s asks you to be their buddy at %(where)s, %(when)s. Answer yes or no.", **gaps),
        "buddy_released": _("You need not be a buddy at %(where)s, %(when)s, any more.", **gaps),
        "buddy_stepped_back": _(
            "You are no buddy at %(where)s, %(when)s, any more. Whoever books there has been told.", **gaps
        ),
        "buddy_accepted": _("%(who)s will be your buddy for %(title)s, %(when)s.", **gaps),
        "buddy_declined": _("%(who)s cannot be your buddy for %(title)s, %(when)s. Name somebody else.", **gaps),
        "buddy_withdrawn": _(
            "%(who)s can no longer be your buddy, so %(title)s, %(when)s, is on hold. Name somebody else.", **gaps
        ),
        "shift_declined": _("Whoever has the room next would rather not shift, so %(title)s stays as it is.", **gaps),
        "series_cancelled": _("%(who)s cancelled your series %(title)s from %(when)s on.", **gaps),
        "series_changed": _("%(who)s changed your series %(title)s. Look at its dates.", **gaps),
        "outage_kept": _("There is maintenance during %(title)s, %(when)s. It stands all the same.", **gaps),
        "outage_lifted": _("The maintenance during %(title)s, %(when)s, is called off.", **gaps),
        "fault": _("A fault stands in the way of %(title)s, %(when)s.", **gaps),
        "fault_over": _("The fault is dealt with: %(title)s stands, %(when)s.", **gaps),
    }
    return words.get(kind) or _of_requests(kind, gaps) or _("%(who)s changed your booking %(title)s, %(when)s.", **gaps)


def _of_requests(kind: str, gaps: Mapping[str, str]) -> str:
    words = {
        "approved": _("%(who)s approved %(title)s. It is yours, %(when)s.", **gaps),
        "partly_approved": _("%(who)s approved %(title)s. Others must say yes too.", **gaps),
        "declined": _("%(who)s declined %(title)s, %(when)s.", **gaps),
        "lost": _("Somebody else got the time that you asked for: %(title)s, %(when)s.", **gaps),
        "expired": _("Nobody answered your request in time: %(title)s, %(when)s. The time is free again.", **gaps),
        "question": _("%(who)s would like to know more about %(title)s, %(when)s.", **gaps),
        "answer": _("%(who)s has answered your question about %(title)s, %(when)s.", **gaps),
        "delegated": _("%(who)s lets you answer the request %(title)s, %(when)s.", **gaps),
    }
    return words.get(kind, "")
