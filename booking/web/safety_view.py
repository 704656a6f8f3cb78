"""What a booking's details look like to people: activity, buddy, what is on hold, and where one is a buddy."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import url_for

from booking import clock, wording
from booking.core.details import Details
from booking.core.verdict import Finding
from booking.db import db
from booking.http.language import language
from booking.http.words import gettext as _
from booking.services.activities import activities
from booking.services.declaring import documents
from booking.services.lone_work import Watch, buddy_state, on_hold
from booking.services.mine import booking_by_key, member_name
from booking.services.standing import Standing
from booking.web.display import when


@dataclass(frozen=True, slots=True)
class WatchView:
    """A time when the reader is somebody's buddy, or asked to be."""

    words: str
    when: str
    iso: str
    href: str
    kind: str
    state: str


def hold_notice(finding: Finding, zone: ZoneInfo) -> tuple[str, str, str]:
    """What stands on a booking that may not start yet: kind, words and code."""
    sentence = wording.sentence(finding, language(), zone)
    return "waiting", _("On hold, it may not start yet. %(why)s", why=sentence), finding.code


def waits_for_buddy(public_id: str) -> bool:
    """Whether a booking may not start before its buddy has said yes."""
    return bool(on_hold(db.session(), clock.now(), [booking_by_key(db.session(), public_id)]))


def detail_lines(standing: Standing) -> list[tuple[str, str]]:
    """What was answered when it was booked, label and words."""
    details, session = standing.wish.details, db.session()
    lines = []
    if details.purpose:
        lines.append((_("Use"), details.purpose))
    if details.activity_id is not None:
        named = {each.id: each.values.name for each in activities(session, retired=True)}
        lines.append((_("What is done"), named.get(details.activity_id, "")))
    if details.supervisor_id is not None:
        lines.append((_("Supervisor"), member_name(session, details.supervisor_id)))
    if details.buddy_id is not None:
        lines.append((_("Buddy"), _buddy_words(standing, details)))
    if details.unattended:
        lines.append((_("Attendance"), _("It runs by itself")))
    if details.declarations:
        lines.append((_("Accepted"), _accepted(details)))
    return lines


def _buddy_words(standing: Standing, details: Details) -> str:
    found = buddy_state(db.session(), standing.row)
    if found is None:
        return _("%(name)s, not needed at this time", name=member_name(db.session(), details.buddy_id or 0))
    name, state = found
    words = {
        "asked": _("%(name)s, has not answered yet", name=name),
        "accepted": _("%(name)s, has said yes", name=name),
        "declined": _("%(name)s, has said no", name=name),
        "withdrawn": _("%(name)s, can no longer be there", name=name),
    }
    return words[state]


def _accepted(details: Details) -> str:
    named = {each.id: each.values.names for each in documents(db.session(), {id_ for id_, _ in details.declarations})}
    told = [
        _("%(document)s, version %(version)s", document=named[id_].get(language(), ""), version=version)
        for id_, version in details.declarations
        if id_ in named
    ]
    return "; ".join(told)


def watch_views(watches: Iterable[Watch]) -> list[WatchView]:
    """For a list: whose buddy, where and when."""
    return [watch_view(each) for each in watches]


def watch_view(each: Watch) -> WatchView:
    """One of them."""
    place = {"who": each.holder, "where": each.booking.cards[0].name}
    kind, state = {
        "asked": ("waiting", _("Awaits your answer")),
        "accepted": ("ok", _("You have said yes")),
        "declined": ("quiet", _("You have said no")),
        "withdrawn": ("quiet", _("You have stepped back")),
        "released": ("quiet", _("Not needed any more")),
    }[each.state]
    time = when(each.booking.span, each.booking.zone)
    return WatchView(
        _("%(who)s at %(where)s", **place),
        time[:1].upper() + time[1:],
        each.booking.span.starts_at.astimezone(each.booking.zone).isoformat(),
        url_for("bookings.buddy", public_id=each.booking.public_id),
        kind,
        state,
    )
