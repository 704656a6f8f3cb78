"""A small world for the rules: one room in Trondheim, one member, and short words for times and settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st

from booking.core.facts import Closed, Facts, MemberFacts, ResourceFacts, Taken
from booking.core.judge import judge
from booking.core.opening import SpecialDay, Window, open_spans
from booking.core.params import Hours
from booking.core.request import Item, Request, WallSpan
from booking.core.rules.catalogue import RULE_BY_CODE
from booking.core.scope import Scope, ScopeKind
from booking.core.settings import Effective, Setting, effective
from booking.core.timespan import SpanSet, TimeSpan
from booking.core.verdict import Finding, Verdict, Weight

OSLO = ZoneInfo("Europe/Oslo")
SITE = Scope(ScopeKind.SITE, 1, "Sluppen")
MINUTE = timedelta(minutes=1)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)  # Sunday 10:00 in Oslo
KARI, OLA = 1, 2
NIGHTS = (date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31))

quick = settings(max_examples=120, deadline=None)


def at(text: str, fold: int = 0) -> datetime:
    """The instant when clocks in Oslo show "2026-11-24 10:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=OSLO, fold=fold).astimezone(UTC)


def span(starts: str, ends: str) -> TimeSpan:
    """From "2026-11-24 10:00" to "11:00" the same day, or to another date and time."""
    return TimeSpan(at(starts), at(ends if "-" in ends else f"{starts[:10]} {ends}"))


def wall(starts: str, ends: str, start_fold: int | None = None, end_fold: int | None = None) -> WallSpan:
    ends = ends if "-" in ends else f"{starts[:10]} {ends}"
    return WallSpan(datetime.fromisoformat(starts), datetime.fromisoformat(ends), start_fold, end_fold)


def set_to(rule: str, weight: Weight | None = None, **params: object) -> Effective:
    """A rule as the site sets it."""
    return effective(RULE_BY_CODE[rule], [Setting(rule, params, weight, SITE)], frozenset(), NOW)


def weekly(*days: int, opens: str = "07:00", closes: str = "17:00") -> list[dict[str, object]]:
    return [{"weekday": day, "opens": opens, "closes": closes} for day in days]


def taken(what: TimeSpan, *, unit: int = 1, before: int = 0, after: int = 0, requested: bool = False) -> Taken:
    return Taken(unit, what.padded(before * MINUTE, after * MINUTE), what, 9, OLA, requested)


def closed(what: TimeSpan, name: str = "Maintenance", **more: object) -> Closed:
    return Closed(what, name, SITE, **more)  # type: ignore[arg-type]


def a_room(**changes: object) -> ResourceFacts:
    room = ResourceFacts(1, "teknobyen", "Teknobyen", units=(1,))
    return replace(room, **changes)  # type: ignore[arg-type]


def a_pool(units: int, **changes: object) -> ResourceFacts:
    return a_room(units=tuple(range(1, units + 1)), is_pool=True, **changes)


def facts_of(
    *rooms: ResourceFacts, window: TimeSpan, now: datetime = NOW, member: MemberFacts | None = None,
    group_names: Mapping[int, str] | None = None,
) -> Facts:  # fmt: skip
    """Facts with each room open as its R10 says, unless it was given hours of its own."""
    opened = {room.id: room if room.open else replace(room, open=_open(room, window)) for room in rooms}
    return Facts(now, OSLO, opened, member or MemberFacts(KARI), window, group_names or {})


def _open(room: ResourceFacts, window: TimeSpan) -> SpanSet:
    return open_spans(room.values("R10", Hours).weekly, room.special_days, window, OSLO)


def asks(what: TimeSpan | WallSpan, people: int | None = None, quantity: int = 1, **more: object) -> Request:
    times = what if isinstance(what, WallSpan) else WallSpan.of(what, OSLO)
    return Request(times, (Item(1, quantity),), people, KARI, **more)  # type: ignore[arg-type]


def verdict(
    what: TimeSpan | WallSpan, room: ResourceFacts, *, people: int | None = None, quantity: int = 1,
    now: datetime | None = None, member: MemberFacts | None = None, organisation_id: int | None = None,
    group_names: Mapping[int, str] | None = None,
) -> Verdict:  # fmt: skip
    """The judge's answer; unless told otherwise it is asked the day before."""
    around = what if isinstance(what, TimeSpan) else _around(what)
    window = around.padded(timedelta(days=4), timedelta(days=4))
    request = asks(what, people, quantity, organisation_id=organisation_id)
    asked_at = now or around.starts_at - timedelta(days=1)
    return judge(request, facts_of(room, window=window, now=asked_at, member=member, group_names=group_names))


def _around(times: WallSpan) -> TimeSpan:
    first = min(times.starts, times.ends).replace(tzinfo=UTC)
    return TimeSpan(first, max(times.starts, times.ends).replace(tzinfo=UTC) + timedelta(days=1))


def only(found: Verdict, code: str) -> Finding:
    """The one finding with this code, and there is no other refusal."""
    assert found.codes == (code,)
    (finding,) = found.findings
    return finding


def has(found: Verdict, rule: str) -> bool:
    return any(finding.rule == rule for finding in found.findings)


def minutes_of(what: TimeSpan) -> set[datetime]:
    """Every minute of a span, one by one."""
    return set(each_minute(what))


def each_minute(what: TimeSpan) -> Iterator[datetime]:
    instant = what.starts_at
    while instant < what.ends_at:
        yield instant
        instant += MINUTE


def first_shown(wall_time: datetime, search: TimeSpan) -> datetime:
    """The first minute when the clock has come as far as `wall_time`, by looking at it minute after minute."""
    return next(
        instant for instant in each_minute(search) if instant.astimezone(OSLO).replace(tzinfo=None) >= wall_time
    )


@st.composite
def spans(draw: st.DrawFn, *, days: int = 2, step: int = 15, longest: int = 24 * 60) -> TimeSpan:
    """Spans around one of the awkward nights or an ordinary midnight."""
    day = draw(st.sampled_from((*NIGHTS, date(2026, 11, 24))))
    first = datetime.combine(day, time(), UTC) - timedelta(hours=12)
    starts_at = first + step * MINUTE * draw(st.integers(0, days * 24 * 60 // step))
    return TimeSpan(starts_at, starts_at + step * MINUTE * draw(st.integers(1, longest // step)))


@st.composite
def near(draw: st.DrawFn, what: TimeSpan, *, step: int = 15, reach: int = 8 * 60) -> TimeSpan:
    """Spans that touch, overlap or lie close to another."""
    starts_at = what.starts_at + step * MINUTE * draw(st.integers(-reach // step, reach // step))
    return TimeSpan(starts_at, starts_at + step * MINUTE * draw(st.integers(1, 4 * 60 // step)))


def special(day: str, *hours: tuple[str, str], name: str = "") -> SpecialDay:
    on = date.fromisoformat(day)
    windows = tuple(
        Window(on.weekday(), time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in hours
    )
    return SpecialDay(on, windows, name)
