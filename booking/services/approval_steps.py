"""Asking for approval, and how each question stands now, also when the job that keeps time has stopped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, or_, select
from sqlalchemy.orm import Session

from booking.core.approval_params import Approval
from booking.core.approvals import EXPIRE, after_working_days, awaited
from booking.core.facts import Facts
from booking.core.lifecycle import State
from booking.core.request import Item
from booking.core.scope import Scope, ScopeKind
from booking.core.verdict import Finding, Weight
from booking.models import ApprovalDecision, ApprovalStep, Booking
from booking.services import mail_waiting
from booking.services.approval_facts import COUNTRY
from booking.services.catalogue import ResourceCard, resources_by_id
from booking.services.holidays import holiday
from booking.services.on_duty import LEVELS, OnDuty, Rung, on_duty

NAMES = frozenset({"who"})  # what is left out of what is kept


@dataclass(frozen=True, slots=True)
class Asking:
    """A booking that needs a yes: the findings that say so, and the facts they came from."""

    booking_id: int
    starts_at: datetime
    items: tuple[Item, ...]
    findings: tuple[Finding, ...]
    facts: Facts


@dataclass(frozen=True, slots=True)
class Step:
    """One question about one resource as it stands. `called` are those whose turn it is to be told of it."""

    id: int
    resource_id: int
    level: str
    mode: str
    asked: tuple[int, ...]
    above: tuple[int, ...]
    called: frozenset[int]
    approved: frozenset[int]
    findings: tuple[Finding, ...]
    asked_at: datetime
    until_at: datetime
    has_expired: bool = False
    moved: tuple[tuple[str, datetime, datetime], ...] = ()  # escalations that nobody has written down yet

    @property
    def awaited(self) -> tuple[int, ...]:
        """Whose yes is missing; a yes from a wider scope is enough."""
        if self.approved.intersection(self.above):
            return ()
        return awaited(self.mode, self.asked, self.approved) or (() if self.asked else self.above)

    @property
    def is_settled(self) -> bool:
        """Whether the yes is given."""
        return bool(self.approved) and not self.awaited


def ask(session: Session, now: datetime, askings: Sequence[Asking]) -> None:
    """Begins a new round for each: a step for every resource that a finding is about, or for all of them."""
    if not askings:
        return
    newest = select(ApprovalStep.booking_id, func.max(ApprovalStep.round)).group_by(ApprovalStep.booking_id)
    wanted = ApprovalStep.booking_id.in_([each.booking_id for each in askings])
    rounds = {row[0]: row[1] for row in session.execute(newest.where(wanted))}
    rows = [row for each in askings for row in _rows(now, each, rounds.get(each.booking_id, 0) + 1)]
    session.execute(insert(ApprovalStep), rows)
    mail_waiting.ask(session, now, [each.booking_id for each in askings])


def _rows(now: datetime, asking: Asking, number: int) -> Iterable[dict[str, Any]]:
    needing = [each for each in asking.findings if each.weight is Weight.NEEDS_APPROVAL]
    about = {each.resource_id for each in needing}
    for item in asking.items:
        if about and not about & {item.resource_id, None}:
            continue
        values = asking.facts.of(item.resource_id).values("R38", Approval)
        until_at = after_working_days(now, values.working_days, asking.facts.zone, is_holiday)
        yield {
            "booking_id": asking.booking_id,
            "resource_id": item.resource_id,
            "round": number,
            "level": ScopeKind.RESOURCE.value,
            "mode": values.approvers,
            "working_days": values.working_days,
            "on_timeout": values.on_timeout,
            "findings": [as_json(each) for each in needing if each.resource_id in (None, item.resource_id)],
            "asked_at": now,
            "until_at": min(until_at, asking.starts_at),
        }


def is_holiday(day: date) -> bool:
    """Whether the law says that nobody works."""
    return holiday(COUNTRY, day) is not None


def as_json(finding: Finding) -> dict[str, Any]:
    """A finding as it is kept: without names of people."""
    where = finding.where_set
    return {
        "code": finding.code,
        "weight": finding.weight.value,
        "facts": {name: value for name, value in finding.facts.items() if name not in NAMES},
        "resource_id": finding.resource_id,
        "where": [where.kind.value, where.id, where.name] if where else None,
    }


def from_json(kept: Mapping[str, Any]) -> Finding:
    """The finding again."""
    where = kept.get("where")
    scope = Scope(ScopeKind(where[0]), where[1], where[2]) if where else None
    return Finding(kept["code"], Weight(kept["weight"]), kept["facts"], kept.get("resource_id"), scope)


def steps_of(
    session: Session, now: datetime, bookings: Iterable[Booking], duties: OnDuty | None = None
) -> dict[int, list[Step]]:
    """The questions of the newest round of each booking, as they stand."""
    by_id = {row.id: row for row in bookings}
    if not by_id:
        return {}
    duties = duties or on_duty(session, now)
    rows = session.scalars(
        select(ApprovalStep).where(ApprovalStep.booking_id.in_(sorted(by_id))).order_by(ApprovalStep.id)
    ).all()
    newest = {row.booking_id: row.round for row in rows}
    last = {(row.booking_id, row.resource_id): row for row in rows if row.round == newest[row.booking_id]}
    steps = {row.id: (row.booking_id, row.resource_id, row.round) for row in rows}
    approved: dict[tuple[int, int, int], set[int]] = {}
    said = session.execute(
        select(ApprovalDecision.step_id, ApprovalDecision.for_id).where(
            ApprovalDecision.booking_id.in_(sorted(by_id)), ApprovalDecision.what == "approved"
        )
    )
    for step_id, for_id in said:
        approved.setdefault(steps[step_id], set()).add(for_id or 0)
    cards = resources_by_id(session, {row.resource_id for row in rows})
    found: dict[int, list[Step]] = {}
    for (booking_id, resource_id), row in last.items():
        booking, card = by_id[booking_id], cards[resource_id]
        ladder = duties.ladder(card, {booking.member_id, booking.booked_by_id})
        yes = frozenset(approved.get((booking_id, resource_id, row.round), ()))
        found.setdefault(booking_id, []).append(in_force(row, ladder, yes, card, booking.starts_at, now))
    return found


def in_force(
    row: ApprovalStep,
    ladder: tuple[Rung, ...],
    approved: frozenset[int],
    card: ResourceCard,
    starts_at: datetime,
    now: datetime,
) -> Step:
    """The step with all that time has done to it: the next wider level is called each time the last has run out."""
    order = [rung.level for rung in ladder]
    place = next((n for n, level in enumerate(order) if _width(level) >= _width(row.level)), len(order) - 1)
    asked_at, until_at, moved, expired = row.asked_at, row.until_at, [], False
    while now >= until_at and until_at < starts_at and not expired:
        expired = row.on_timeout == EXPIRE or place + 1 >= len(order)
        if not expired:
            place += 1
            later = after_working_days(until_at, row.working_days, card.zone, is_holiday)
            asked_at, until_at = until_at, min(later, starts_at)
            moved.append((order[place], asked_at, until_at))
    return Step(
        id=row.id,
        resource_id=row.resource_id,
        level=order[place] if order else row.level,
        mode=row.mode,
        asked=ladder[0].people if ladder else (),
        above=tuple(each for rung in ladder[1:] for each in rung.people if each not in ladder[0].people),
        called=frozenset(each for rung in ladder[: place + 1] for each in rung.people),
        approved=approved,
        findings=tuple(from_json(each) for each in row.findings),
        asked_at=asked_at,
        until_at=until_at,
        has_expired=expired or now >= starts_at,
        moved=tuple(moved),
    )


def timed_out(session: Session, now: datetime, *wanted: ColumnElement[bool]) -> list[Booking]:
    """The requests, of those that are wanted, that have ended though nobody has written it down yet."""
    late = select(ApprovalStep.booking_id).where(ApprovalStep.until_at <= now)
    over = or_(Booking.starts_at <= now, Booking.id.in_(late))
    rows = session.scalars(select(Booking).where(Booking.state == State.REQUESTED, over, *wanted)).all()
    steps = steps_of(session, now, rows)
    return [
        row for row in rows if row.starts_at <= now or any(step.has_expired for step in steps.get(row.id, ()))
    ]  # fmt: skip


def _width(level: str) -> int:
    return LEVELS.index(level)
