"""Requests as pages show them: who asks for what, why it needs an answer, until when, and what was said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import url_for

from booking import wording
from booking.http.language import language
from booking.http.words import gettext as _
from booking.http.words import ngettext
from booking.services.inbox import InInbox, Said
from booking.web.display import booking_view, names_of, people_text, title_of, when
from booking.web.verdicts import FindingView, finding_view


@dataclass(frozen=True, slots=True)
class SaidView:
    """One thing that was said."""

    iso: str
    time: str
    words: str
    text: str


@dataclass(frozen=True, slots=True)
class RequestView:
    """One request; `record` is what the one who asks has booked before, `rivals` others for the same time."""

    public_id: str
    title: str
    href: str
    booking_href: str
    holder: str
    organisation: str
    place: str
    when: str
    iso: str
    week: str
    people: str
    asked: str
    asked_iso: str
    until: str
    is_late: bool
    waits_for: str
    is_turn: bool
    competes: bool
    findings: list[FindingView]
    record: list[str]
    said: list[SaidView]
    rivals: list["RequestView"]


def request_views(found: Sequence[InInbox], now: datetime) -> list[RequestView]:
    """All of them, each beside those it competes with."""
    by_key = {each.booking.public_id: each for each in found}
    return [request_view(each, now, by_key) for each in found]


def request_view(each: InInbox, now: datetime, others: Mapping[str, InInbox]) -> RequestView:
    """One request, with its rivals."""
    rivals = [_view(others[key], now, []) for key in each.rivals if key in others]
    return _view(each, now, rivals)


def _view(each: InInbox, now: datetime, rivals: list[RequestView]) -> RequestView:
    mine, zone = each.booking, each.booking.zone
    shown = booking_view(mine, now)
    return RequestView(
        public_id=mine.public_id,
        title=title_of(mine),
        href=url_for("approvals.show", public_id=mine.public_id),
        booking_href=shown.href,
        holder=each.holder,
        organisation=mine.organisation,
        place=names_of(mine),
        when=when(mine.span, zone),
        iso=shown.iso,
        week=shown.week,
        people=people_text(mine.people),
        asked=wording.moment(each.asked_at, language(), zone),
        asked_iso=each.asked_at.astimezone(zone).isoformat(),
        until=wording.moment(each.until_at, language(), zone),
        is_late=each.has_expired,
        waits_for=", ".join(filter(None, each.waits_for)),
        is_turn=each.is_turn and not each.has_expired,
        competes=each.competes,
        findings=[finding_view(finding, zone) for finding in each.findings],
        record=_record(each),
        said=[_said(one, zone) for one in each.said],
        rivals=rivals,
    )


def _record(each: InInbox) -> list[str]:
    record = each.record
    here = ngettext("%(num)s booking here before", "%(num)s bookings here before", record.here)
    anywhere = ngettext("%(num)s in all", "%(num)s in all", record.anywhere)
    told = (
        [here if record.here else _("Has not been here before"), anywhere]
        if record.anywhere
        else [_("A first booking")]
    )
    if record.declined:
        told.append(ngettext("%(num)s request declined", "%(num)s requests declined", record.declined))
    told += [
        _("Has learnt %(what)s", what=one.name) if one.has else _("Does not have %(what)s then", what=one.name)
        for one in each.learnt
    ]
    return told


def _said(one: Said, zone: ZoneInfo) -> SaidView:
    who = one.who or _("The service")
    words = {
        "asked": _("%(who)s asked", who=who),
        "answered": _("%(who)s answered", who=who),
        "approved": _("%(who)s approved", who=who),
        "declined": _("%(who)s declined", who=who),
    }
    return SaidView(
        iso=one.at.astimezone(zone).isoformat(),
        time=wording.moment(one.at, language(), zone),
        words=words[one.what],
        text=one.text,
    )
