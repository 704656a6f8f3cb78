"""When something of a given length could begin: one sweep over what is busy, without trying every minute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

Seconds = int
Stretch = tuple[Seconds, Seconds]


def free_starts(
    windows: Sequence[Stretch], busy: Sequence[Stretch], length: Seconds, before: Seconds = 0, after: Seconds = 0
) -> Iterator[Stretch]:
    """Stretches of starts, first and last included: the use fits into a window, and with set-up and clean-up is free.

    Windows are apart and in order of time; `busy` is in order of its starts and may overlap. Plain seconds: a fortnight
    of five hundred resources is tens of thousands of rows.
    """
    at, held_until = 0, None
    for opens, closes in windows:
        first, last = opens, closes - length
        while at < len(busy) and busy[at][0] < opens + length + after:
            held_until = busy[at][1] if held_until is None else max(held_until, busy[at][1])
            at += 1
        if held_until is not None:
            first = max(first, held_until + before)
        while at < len(busy) and first <= last and busy[at][0] < last + length + after:
            begins, ends = busy[at]
            latest = begins - after - length
            if first <= latest:
                yield first, latest
            held_until = ends if held_until is None else max(held_until, ends)
            first = max(first, held_until + before)
            at += 1
        if first <= last:
            yield first, last


def united(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The starts of any of several units, joined where they meet."""
    joined: list[Stretch] = []
    for first, last in sorted(stretches):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined
