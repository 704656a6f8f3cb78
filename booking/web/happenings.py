"""A booking's history in plain sentences: who did what, and what became of each field."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from booking import wording
from booking.core.timespan import TimeSpan
from booking.http.language import language
from booking.http.words import gettext as _
from booking.services.history import Difference, Happening


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what was done, each difference as a sentence of its own, and what was said about it."""

    iso: str
    time: str
    words: str
    details: list[str]
    message: str


def lines(happenings: list[Happening], zone: ZoneInfo) -> list[Line]:
    """Newest first."""
    return [_line(each, zone) for each in reversed(happenings)]


def _line(each: Happening, zone: ZoneInfo) -> Line:
    details = [difference_words(one, zone) for one in each.differences if one.field != "state" or _tells_state(each)]
    return Line(
        iso=each.at.astimezone(zone).isoformat(),
        time=wording.moment(each.at, language(), zone),
        words=_told(each, zone),
        details=[*details, *_marks(each)],
        message=each.message,
    )


def _tells_state(each: Happening) -> bool:
    """Of a change only a new state says something that the first words have not."""
    return each.action == "booking.changed"


def _told(each: Happening, zone: ZoneInfo) -> str:
    who = each.who or _("Somebody else") if each.action.startswith("shift.") else each.who or _("The service")
    wanted = wording.when_compact(each.wanted, language(), zone) if each.wanted else ""
    words = {
        "booking.made": _("%(who)s booked it", who=who),
        "booking.changed": _("%(who)s changed it", who=who),
        "booking.cancelled": _("%(who)s cancelled it", who=who),
        "booking.restored": _("%(who)s took the cancellation back", who=who),
        "booking.ended": _("%(who)s ended it early", who=who),
        "booking.handed_over": _("%(who)s handed it over", who=who),
        "booking.on_hold": _("%(who)s put it on hold", who=who),
        "booking.released": _("%(who)s found it in order again", who=who),
        "shift.asked": _("%(who)s asked the next to shift: %(when)s", who=who, when=wanted),
        "shift.accepted": _("%(who)s agreed to shift, to make room: %(when)s", who=who, when=wanted),
        "shift.declined": _("%(who)s would rather not shift: %(when)s", who=who, when=wanted),
        "outage.kept": _("%(who)s planned maintenance over it, and let it stand", who=who),
        "outage.lifted": _("%(who)s called the maintenance over it off", who=who),
        "fault.affects": _("A fault stood in its way"),
        "fault.over": _("The fault no longer stood in its way"),
    }
    return words.get(each.action) or _of_requests(each.action, who) or f"{who}: {each.action}"


def _of_requests(action: str, who: str) -> str:
    words = {
        "booking.approved": _("%(who)s approved it", who=who),
        "booking.partly_approved": _("%(who)s approved it, and others are to", who=who),
        "booking.declined": _("%(who)s declined it", who=who),
        "booking.lost": _("Somebody else got the time"),
        "booking.expired": _("Nobody answered in time"),
        "booking.asked": _("%(who)s asked for more", who=who),
        "booking.answered": _("%(who)s answered", who=who),
        "booking.delegated": _("%(who)s passed the request on", who=who),
    }
    return words.get(action, "")


def _marks(each: Happening) -> list[str]:
    marks = []
    if each.by_manager:
        marks.append(_("As manager of the resource."))
    if each.is_late:
        marks.append(_("Later than the deadline."))
    if each.overridden:
        marks.append(_("In spite of the rules: %(codes)s.", codes=", ".join(each.overridden)))
    if each.reason:
        marks.append(_("Because: %(reason)s", reason=each.reason))
    if each.door != "form" and each.action.startswith("booking."):
        marks.append(_door_words(each.door))
    return marks


def _door_words(door: str) -> str:
    words = {
        "shift": _("To make room, after a request."),
        "outage": _("Because of maintenance."),
        "ending": _("When a membership ended."),
        "command": _("From the command line."),
        "demo": _("For the demonstration."),
        "clock": _("By the clock."),
    }
    return words.get(door, _("Through: %(door)s.", door=door))


def difference_words(one: Difference, zone: ZoneInfo) -> str:
    """One field, from what to what."""
    if isinstance(one.before, TimeSpan) and isinstance(one.after, TimeSpan):
        old, new = (wording.when_compact(each, language(), zone) for each in (one.before, one.after))
        return _("Time: from %(old)s to %(new)s.", old=old, new=new)
    old, new = (_value(one.field, each) for each in (one.before, one.after))
    words = {
        "resources": _("Room: from %(old)s to %(new)s.", old=old, new=new),
        "title": _("Title: from %(old)s to %(new)s.", old=old, new=new),
        "people": _("People: from %(old)s to %(new)s.", old=old, new=new),
        "member_id": _("Holder: from %(old)s to %(new)s.", old=old, new=new),
        "organisation_id": _("On behalf of: from %(old)s to %(new)s.", old=old, new=new),
        "visibility": _("Title seen by: from %(old)s to %(new)s.", old=old, new=new),
        "quantities": _("Number: from %(old)s to %(new)s.", old=old, new=new),
        "state": _("State: from %(old)s to %(new)s.", old=old, new=new),
    }
    return words[one.field]


def _value(field: str, value: object) -> str:
    if value in (None, ""):
        return _("nothing")
    words = {
        ("visibility", "private"): _("only the one who booked"),
        ("visibility", "organisation"): _("the organisation"),
        ("visibility", "members"): _("every member"),
        ("visibility", "public"): _("everybody"),
        ("state", "requested"): _("awaiting approval"),
        ("state", "applied"): _("asked for, like others"),
        ("state", "confirmed"): _("confirmed"),
        ("state", "cancelled"): _("cancelled"),
        ("state", "declined"): _("declined"),
        ("state", "expired"): _("expired"),
    }
    return words.get((field, str(value))) or (f"“{value}”" if field == "title" else str(value))
