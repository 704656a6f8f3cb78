"""Pools: how many units are held at each instant, and a seat for a booking whenever the pool as a whole has room.

A request fits if and only if at every instant of its window fewer than all units are held (an interval graph needs as
many colours as its largest clique). Where no single unit is free throughout, bookings change units in segments: to
clear unit u from t on, take a unit v that is free at t, and the first instant x that no booking of u or v straddles;
exchange what u and v have in [t, x). Then the next booking of u starts later than t. Only bookings that begin after
the window's own start move, and never one that has begun.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import accumulate

from booking.core.timespan import SpanSet, TimeSpan

NEVER = datetime.max.replace(tzinfo=UTC)
EVER = datetime.min.replace(tzinfo=UTC)
WANTED = 0  # the item of the booking that is being seated


class Usage:
    """How many units are held at each instant, as steps."""

    def __init__(self, spans: Iterable[TimeSpan]) -> None:
        changes: dict[datetime, int] = {}
        for span in spans:
            changes[span.starts_at] = changes.get(span.starts_at, 0) + 1
            changes[span.ends_at] = changes.get(span.ends_at, 0) - 1
        self.at = sorted(changes)
        self.used = list(accumulate(changes[instant] for instant in self.at))

    def peak(self, within: TimeSpan) -> int:
        """The most that are held at one instant."""
        first = bisect_right(self.at, within.starts_at) - 1
        last = bisect_left(self.at, within.ends_at)
        return max(self.used[max(first, 0) : last], default=0)

    def above(self, limit: int, within: TimeSpan) -> SpanSet:
        """When more than so many are held; always, when the limit is below nothing."""
        if limit < 0:
            return SpanSet((within,))
        steps = zip(self.at, self.at[1:], self.used, strict=False)
        return SpanSet(TimeSpan(start, end) for start, end, used in steps if used > limit) & SpanSet((within,))


@dataclass(frozen=True, slots=True)
class Held:
    """One unit held by one item; a pinned one may not be given another unit."""

    item_id: int
    unit_id: int
    busy: TimeSpan
    pinned: bool = False

    @property
    def starts_at(self) -> datetime:
        return self.busy.starts_at


@dataclass(frozen=True, slots=True)
class Move:
    """What one item gives back and takes instead."""

    item_id: int
    gives: frozenset[int]
    takes: frozenset[int]


@dataclass(frozen=True, slots=True)
class Seating:
    """The units for the booking, and who has to move for it."""

    units: tuple[int, ...]
    moves: tuple[Move, ...] = ()


def seat(
    units: Collection[int],
    held: Collection[Held],
    wanted: TimeSpan,
    quantity: int,
    now: datetime,
    keep: Collection[int] = (),
) -> Seating | None:
    """Units for the wanted window, None when the pool is truly full.

    `held` must be whole: no holding that is left out may begin before the last of those given has ended. `keep` are
    the units of a booking that has begun, which stays where it is.
    """
    plan = _Plan(units, held, now)
    for _ in range(quantity):
        if not plan.place(wanted, keep):
            return None
    return Seating(plan.units_of(WANTED), plan.moves(held))


class _Plan:
    """Who holds what while it is being rearranged."""

    def __init__(self, units: Collection[int], held: Collection[Held], now: datetime) -> None:
        self.now = now
        self.of: dict[int, list[Held]] = {unit: [] for unit in sorted(units)}
        for each in held:
            if each.unit_id in self.of:
                insort(self.of[each.unit_id], each, key=_start)

    def place(self, wanted: TimeSpan, keep: Collection[int]) -> bool:
        """Puts the wanted window on one more unit: one to keep, the best that is free, or one that can be cleared."""
        for unit in self._candidates(wanted, keep):
            before = {each: list(holdings) for each, holdings in self.of.items()}
            if self._clear(unit, wanted):
                insort(self.of[unit], Held(WANTED, unit, wanted, pinned=True), key=_start)
                return True
            self.of = before
        return False

    def _candidates(self, wanted: TimeSpan, keep: Collection[int]) -> list[int]:
        """Units free at the start; kept ones first, then the tightest gaps, then whoever must move latest."""
        start, end = wanted.starts_at, wanted.ends_at
        free = [unit for unit in self.of if self._is_free_at(unit, start)]

        def order(unit: int) -> tuple[bool, bool, float, float, int]:
            next_start, last_end = self._next_start(unit, start), self._last_end(unit, start)
            whole = next_start >= end
            gap = (start - last_end).total_seconds()
            after = (next_start - end).total_seconds() if whole else (NEVER - next_start).total_seconds()
            return unit not in keep, not whole, gap if whole else after, after, unit

        return sorted(free, key=order)

    def _clear(self, unit: int, wanted: TimeSpan) -> bool:
        """Exchanges segments until nothing of the unit begins inside the window."""
        while (at := self._next_start(unit, wanted.starts_at)) < wanted.ends_at:
            others = [other for other in self.of if other != unit and self._is_free_at(other, at)]
            others.sort(key=lambda other: (self._next_start(other, at), -other), reverse=True)
            if not any(self._exchange(unit, other, at) for other in others):
                return False
        return True

    def _exchange(self, one: int, other: int, at: datetime) -> bool:
        """Swaps what the two units have from an instant to the first that neither's bookings straddle."""
        until = self._first_cut(one, other, at)
        ours, others = self._between(one, at, until), self._between(other, at, until)
        if any(each.pinned or each.starts_at <= self.now for each in (*ours, *others)):
            return False
        for unit, mine, theirs in ((one, ours, others), (other, others, ours)):
            rest = [each for each in self.of[unit] if each not in mine]
            self.of[unit] = sorted([*rest, *(replace(each, unit_id=unit) for each in theirs)], key=_start)
        return True

    def _first_cut(self, one: int, other: int, at: datetime) -> datetime:
        """The first instant later than `at`, when a booking of one begins, that no booking of the two straddles."""
        until = self._between_at(one, at).busy.ends_at
        while straddling := [each.busy.ends_at for each in self._holding(one, other, until) if each.starts_at < until]:
            until = max(straddling)
        return until

    def _between_at(self, unit: int, at: datetime) -> Held:
        return self.of[unit][bisect_left(self.of[unit], at, key=_start)]

    def _holding(self, one: int, other: int, instant: datetime) -> Iterator[Held]:
        return (held for held in (self._at(one, instant), self._at(other, instant)) if held)

    def _between(self, unit: int, start: datetime, end: datetime) -> list[Held]:
        holdings = self.of[unit]
        return holdings[bisect_left(holdings, start, key=_start) : bisect_left(holdings, end, key=_start)]

    def _at(self, unit: int, instant: datetime) -> Held | None:
        """What the unit is held by at an instant."""
        index = bisect_right(self.of[unit], instant, key=_start) - 1
        found = self.of[unit][index] if index >= 0 else None
        return found if found and found.busy.contains(instant) else None

    def _is_free_at(self, unit: int, instant: datetime) -> bool:
        return self._at(unit, instant) is None

    def _next_start(self, unit: int, instant: datetime) -> datetime:
        index = bisect_left(self.of[unit], instant, key=_start)
        return self.of[unit][index].starts_at if index < len(self.of[unit]) else NEVER

    def _last_end(self, unit: int, instant: datetime) -> datetime:
        index = bisect_left(self.of[unit], instant, key=_start) - 1
        return self.of[unit][index].busy.ends_at if index >= 0 else EVER

    def units_of(self, item_id: int) -> tuple[int, ...]:
        return tuple(unit for unit, holdings in self.of.items() if any(each.item_id == item_id for each in holdings))

    def moves(self, before: Iterable[Held]) -> tuple[Move, ...]:
        """Every item that ends up with other units than it had."""
        old, new = _by_item(before), _by_item(each for holdings in self.of.values() for each in holdings)
        return tuple(_moved(old, new))


def _moved(old: dict[int, set[int]], new: dict[int, set[int]]) -> Iterator[Move]:
    for item_id in sorted(old):
        had, has = old[item_id], new.get(item_id, set())
        if had != has:
            yield Move(item_id, frozenset(had - has), frozenset(has - had))


def _by_item(held: Iterable[Held]) -> dict[int, set[int]]:
    units: dict[int, set[int]] = {}
    for each in held:
        units.setdefault(each.item_id, set()).add(each.unit_id)
    return units


def _start(held: Held) -> datetime:
    return held.starts_at


__all__ = ["Held", "Move", "Seating", "Usage", "seat"]
