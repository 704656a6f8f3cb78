"""Qualifications, who holds them and the courses towards them, as admin pages show them."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from booking import wording
from booking.http.language import language
from booking.services.courses import CourseLine
from booking.services.qualifications_known import Holder, Kept, Standing


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A qualification in the list."""

    href: str
    name: str
    is_safety: bool
    site: str
    valid: str
    holders: int
    ending: str
    needed_for: str
    next_course: str


@dataclass(frozen=True, slots=True)
class HolderLine:
    """A grant in the list of holders; `kind` and `words` tell how it stands."""

    key: str
    name: str
    email: str
    kind: str
    words: str
    granted: str
    level: str
    reason: str
    counts: bool


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course in the list, with how many have signed up."""

    href: str
    when: str
    iso: str
    place: str
    seats: str


def kept_lines(found: list[Kept]) -> list[KeptLine]:
    """The list."""
    return [
        KeptLine(
            href=url_for("admin_qualifications.show", public_id=each.key),
            name=each.name,
            is_safety=each.is_safety,
            site=each.site,
            valid=valid_words(each.months),
            holders=each.holders,
            ending=_("%(num)s within a month", num=each.ending) if each.ending else "",
            needed_for=", ".join(each.needed_for),
            next_course=course_line(each.next_course).when if each.next_course else "",
        )
        for each in found
    ]


def valid_words(months: int | None) -> str:
    """For how long it counts."""
    return str(ngettext("%(num)s month", "%(num)s months", months)) if months else str(_("For good"))


def holder_lines(found: list[Holder]) -> list[HolderLine]:
    """Who has or had it."""
    return [
        HolderLine(
            key=each.key,
            name=each.name,
            email=each.email,
            kind=_KINDS[each.standing],
            words=_standing_words(each),
            granted=", ".join(filter(None, (wording.day_text(each.granted_on, language()), each.granted_by))),
            level=each.level,
            reason=each.reason,
            counts=each.standing in (Standing.VALID, Standing.SOON),
        )
        for each in found
    ]


_KINDS = {Standing.VALID: "ok", Standing.SOON: "waiting", Standing.ENDED: "past", Standing.WITHDRAWN: "cancelled"}


def _standing_words(each: Holder) -> str:
    if each.standing is Standing.WITHDRAWN:
        return str(_("Withdrawn"))
    if each.expires_on is None:
        return str(_("Valid for good"))
    day = wording.day_text(each.expires_on, language())
    if each.standing is Standing.ENDED:
        return str(_("Ran out %(day)s", day=day))
    return str(_("Valid to %(day)s", day=day))


def course_line(course: CourseLine) -> CourseRow:
    """One course."""
    zone = ZoneInfo(course.timezone)
    return CourseRow(
        href=url_for("admin_courses.show", public_id=course.public_id),
        when=wording.when(course.span, language(), zone),
        iso=course.span.starts_at.astimezone(zone).isoformat(),
        place=course.place,
        seats=str(_("%(taken)s of %(seats)s seats taken", taken=course.taken, seats=course.seats)),
    )
