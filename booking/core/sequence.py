"""Judges many requests of one member in a row, the others counted, from facts that were gathered once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypeVar

from booking.core.alternatives import near_times
from booking.core.blocking import busy_window, free_units
from booking.core.facts import Closed, Facts, OwnBooking, ResourceFacts, Taken
from booking.core.judge import judge, judge_change
from booking.core.lab_params import Required
from booking.core.outages import BusyElsewhere
from booking.core.params import Longest
from booking.core.quotas import wanted_use
from booking.core.request import Request
from booking.core.timespan import SpanSet, TimeSpan
from booking.core.usage import Use
from booking.core.verdict import Verdict

DAY = timedelta(days=1)
T = TypeVar("T")
_Days = dict[date, list[T]]


@dataclass(frozen=True, slots=True)
class _Calendar:
    """What is known of one resource, by the UTC days that it touches, so that each date looks at its own days only."""

    resource: ResourceFacts
    taken: _Days[Taken]
    closed: _Days[Closed]
    open: _Days[TimeSpan]
    same_party: _Days[TimeSpan]
    busy_elsewhere: _Days[BusyElsewhere]

    @classmethod
    def of(cls, resource: ResourceFacts) -> _Calendar:
        return cls(
            resource,
            _by_day(resource.taken, lambda each: each.busy),
            _by_day(resource.closed, lambda each: each.span),
            _by_day(resource.open, lambda each: each),
            _by_day(resource.same_party, lambda each: each),
            _by_day(resource.busy_elsewhere, lambda each: each.span),
        )

    def around(self, span: TimeSpan, taken: Iterable[Taken], same_party: Iterable[TimeSpan]) -> ResourceFacts:
        """The resource as it is on the days of the span, with what else is taken."""
        days = _days(span)
        return replace(
            self.resource,
            taken=(*_on(self.taken, days), *taken),
            closed=tuple(sorted(_on(self.closed, days), key=lambda each: each.span)),
            open=SpanSet(_on(self.open, days)),
            same_party=tuple(sorted({*_on(self.same_party, days), *same_party})),
            busy_elsewhere=_on(self.busy_elsewhere, days),
        )


@dataclass(slots=True)
class Sequence:
    """The judge of a series: what it has been told to `take` counts for every other date, and not for its own.

    Each date has a number, by which it is taken, judged anew and let go.
    """

    facts: Facts
    _calendars: dict[int, _Calendar] = field(init=False)
    _own: dict[int, list[tuple[int, Taken]]] = field(init=False, default_factory=dict)
    _uses: dict[int, Use] = field(init=False, default_factory=dict)
    _elsewhere: _Days[OwnBooking] = field(init=False)

    def __post_init__(self) -> None:
        self._elsewhere = _by_day(self.facts.own, lambda each: each.span)
        self._calendars = {id_: _Calendar.of(resource) for id_, resource in self.facts.resources.items()}

    def learn(self, resources: Mapping[int, ResourceFacts]) -> None:
        """Adds what is known of more resources."""
        self.facts = replace(self.facts, resources={**resources, **self.facts.resources})
        for id_, resource in resources.items():
            self._calendars.setdefault(id_, _Calendar.of(resource))

    def verdict(self, number: int, request: Request, before: Request | None = None) -> Verdict:
        """What the judge says of one date; of a change, what it makes new or worse."""
        if before is None:
            return judge(request, self.around(number, request))
        window = _both(self._window(request), self._window(before))
        return judge_change(before, request, self.around(number, request, window, before))

    def take(self, number: int, request: Request) -> None:
        """From now on the other dates find this one taken."""
        span = request.wall.resolve(self.facts.zone)
        if not isinstance(span, TimeSpan):
            return
        known = self.facts.resources
        in_pool = any(known[item.resource_id].is_pool for item in request.items)
        here = self.around(number, request) if in_pool else self.facts
        held: list[tuple[int, Taken]] = []
        for item in request.items:
            resource = here.resources[item.resource_id]
            units = free_units(span, resource)[: item.quantity] if resource.is_pool else resource.units
            busy = busy_window(span, resource)
            held += [(resource.id, Taken(unit, busy, span, -1 - number, request.member_id)) for unit in units]
        self._own[number] = held
        self._uses[number] = replace(wanted_use(request, span, here), booking_id=-1 - number)

    def units(self, number: int, resource_id: int) -> tuple[int, ...]:
        """The units of this resource that a date has taken."""
        return tuple(each.unit_id for id_, each in self._own.get(number, ()) if id_ == resource_id)

    def let_go(self, number: int) -> None:
        """The opposite of `take`."""
        self._own.pop(number, None)
        self._uses.pop(number, None)

    def near(self, number: int, request: Request, window: TimeSpan, most: int) -> list[TimeSpan]:
        """Other times for a date inside the window that the judge accepts with all other dates counted."""
        return near_times(request, self.around(number, request, window), most=most)

    def around(
        self, number: int, request: Request, window: TimeSpan | None = None, before: Request | None = None
    ) -> Facts:
        """The facts on the days around a date, with what the other dates have taken."""
        window = window or self._window(request)
        wide = window.padded(self._reach(request), self._reach(request))
        others = [pair for n, held in self._own.items() if n != number for pair in held if pair[1].busy.overlaps(wide)]
        wanted = {item.resource_id for item in (*request.items, *(before.items if before else ()))}
        wanted &= self._calendars.keys()
        uses = tuple(use for n, use in self._uses.items() if n != number)
        resources = {id_: self._resource(self._calendars[id_], wide, others, uses) for id_ in wanted}
        return replace(self.facts, resources=resources, window=window, own=_on(self._elsewhere, _days(window)))

    def _resource(
        self, calendar: _Calendar, span: TimeSpan, others: list[tuple[int, Taken]], uses: tuple[Use, ...]
    ) -> ResourceFacts:
        units = set(calendar.resource.units)
        taken = [each for _, each in others if each.unit_id in units]
        own = [each.span for id_, each in others if id_ == calendar.resource.id]
        here = calendar.around(span, taken, own)
        return replace(here, usage=replace(here.usage, series=uses)) if here.usage else here

    def _window(self, request: Request) -> TimeSpan:
        span = request.wall.resolve(self.facts.zone)
        if isinstance(span, TimeSpan):
            return span.padded(DAY, DAY)
        starts = request.wall.starts.replace(tzinfo=self.facts.zone)
        return TimeSpan(starts - DAY, starts + 2 * DAY)

    def _reach(self, request: Request) -> timedelta:
        """How far bookings may lie apart and still count as one, or as practice."""
        rows = [self.facts.resources[item.resource_id].values("R21", Longest) for item in request.items]
        lengths = [row.minutes + row.merge_gap_minutes for row in rows if row.minutes is not None]
        asked = [self.facts.resources[item.resource_id].values("R31", Required) for item in request.items]
        lately = [timedelta(days=each.recency_days) for each in asked if each.recency_days is not None]
        return max([DAY, *lately, *(timedelta(minutes=length) for length in lengths)])


def _both(one: TimeSpan, other: TimeSpan) -> TimeSpan:
    return TimeSpan(min(one.starts_at, other.starts_at), max(one.ends_at, other.ends_at))


def _by_day(items: Iterable[T], span_of: Callable[[T], TimeSpan]) -> _Days[T]:
    days: _Days[T] = defaultdict(list)
    for each in items:
        for day in _days(span_of(each)):
            days[day].append(each)
    return days


def _days(span: TimeSpan) -> list[date]:
    first = span.starts_at.date()
    return [first + timedelta(days=n) for n in range((span.ends_at.date() - first).days + 1)]


def _on(by_day: _Days[T], days: list[date]) -> tuple[T, ...]:
    """Everything that touches these days, each once."""
    return tuple({id(each): each for day in days for each in by_day.get(day, ())}.values())
