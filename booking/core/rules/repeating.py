"""R28: whether a booking may repeat, how many times, and over how many days."""

from __future__ import annotations

from collections.abc import Iterator

from booking.core.params import Series
from booking.core.rules.rule import Case
from booking.core.verdict import Finding


def short_series(case: Case, params: Series) -> Iterator[Finding]:
    """R28: of a request that belongs to a series, the series as a whole."""
    series = case.request.series
    if series is None or series.occurrences < 2:
        return
    if not params.allowed:
        yield case.finding("R28.not_allowed", field="allowed")
        return
    most, days = params.most_occurrences, params.most_days
    if most is not None and series.occurrences > most:
        facts = {"limit": most, "asked": series.occurrences}
        yield case.finding("R28.too_many", facts, field="most_occurrences", extent=float(series.occurrences - most))
    if days is not None and series.days > days:
        facts = {"limit": days, "asked": series.days}
        yield case.finding("R28.too_far", facts, field="most_days", extent=float(series.days - days))
