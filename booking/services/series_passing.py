"""A series in spite of the rules: which dates may be booked all the same, each judged like any booking."""

from booking.core.request import Request
from booking.core.sequence import Sequence
from booking.core.verdict import Finding, Verdict
from booking.services.overriding import may_pass
from booking.services.series_draft import Draft
from booking.services.series_wishes import DateLine, Planned


def verdict_of(
    number: int, request: Request, planned: Planned, draft: Draft, sequence: Sequence
) -> tuple[Verdict, tuple[Finding, ...]]:
    """What the judge says of a date, and what the actor passes of it."""
    verdict = sequence.verdict(number, request, planned.before)
    if not draft.passes or not _passable(draft, number, request, verdict, sequence):
        return verdict, ()
    return Verdict(tuple(each for each in verdict.findings if not each.refuses)), verdict.refusals


def may_pass_all(draft: Draft, lines: list[DateLine], sequence: Sequence) -> bool:
    """Whether everything that stands in the way of the series can be passed."""
    refused = [line for line in lines if line.is_kept and line.verdict.refused]
    return bool(refused) and all(
        _passable(draft, line.number, line.request, line.verdict, sequence) for line in refused
    )


def _passable(draft: Draft, number: int, request: Request, verdict: Verdict, sequence: Sequence) -> bool:
    facts = sequence.around(number, request)
    return draft.actor is not None and may_pass(draft.actor, verdict, request, facts, draft.cards)
