"""A series as its page shows it: totals first, then a row for every date with its fate and what can be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import get_day_names

from booking import wording
from booking.core.localtime import local_day
from booking.core.recurrence import LAST, Every, Recurrence, nth_of
from booking.core.request import WallSpan
from booking.core.timespan import TimeSpan
from booking.http.display import day_short
from booking.http.language import language, locale
from booking.http.words import gettext as _
from booking.http.words import ngettext
from booking.services.alternatives import Alternative
from booking.services.catalogue import ResourceCard
from booking.services.series_wishes import AS_PLANNED, Choice, DateLine, Fate, Weighed
from booking.web.display import clock_span, week_text
from booking.web.reading import clock_field
from booking.web.series_form import choice_value
from booking.web.verdicts import FindingView, finding_view

Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One date: what is planned, what becomes of it, why, and what else can be chosen."""

    key: str
    day: str
    week: str
    iso: str
    time: str
    instead: str
    kind: str
    words: str
    holiday: str
    findings: list[FindingView]
    options: list[Option]
    chosen: str
    is_problem: bool
    advice: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """All rows with their totals; `bulk` are buttons that decide for many dates at once."""

    rows: list[Row]
    totals: list[tuple[int, str]]
    findings: list[FindingView]
    bulk: list[tuple[str, str]]
    kept: int
    settled: bool
    problems: list[Row] = field(default_factory=list)

    @property
    def problem_days(self) -> str:
        """For the hidden field that tells which dates stood in the way when this was shown."""
        return " ".join(row.key for row in self.problems)


def table_of(weighed: Weighed, card: ResourceCard, *, changing: bool = False) -> Table:
    """The page's table."""
    rows = [row_of(line, card, changing=changing) for line in weighed.lines]
    return Table(
        rows=rows,
        totals=totals_of(weighed, changing=changing),
        findings=[finding_view(finding, card.zone, card.id) for finding in weighed.of_all],
        bulk=_bulk(weighed, changing=changing),
        kept=len(weighed.kept),
        settled=weighed.is_settled,
        problems=[row for row in rows if row.is_problem],
    )


def totals_of(weighed: Weighed, *, changing: bool = False) -> list[tuple[int, str]]:
    """How many dates there are of each fate; what there is none of says nothing, apart from what is fine."""
    counts = [
        (len(weighed.lines), ngettext("date", "dates", len(weighed.lines)), True),
        (weighed.count(Fate.FINE), _("will change") if changing else _("fine"), True),
        (weighed.count(Fate.APPROVAL), _("need approval"), False),
        (weighed.count(Fate.TAKEN), _("taken"), False),
        (weighed.count(Fate.CLOSED), _("closed"), False),
        (weighed.count(Fate.REFUSED), _("against a rule"), False),
        (weighed.count(Fate.STAYS), _("stay as they are"), False),
        (weighed.count(Fate.SKIPPED), _("will be cancelled") if changing else _("left out"), False),
    ]
    return [(number, words) for number, words, always in counts if number or always]


def row_of(line: DateLine, card: ResourceCard, *, changing: bool) -> Row:
    """One date."""
    kind, words = _state(line, changing=changing)
    day = line.planned.starts.date()
    return Row(
        key=line.day.isoformat(),
        day=day_short(day),
        week=week_text(day),
        iso=line.planned.starts.isoformat(timespec="minutes"),
        time=wall_text(line.planned),
        instead=_instead(line, card),
        kind=kind,
        words=words,
        holiday=_named(line.holiday.names) if line.holiday else "",
        findings=[finding_view(finding, card.zone, card.id) for finding in line.verdict.findings],
        options=_options(line, card, changing=changing),
        chosen=choice_value(line.choice),
        is_problem=line.is_problem,
        advice=_advice(line, card),
    )


def wall_text(wall: WallSpan) -> str:
    """09:00–10:00 as it is planned, whatever the clock does that night."""
    start, end = (wording.hours_text([[clock_field(at), clock_field(at)]], language()).partition("–")[0] for at in (
        wall.starts, wall.ends,
    ))  # fmt: skip
    if wall.starts.date() == wall.ends.date():
        return f"{start}–{end}"
    return f"{start} – {day_short(wall.ends.date())} {end}"


def _named(names: Mapping[str, str]) -> str:
    return names.get(language()) or names["nb"]


def _state(line: DateLine, *, changing: bool) -> tuple[str, str]:
    moved = line.choice.span is not None
    return {
        Fate.FINE: ("ok", _("Moved") if moved else _("Changes") if changing else _("Fine")),
        Fate.APPROVAL: ("waiting", _("Needs approval")),
        Fate.SKIPPED: ("cancelled", _("Will be cancelled") if changing else _("Left out")),
        Fate.STAYS: ("quiet", _("Stays as it is")),
        Fate.TAKEN: ("refused", _("Taken")),
        Fate.CLOSED: ("refused", _("Closed")),
        Fate.REFUSED: ("refused", _("Against a rule")),
    }[line.fate]


def _instead(line: DateLine, card: ResourceCard) -> str:
    """What is booked in place of the plan."""
    if line.choice.span is None:
        return ""
    return _other_words(Alternative(line.card, line.choice.span), line, card)


def _options(line: DateLine, card: ResourceCard, *, changing: bool) -> list[Option]:
    blank = _("Choose …") if line.as_planned.refused else (_("Change it") if changing else _("Book it"))
    options = [("", blank)]
    if line.holiday and not line.as_planned.refused and not changing:
        options = [("plan", _("Book it"))]
    offers = list(line.offers)
    if line.choice.span and not any((o.card.slug, o.span) == (line.choice.slug, line.choice.span) for o in offers):
        offers.insert(0, Alternative(line.card, line.choice.span))
    options += [
        (choice_value(Choice(slug=each.card.slug, span=each.span)), _offer(each, line, card)) for each in offers
    ]
    if changing:
        options.append(("stay", _("Let it stay as it is")))
    options.append(("skip", _("Cancel it") if changing else _("Leave it out")))
    return options


def _offer(offer: Alternative, line: DateLine, card: ResourceCard) -> str:
    words = _other_words(offer, line, card)
    return _("%(choice)s (needs approval)", choice=words) if offer.needs_approval else words


def _other_words(offer: Alternative, line: DateLine, card: ResourceCard) -> str:
    """What differs: another room, another time, or another day and time."""
    if offer.card.id != card.id:
        return _("Other room: %(room)s", room=offer.card.name)
    if local_day(offer.span.starts_at, card.zone) == line.planned.starts.date():
        return _("Other time: %(time)s", time=clock_span(offer.span, card.zone))
    return _("Other day: %(time)s", time=wording.when_compact(offer.span, language(), card.zone))


def _advice(line: DateLine, card: ResourceCard) -> str:
    """Whom to ask when nothing else will do."""
    if not line.is_problem or line.offers:
        return ""
    if card.contact:
        return _("Nothing else is free near it. Leave it out, or ask %(contact)s.", contact=card.contact)
    return _("Nothing else is free near it. Leave it out, or choose another room for the whole series.")


def _bulk(weighed: Weighed, *, changing: bool) -> list[tuple[str, str]]:
    """What one press decides: leave out, let stay, another room."""
    buttons = []
    number = len(weighed.problems)
    if number and changing:
        words = ngettext(
            "Let the %(num)s in the way stay as it is", "Let the %(num)s in the way stay as they are", number
        )
        buttons.append(("stay-problems", words))
    elif number:
        words = ngettext("Leave out the %(num)s in the way", "Leave out the %(num)s in the way", number)
        buttons.append(("skip-problems", words))
    buttons += [
        (f"room:{card.slug}", _("Use %(room)s for %(number)s of them", room=card.name, number=many))
        for card, many in weighed.rooms_that_help[:3]
    ]
    if not changing and any(line.holiday and line.is_kept for line in weighed.lines):
        buttons.append(("skip-holidays", _("Leave out public holidays")))
    if any(line.choice != AS_PLANNED for line in weighed.lines):
        buttons.append(("plan", _("Undo all choices")))
    return buttons


def rule_words(rule: Recurrence, first: date) -> str:
    """Every Tuesday and Thursday; every second month on the 9th."""
    names = get_day_names("wide", locale=locale())
    if rule.every is Every.DATES:
        return ngettext("On %(num)s date", "On %(num)s dates", len(rule.dates))
    step = rule.step
    if rule.every is Every.DAY:
        return _("Every day") if step == 1 else _("Every %(number)s days", number=step)
    if rule.every is Every.WEEK:
        days = ", ".join(names[day] for day in sorted(rule.weekdays or (first.weekday(),)))
        weekly = _("Every week on %(days)s", days=days)
        return weekly if step == 1 else _("Every %(number)s weeks on %(days)s", number=step, days=days)
    if rule.every is Every.MONTH_DATE:
        monthly = _("Every month on day %(day)s", day=first.day)
        return monthly if step == 1 else _("Every %(number)s months on day %(day)s", number=step, day=first.day)
    if rule.every is Every.MONTH_WEEKDAY:
        which = nth_words(rule.nth or nth_of(first), names[first.weekday()])
        monthly = _("Every month on the %(which)s", which=which)
        return monthly if step == 1 else _("Every %(number)s months on the %(which)s", number=step, which=which)
    return _("Every year") if step == 1 else _("Every %(number)s years", number=step)


def nth_words(nth: int, weekday: str) -> str:
    """The second Tuesday; the last Friday."""
    words = {
        1: _("first %(weekday)s", weekday=weekday),
        2: _("second %(weekday)s", weekday=weekday),
        3: _("third %(weekday)s", weekday=weekday),
        4: _("fourth %(weekday)s", weekday=weekday),
        LAST: _("last %(weekday)s", weekday=weekday),
    }
    return words.get(nth, words[LAST])


def dates_text(spans: Sequence[TimeSpan], zone: ZoneInfo) -> str:
    """From the first date to the last."""
    first, last = (local_day(spans[at].starts_at, zone) for at in (0, -1))
    return f"{day_short(first)} – {day_short(last)}" if first != last else day_short(first)


def recipe_of(recipe: Mapping[str, object]) -> tuple[Recurrence, WallSpan]:
    """The rule and the first wall times of a stored series."""
    rule = recipe["rule"]
    starts, ends = (datetime.fromisoformat(str(recipe[name])) for name in ("starts", "ends"))
    return Recurrence.from_json(rule if isinstance(rule, dict) else {}), WallSpan(starts, ends)
