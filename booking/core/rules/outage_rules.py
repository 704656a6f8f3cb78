"""R12 and R13: planned maintenance, and what is out of service until somebody has put it right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from booking.core.outages import Effect, Outage, OutOfService
from booking.core.params import NoParams, Service
from booking.core.rules.rule import Case, instant
from booking.core.timespan import SpanSet
from booking.core.verdict import Finding, Weight


def outside_outages(case: Case, _: NoParams) -> Iterator[Finding]:
    """R12: no minute of the span falls in planned maintenance; where that only is worth knowing, a note."""
    for outage in case.resource.outages:
        meeting = outage.span.intersection(case.span)
        if meeting:
            is_notice = outage.effect is Effect.NOTICE
            code, weight = ("R12.notice", Weight.NOTES) if is_notice else ("R12.outage", None)
            yield case.finding(code, outage_facts(outage), weight=weight, extent=SpanSet((meeting,)))


def in_service(case: Case, params: Service) -> Iterator[Finding]:
    """R13: nothing while a safety fault stands; otherwise not before it is back, or as long as we assume it is down."""
    for fault in case.resource.faults:
        if fault.is_safety:
            yield case.finding("R13.safety", {"place": fault.place, **_contact(case)}, weight=Weight.LOCKED)
        elif case.found_span is not None:
            yield from _until_back(case, params, fault)


def _until_back(case: Case, params: Service, fault: OutOfService) -> Iterator[Finding]:
    down = fault.span(case.now, timedelta(hours=params.assume_down_hours))
    back = fault.known_back(case.now)
    if down is None or case.span.ends_at <= down.starts_at:
        return
    facts: dict[str, object] = {"place": fault.place}
    meeting = down.intersection(case.span)
    if meeting and back is not None:
        yield case.finding("R13.out_of_service", facts | {"back_at": instant(back)}, extent=SpanSet((meeting,)))
    elif meeting:
        facts |= {"assumed_at": instant(down.ends_at)}
        yield case.finding("R13.out_of_service", facts, field="assume_down_hours", extent=SpanSet((case.span,)))
    elif back is None:
        yield case.finding("R13.may_be_down", facts, weight=Weight.NOTES, extent=SpanSet((case.span,)))


def outage_facts(outage: Outage) -> dict[str, object]:
    """What is told of an outage."""
    return {
        "place": outage.place,
        "from": instant(outage.span.starts_at),
        "to": instant(outage.span.ends_at),
        "name": outage.reason,
    }


def _contact(case: Case) -> dict[str, object]:
    return {"contact": case.resource.contact} if case.resource.contact else {}
