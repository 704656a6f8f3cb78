"""What a member and their organisations have booked already, as quotas count it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from booking.core.timespan import SpanSet, TimeSpan

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a resource lies: ids by "resource", "category", "building" and "site", and their names by language."""

    ids: Mapping[str, int] = field(hash=False)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)

    def called(self, over: str) -> dict[str, object]:
        """A scope's name as facts hold it."""
        names = self.names.get(over, {})
        return {"name": names.get("nb", ""), "names": dict(names)}


@dataclass(frozen=True, slots=True)
class Used:
    """One resource of a booking, and how many of its units."""

    place: Place
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Use:
    """One booking that counts, or one that is asked for."""

    booking_id: int
    span: TimeSpan
    member_id: int
    organisation_id: int | None
    items: tuple[Used, ...]

    def units(self, over: str, id_: int) -> int:
        """How many units of a scope it takes."""
        return sum(item.quantity for item in self.items if item.place.ids.get(over) == id_)


class Uses:
    """Bookings by the UTC days that they touch; remembers sums, as many times are tried against the same bookings."""

    def __init__(self, uses: Iterable[Use] = ()) -> None:
        self.all = tuple(uses)
        self.by_id = {use.booking_id: use for use in self.all}
        self.sums: dict[Hashable, float] = {}
        self._by_day: dict[date, list[Use]] = defaultdict(list)
        for use in self.all:
            for day in _days(use.span):
                self._by_day[day].append(use)

    def touching(self, span: TimeSpan) -> Iterator[Use]:
        """Those that share an instant with the span, each once."""
        near = {id(use): use for day in _days(span) for use in self._by_day.get(day, ())}
        return (use for use in near.values() if use.span.overlaps(span))


@dataclass(frozen=True, slots=True)
class Usage:
    """Where a resource lies, what counts against its quotas, and the other dates of the series that is weighed.

    `but` is a booking that is judged as it stands, and does not count against itself.
    """

    place: Place
    uses: Uses = field(default_factory=Uses, hash=False, compare=False)
    series: tuple[Use, ...] = ()
    but: int | None = None

    def touching(self, span: TimeSpan) -> Iterator[Use]:
        """What counts and shares an instant with the span."""
        yield from (use for use in self.uses.touching(span) if use.booking_id != self.but)
        yield from (use for use in self.series if use.span.overlaps(span))

    def without(self, booking_ids: Iterable[int]) -> Usage:
        """The same without bookings that are about to be changed."""
        gone = frozenset(booking_ids)
        return replace(self, uses=Uses(use for use in self.uses.all if use.booking_id not in gone))


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose bookings are added up; who books for no organisation counts as one of their own."""

    kind: str
    id: int
    is_alone: bool = False

    def has(self, use: Use) -> bool:
        """Whether the booking counts as theirs."""
        if self.kind == "member":
            return use.member_id == self.id
        if self.is_alone:
            return use.organisation_id is None and use.member_id == self.id
        return use.organisation_id == self.id


def minutes_within(span: TimeSpan, within: TimeSpan, counted: SpanSet | None) -> float:
    """How much of the span falls within the period, and in what is counted when that is not everything."""
    shared = span.intersection(within)
    if shared is None:
        return 0.0
    length = shared.duration if counted is None else (SpanSet((shared,)) & counted).total
    return length / MINUTE


def _days(span: TimeSpan) -> Iterator[date]:
    first = span.starts_at.date()
    return (first + timedelta(days=n) for n in range((span.ends_at.date() - first).days + 1))


__all__ = ["Place", "Subject", "Usage", "Use", "Used", "Uses", "minutes_within"]
