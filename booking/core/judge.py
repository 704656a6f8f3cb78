"""The one judge behind every door: all findings about a request, never only the first."""

from __future__ import annotations

from booking.core.facts import Facts, ResourceFacts
from booking.core.request import Request
from booking.core.timespan import TimeSpan
from booking.core.verdict import Verdict


def judge(request: Request, facts: Facts) -> Verdict:
    """Every finding about every resource of the request."""
    raise NotImplementedError


def judge_change(before: Request, request: Request, facts: Facts) -> Verdict:
    """Only what the change makes new or worse; the facts leave out the booking being changed."""
    raise NotImplementedError


def busy_window(span: TimeSpan, resource: ResourceFacts) -> TimeSpan:
    """The span with the resource's set-up before and clean-up after."""
    raise NotImplementedError


def free_units(span: TimeSpan, resource: ResourceFacts) -> tuple[int, ...]:
    """The units that are free for the whole blocked interval, in the order of their ids."""
    raise NotImplementedError
