"""What takes a resource, in order of time, so that the few bookings near another are found at once."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import timedelta

from booking.core.facts import Taken
from booking.core.timespan import TimeSpan

NEARBY = timedelta(days=1)


class Neighbours:
    """What takes one resource."""

    def __init__(self, taken: Iterable[Taken]) -> None:
        self.taken = sorted(taken, key=lambda each: each.busy)
        self.starts = [each.busy.starts_at for each in self.taken]
        self.longest = max((each.busy.duration for each in self.taken), default=timedelta())

    def around(self, span: TimeSpan, without_booking_id: int) -> tuple[Taken, ...]:
        """Others' taking within a day of the span."""
        first = bisect_left(self.starts, span.starts_at - NEARBY - self.longest)
        last = bisect_right(self.starts, span.ends_at + NEARBY)
        return tuple(each for each in self.taken[first:last] if each.booking_id != without_booking_id)


class Spans:
    """Bookings of one member, in order of time, each with its id."""

    def __init__(self, spans: Iterable[tuple[TimeSpan, int]]) -> None:
        self.spans = sorted(spans, key=lambda pair: pair[0].starts_at)
        self.starts = [span.starts_at for span, _ in self.spans]
        self.longest = max((span.duration for span, _ in self.spans), default=timedelta())

    def around(self, span: TimeSpan, without_booking_id: int, reach: timedelta) -> list[tuple[TimeSpan, int]]:
        """The others that come within `reach` of the span."""
        first = bisect_left(self.starts, span.starts_at - reach - self.longest)
        last = bisect_left(self.starts, span.ends_at + reach)
        earliest = span.starts_at - reach
        return [pair for pair in self.spans[first:last] if pair[1] != without_booking_id and pair[0].ends_at > earliest]


__all__ = ["NEARBY", "Neighbours", "Spans"]
