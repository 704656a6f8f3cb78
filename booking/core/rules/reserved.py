"""R16: weekly windows held for groups; others may book what is still free from some hours before each begins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from booking.core.facts import Facts, ResourceFacts
from booking.core.opening import window_spans
from booking.core.quota_params import Reserved
from booking.core.rules.rule import Case, instant
from booking.core.timespan import SpanSet, TimeSpan
from booking.core.verdict import Finding


def not_held_for_others(case: Case, params: Reserved) -> Iterator[Finding]:
    """R16: no minute falls in a window that is still held for groups the member is not in."""
    for window in still_held(params, case.span, case.facts):
        names = [case.facts.group_names[group] for group in params.groups if group in case.facts.group_names]
        facts: dict[str, object] = {
            "groups": names,
            "from": instant(window.starts_at),
            "to": instant(window.ends_at),
            "until_at": instant(released_at(params, window)),
        }
        extent = SpanSet((window,)) & SpanSet((case.span,))
        yield case.finding("R16.held", facts, field="windows", extent=extent)


def still_held(params: Reserved, within: TimeSpan, facts: Facts) -> Iterator[TimeSpan]:
    """The windows that meet `within` and that the member may not use yet."""
    if not params.windows or facts.member.groups.intersection(params.groups):
        return
    for window in window_spans(params.windows, within, facts.zone):
        if facts.now < released_at(params, window):
            yield window


def released_at(params: Reserved, window: TimeSpan) -> datetime:
    """From when everybody may book what is left of a window, counted back as time passes."""
    return window.starts_at - timedelta(hours=params.release_hours)


def turns(length: timedelta, resource: ResourceFacts, facts: Facts) -> Iterator[datetime]:
    """The starts just before and after the windows that are held."""
    for window in still_held(resource.values("R16", Reserved), facts.window, facts):
        yield window.ends_at
        yield window.starts_at - length
