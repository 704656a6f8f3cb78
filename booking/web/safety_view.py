"""What a booking's details look like to people: activity, buddy, what is on hold, and where one is a buddy."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from booking import clock
from booking.core.details import Details
from booking.db import db
from booking.http.language import language
from booking.http.words import gettext as _
from booking.services.activities import activities
from booking.services.company import buddy_state
from booking.services.declaring import documents
from booking.services.holds import held_by_key
from booking.services.lone_work import Watch
from booking.services.mine import member_name
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


def waits_for_buddy(public_id: str) -> bool:
    """Whether a booking may not start before its buddy has said yes."""
    held = held_by_key(db.session(), clock.now(), [public_id]).get(public_id, ())
    return any(finding.rule == "R33" for finding in held)


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
