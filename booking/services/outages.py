"""Planned maintenance: what is coming, laying it over bookings with a decision for each, and taking it away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput, NotFound
from booking.core.outages import Effect, Outage
from booking.core.timespan import TimeSpan
from booking.models import Outage as OutageRow
from booking.models import Resource
from booking.models.ids import new_public_id
from booking.permissions import Actor, require
from booking.services import tidings, triage
from booking.services.catalogue import ResourceCard, resources_by_id
from booking.services.closures import LONGEST, MOST_NAME
from booking.services.outages_known import Known, reached_by
from booking.services.saving import Change, saving
from booking.services.triage import Affected, Decision

FARTHEST = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Plan:
    """Maintenance as it is about to be laid: one span for each date, and the recipe of a repeated one."""

    spans: tuple[TimeSpan, ...]
    effect: Effect
    reason: str
    repeats: Mapping[str, object] | None = None

    @property
    def blocks(self) -> bool:
        """Whether nothing can be booked then."""
        return self.effect is Effect.BLOCK


@dataclass(frozen=True, slots=True)
class OutageLine:
    """One date of maintenance as lists show it; `dates` counts those of the same repeat that are not over."""

    public_id: str
    resource_id: int
    place: str
    span: TimeSpan
    effect: Effect
    reason: str
    dates: int


def upcoming_outages(
    session: Session, now: datetime, resource_ids: Iterable[int] | None = None, *, most: int | None = None
) -> list[OutageLine]:
    """Those that have not ended, in order of time."""
    query = (
        select(OutageRow, Resource.name)
        .join(Resource, Resource.id == OutageRow.resource_id)
        .where(OutageRow.ends_at > now)
        .order_by(OutageRow.starts_at, OutageRow.id)
    )
    if resource_ids is not None:
        query = query.where(OutageRow.resource_id.in_(sorted(set(resource_ids))))
    rows = session.execute(query).all()
    of_repeat: dict[str | None, int] = {}
    for row, _ in rows:
        of_repeat[row.repeat_id] = of_repeat.get(row.repeat_id, 0) + 1
    return [
        OutageLine(
            row.public_id, row.resource_id, place, TimeSpan(row.starts_at, row.ends_at), Effect(row.effect), row.reason,
            of_repeat[row.repeat_id] if row.repeat_id else 1,
        )
        for row, place in rows[:most]
    ]  # fmt: skip


def check_plan(now: datetime, plan: Plan) -> None:
    """Raises InvalidInput."""
    if not plan.reason.strip() or len(plan.reason) > MOST_NAME:
        code = "input.too_long" if plan.reason.strip() else "setting.required"
        raise InvalidInput("reason", code, {"most": MOST_NAME})
    if not plan.spans:
        raise InvalidInput("start", "outage.no_time")
    if plan.spans[0].ends_at <= now:
        raise InvalidInput("end_date", "closure.past")
    if plan.spans[0].duration > LONGEST or plan.spans[-1].ends_at > now + FARTHEST:
        raise InvalidInput("end_date", "closure.too_long")


def planned(session: Session, card: ResourceCard, plan: Plan) -> dict[int, Known]:
    """The plan as the rules will know it, by the resource it reaches."""
    outages = tuple(Outage(span, plan.effect, plan.reason, card.name) for span in plan.spans)
    return dict.fromkeys(reached_by(session, card.id), Known(outages))


def lies_over(session: Session, now: datetime, actor: Actor, card: ResourceCard, plan: Plan) -> list[Affected]:
    """The bookings that the plan lies over, if it blocks. Raises NotAllowed."""
    require(actor, "resource.manage", card.place)
    return triage.affected(session, now, actor, reached_by(session, card.id), plan.spans) if plan.blocks else []


def lay_outage(
    session: Session,
    now: datetime,
    actor: Actor,
    card: ResourceCard,
    plan: Plan,
    decisions: Mapping[str, Decision],
    message: str = "",
) -> Change:
    """Lays it, and carries out what was decided for every booking under it, all or nothing.

    Raises NotAllowed, InvalidInput, MadeMeanwhile, Undecided, WrongState, MoveRefused.
    """
    check_plan(now, plan)
    reached = reached_by(session, card.id)
    triage.lock_all(session, reached, lies_over(session, now, actor, card, plan), decisions)
    found = lies_over(session, now, actor, card, plan)
    triage.check_decided(found, decisions, message)
    with saving(session, now, actor, "outage.laid", ("resource", card.id), reached) as change:
        _write(session, now, actor, card.id, plan)
        session.flush()
        done = triage.carry_out(session, now, actor, found, decisions, message.strip())
        change.after = {**_plain(plan), **done}
    return change


def _write(session: Session, now: datetime, actor: Actor, resource_id: int, plan: Plan) -> None:
    repeat_id = new_public_id() if plan.repeats else None
    for span in plan.spans:
        session.add(
            OutageRow(
                public_id=new_public_id(),
                resource_id=resource_id,
                starts_at=span.starts_at,
                ends_at=span.ends_at,
                effect=plan.effect.value,
                reason=plan.reason.strip(),
                repeat_id=repeat_id,
                repeats=dict(plan.repeats) if plan.repeats else None,
                set_by_id=actor.member_id,
                set_at=now,
            )
        )


def _plain(plan: Plan) -> dict[str, object]:
    return {
        "dates": [[span.starts_at.isoformat(), span.ends_at.isoformat()] for span in plan.spans],
        "effect": plan.effect.value,
        "reason": plan.reason.strip(),
        "repeats": dict(plan.repeats) if plan.repeats else None,
    }


def remove_outage(session: Session, now: datetime, actor: Actor, public_id: str, *, all_dates: bool = False) -> Change:
    """Takes one date away, or all that are not over; one that has begun ends now. Raises NotFound, NotAllowed."""
    resource_id = resource_of_outage(session, public_id)
    card = resources_by_id(session, [resource_id])[resource_id]
    require(actor, "resource.manage", card.place)
    reached = reached_by(session, card.id)
    with saving(session, now, actor, "outage.removed", ("resource", card.id), reached) as change:
        row = _row(session, public_id)  # under the locks: somebody else may have been faster
        rows = [row]
        if all_dates and row.repeat_id:
            same = OutageRow.repeat_id == row.repeat_id
            rows = list(session.scalars(select(OutageRow).where(same, OutageRow.ends_at > now).order_by(OutageRow.id)))
        spans = tuple(TimeSpan(each.starts_at, each.ends_at) for each in rows)
        effect = Effect(row.effect)
        change.before = _plain(Plan(spans, effect, row.reason, row.repeats))
        for each in rows:
            if each.starts_at < now < each.ends_at:
                each.ends_at = now
            elif each.starts_at >= now:
                session.delete(each)
        if effect is Effect.BLOCK:
            kept = triage.affected(session, now, actor, reached, spans)
            tidings.spread(session, now, actor, tidings.LIFTED, [each.standing.row for each in kept])
    return change


def resource_of_outage(session: Session, public_id: str) -> int:
    """Which resource it is of. Raises NotFound."""
    resource_id = session.scalar(select(OutageRow.resource_id).where(OutageRow.public_id == public_id))
    if resource_id is None:
        raise NotFound(kind="outage")
    return resource_id


def _row(session: Session, public_id: str) -> OutageRow:
    row = session.scalar(select(OutageRow).where(OutageRow.public_id == public_id))
    if row is None:
        raise NotFound(kind="outage")
    return row
