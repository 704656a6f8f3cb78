"""How far a booking can be lengthened before something stands in the way."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from booking.core.blocking import buffers
from booking.core.grid import down_to_grid
from booking.core.judge import judge_change
from booking.core.params import Grid
from booking.core.request import WallSpan
from booking.core.timespan import TimeSpan
from booking.services.alternatives import Alternative
from booking.services.bookings import judged_facts
from booking.services.standing import Standing
from booking.services.wishes import Wish


def as_long_as_it_can_be(session: Session, now: datetime, standing: Standing, wish: Wish) -> Alternative | None:
    """The same start with the latest end before the next booking, when that is longer than it is now."""
    row, span = standing.row, wish.wall.resolve(standing.zone)
    if not isinstance(span, TimeSpan) or wish.items != standing.items or span.starts_at != row.starts_at:
        return None
    facts = judged_facts(session, now, standing.cards, wish, row.member_id, row.id)
    ends = [span.ends_at]
    for resource in facts.resources.values():
        step = resource.values("R02", Grid).step_minutes
        next_ones = [each.busy.starts_at for each in resource.taken if each.span.starts_at >= row.ends_at]
        next_ones += [each.span.starts_at for each in resource.busy_elsewhere if each.span.starts_at >= row.ends_at]
        ends += [down_to_grid(at - buffers(resource)[1], step, facts.zone) for at in next_ones]
    ends_at = min(ends)
    if ends_at <= row.ends_at or ends_at >= span.ends_at:
        return None
    shorter = TimeSpan(row.starts_at, ends_at)
    request = replace(wish, wall=WallSpan.of(shorter, standing.zone)).request(row.member_id)
    verdict = judge_change(standing.request, request, facts)
    card = next(iter(standing.cards.values()))
    return None if verdict.refused else Alternative(card, shorter, verdict.needs_approval)
