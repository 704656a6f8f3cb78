"""A calendar elsewhere in words: where it comes from, how it stands, what was left out, and what it clashes with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from booking import wording
from booking.http.display import age
from booking.http.language import language
from booking.ical.reading import UnreadableCalendar
from booking.services.catalogue import ResourceCard
from booking.services.external_calendars import CalendarLine
from booking.services.external_clashes import Clash

HARMLESS = frozenset({"import.transparent", "import.no_length", "import.unknown_zone"})


@dataclass(frozen=True, slots=True)
class CalendarView:
    """One calendar; `trouble` is why it cannot be read, `left_out` what was skipped, `notes` what is good to know."""

    public_id: str
    href: str
    name: str
    is_file: bool
    source: str
    state_kind: str
    state: str
    trouble: str
    ahead: str
    left_out: list[str]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class ClashView:
    """A booking under a time that is taken elsewhere."""

    title: str
    href: str
    iso: str
    when: str
    about: str
    elsewhere: str


def calendar_view(line: CalendarLine, card: ResourceCard, now: datetime) -> CalendarView:
    """The calendar in the reader's language."""
    kind, state = _state(line, now)
    skipped = {code: number for code, number in line.skipped.items() if code not in HARMLESS}
    ahead = ngettext("%(num)s time taken from now on", "%(num)s times taken from now on", line.ahead)
    return CalendarView(
        public_id=line.public_id,
        href=url_for("admin_calendars.show", slug=card.slug, public_id=line.public_id),
        name=line.name,
        is_file=not line.source,
        source=line.source or str(_("An uploaded file")),
        state_kind=kind,
        state=state,
        trouble=_trouble(line, now),
        ahead=str(ahead) if line.succeeded_at else "",
        left_out=[_left_out(code, number) for code, number in skipped.items()],
        notes=_notes(line, card.zone),
    )


def _state(line: CalendarLine, now: datetime) -> tuple[str, str]:
    if line.failing_since is not None:
        if line.succeeded_at is None:
            return "refused", str(_("Has never been read"))
        return "refused", str(_("Last read %(age)s ago", age=age(now - line.succeeded_at)))
    if line.waits:
        return "waiting", str(_("Waits to be read"))
    if line.succeeded_at is None:
        return "waiting", str(_("Not read yet"))
    return "ok", str(_("Read %(age)s ago", age=age(now - line.succeeded_at)))


def _trouble(line: CalendarLine, now: datetime) -> str:
    """Why it cannot be read, for how long, and when it is tried again."""
    if line.failure is None or line.failing_since is None:
        return ""
    facts = {name: value for name, value in line.failure.items() if name != "code"}
    why = wording.error_sentence(UnreadableCalendar(line.failure["code"], **facts), language())
    since = _("It has failed for %(age)s.", age=age(now - line.failing_since))
    if line.due_at is None:
        return why
    again = _("We try again in %(age)s.", age=age(max(line.due_at - now, now - now)))
    stands = _("What was read last stands until then.") if line.succeeded_at else ""
    return " ".join(filter(None, (why, str(since), str(again), str(stands))))


def _left_out(code: str, number: int) -> str:
    words: Mapping[str, str] = {
        "import.wild_rule": ngettext(
            "%(num)s event repeats in a way that we do not follow",
            "%(num)s events repeat in a way that we do not follow", number,
        ),
        "import.no_uid": ngettext(
            "%(num)s event has no UID, so it cannot be known again",
            "%(num)s events have no UID, so they cannot be known again", number,
        ),
    }  # fmt: skip
    otherwise = ngettext(
        "%(num)s event has times that make no sense", "%(num)s events have times that make no sense", number
    )
    return str(words.get(code, otherwise))


def _notes(line: CalendarLine, zone: ZoneInfo) -> list[str]:
    free = line.skipped.get("import.transparent", 0) + line.skipped.get("import.no_length", 0)
    unknown = line.skipped.get("import.unknown_zone", 0)
    notes = []
    if free:
        notes.append(ngettext("%(num)s event takes no time", "%(num)s events take no time", free))
    if unknown:
        notes.append(
            ngettext(
                "%(num)s event names a time zone that nobody knows, so we read it by the clocks here",
                "%(num)s events name a time zone that nobody knows, so we read them by the clocks here", unknown,
            )
        )  # fmt: skip
    if line.covers_until and not line.source:
        day = wording.day_text(line.covers_until.astimezone(zone).date(), language())
        notes.append(_("What repeats is known until %(day)s. Upload the file again before that.", day=day))
    return [str(each) for each in notes]


def clash_view(clash: Clash, card: ResourceCard) -> ClashView:
    """The booking, no more of it than the reader may see."""
    glimpse = clash.glimpse
    names = ", ".join(glimpse.resource_names)
    times = ", ".join(wording.when_compact(span, language(), card.zone) for span in clash.elsewhere[:3])
    return ClashView(
        title=glimpse.title or names,
        href=url_for("bookings.page", public_id=glimpse.public_id) if glimpse.may_open else "",
        iso=glimpse.span.starts_at.astimezone(card.zone).isoformat(),
        when=wording.when(glimpse.span, language(), card.zone),
        about=" · ".join(filter(None, (names if glimpse.title else "", glimpse.organisation))),
        elsewhere=str(_("“%(calendar)s” has it taken %(times)s", calendar=clash.calendar, times=times)),
    )
