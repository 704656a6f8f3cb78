"""A rehearsal as pages show it: how far it has come, and at the end whom the draft would meet."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from booking.admin.consequences import Misfit, misfit
from booking.permissions import Actor
from booking.services.rehearsal import Outcome, Rehearsed, by_organisation
from booking.services.stranded import as_seen

MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class RehearsalView:
    """Numbers on the way; at the end also the bookings that would be refused, those ahead first."""

    judged: int
    reached: int
    total: int
    is_done: bool = False
    refused: int = 0
    ahead: int = 0
    to_approve: int = 0
    noted: int = 0
    refused_already: int = 0
    organisations: list[tuple[str, int]] = field(default_factory=list)
    listed: list[Misfit] = field(default_factory=list)
    more: int = 0


def told(session: Session, now: datetime, actor: Actor, states: Iterable[Rehearsed]) -> Iterator[RehearsalView]:
    """Each state in turn."""
    for state in states:
        if state.is_done:
            yield _at_the_end(session, now, actor, state)
        else:
            yield RehearsalView(state.judged, state.reached, state.total)


def _at_the_end(session: Session, now: datetime, actor: Actor, state: Rehearsed) -> RehearsalView:
    listed = sorted([*state.refused, *state.to_approve], key=_ahead_first)[:MOST_LISTED]
    findings = {each.booking_id: each.findings for each in listed}
    return RehearsalView(
        state.judged,
        state.reached,
        state.total,
        is_done=True,
        refused=len(state.refused),
        ahead=sum(not each.is_past for each in state.refused),
        to_approve=len(state.to_approve),
        noted=state.noted,
        refused_already=state.refused_already,
        organisations=by_organisation(session, state.refused),
        listed=[misfit(each) for each in as_seen(session, now, actor, findings).values()],
        more=max(0, len(state.refused) + len(state.to_approve) - MOST_LISTED),
    )


def _ahead_first(outcome: Outcome) -> tuple[bool, int]:
    return outcome.is_past, outcome.booking_id
