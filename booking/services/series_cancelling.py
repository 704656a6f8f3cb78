"""Cancelling what lies ahead of a series, from one of its bookings on or the whole of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from booking.core.lifecycle import State
from booking.permissions import Actor, can
from booking.services import feed_fragments, journal, telling
from booking.services.after_writing import follow_up
from booking.services.locks import lock
from booking.services.series_changes import tell_of_series
from booking.services.series_deadline import too_late
from booking.services.series_reading import Occurrence, Reach, SeriesNow, series_of, within
from booking.services.series_writing import cancel_all, entry, record_all, values_of


@dataclass(frozen=True, slots=True)
class Cancellable:
    """What would be cancelled, and what stays because it has begun, is gone, is another's or too near."""

    series: SeriesNow
    going: tuple[Occurrence, ...]
    staying: int
    must_write: bool = False  # only managing the place lets the actor do it
    marks: Mapping[int, dict[str, object]] = field(default_factory=dict, hash=False)  # for the journal, by booking


def cancellable(session: Session, now: datetime, actor: Actor, public_id: str, reach: Reach) -> Cancellable:
    """All that lies ahead, also what was moved by hand. Raises NotFound, NotAllowed, WrongState."""
    standing, series = series_of(session, actor, public_id, "booking.cancel")
    reached = within(series, standing.row, reach)
    going = tuple(
        each
        for each in reached
        if each.live and each.span.starts_at > now and can(actor, "booking.cancel", series.subject(each))
    )
    late = too_late(session, now, actor, series, going, lambda _: None)
    going = tuple(each for each in going if each.id not in late.refused)
    must_write = any(telling.as_manager(actor, series.subject(each)) for each in going)
    return Cancellable(series, going, sum(each.live for each in reached) - len(going), must_write, late.marks)


def cancel_series(
    session: Session,
    now: datetime,
    actor: Actor,
    public_id: str,
    reach: Reach,
    *,
    door: str = "form",
    message: str | None = None,
) -> int:
    """Gives all of it back at once; how many. Cancelling twice is one cancellation.

    Raises NotFound, NotAllowed, WrongState, InvalidInput (a manager wrote no message).
    """
    peek = cancellable(session, now, actor, public_id, reach)
    members = {each.member_id for each in peek.going}
    lock(session, member_ids=members, resource_ids={item.resource_id for each in peek.going for item in each.items})
    found = cancellable(session, now, actor, public_id, reach)
    if not found.going:
        return 0
    for each in found.going:
        telling.checked_message(actor, found.series.subject(each), message, door)
    said = (message or "").strip() or None
    rows = [
        {
            "id": each.id,
            "version": each.version + 1,
            "sequence": each.sequence + 1,
            "modified_at": max(now, each.modified_at + timedelta(seconds=1)),
        }
        for each in found.going
    ]
    cancel_all(session, now, rows)
    follow_up(session, now, [each.id for each in found.going], actor.member_id)
    entries = [
        entry(
            now, actor.member_id, "booking.cancelled", each.id, door,
            before=values_of(State(each.state), each.span, each.items, people=each.people),
            after=found.marks.get(each.id, {}),
            text=telling.written(None, said),
        )
        for each in found.going
    ]  # fmt: skip
    record_all(session, entries)
    about = ("series", found.series.id)
    journal.record(session, now, actor.member_id, "series.cancelled", about, door=door, after={"bookings": len(rows)})
    feed_fragments.changed(session, now, [each.id for each in found.going])
    tell_of_series(session, now, actor, "series_cancelled", found.going, said)
    return len(rows)
