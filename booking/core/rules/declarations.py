"""R36: what must be read and accepted before booking."""

from __future__ import annotations

from collections.abc import Iterator

from booking.core.localtime import last_day, local_day
from booking.core.rules.rule import Case
from booking.core.safety import is_answered
from booking.core.safety_params import Declarations
from booking.core.verdict import Finding


def declared(case: Case, params: Declarations) -> Iterator[Finding]:
    """R36: the newest version of every document is accepted, once, each time or once a year, as the document says."""
    details, safety = case.request.details, case.facts.safety
    if details.not_yet_asked:
        return
    last = last_day(case.found_span, case.zone) if case.found_span else local_day(case.now, case.zone)
    for id_ in params.documents:
        document = safety.documents.get(id_)
        if document is None or is_answered(document, details.declarations, safety.answers, last):
            continue
        facts = {"name": document.names.get("nb", ""), "names": dict(document.names)}
        version = frozenset({f"{document.id}.{document.version}"})
        yield case.finding("R36.unanswered", facts, field="documents", extent=version)
