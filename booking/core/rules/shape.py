"""R01 to R07: the shape of a request, and whether it clashes with what is already booked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from booking.core.blocking import blocking, buffers, busy_window, room_in_pool, taken_up
from booking.core.facts import ResourceFacts, Taken
from booking.core.grid import nearest_on_grid, on_grid, up_to_grid
from booking.core.params import Buffer, Grid, NoParams, Overlap, Past, People
from booking.core.rules import elsewhere
from booking.core.rules.opening_rules import closure_facts
from booking.core.rules.rule import Case, instant, minutes
from booking.core.timespan import SpanSet, TimeSpan
from booking.core.verdict import Finding, Weight, strongest


def times_that_exist(case: Case, _: NoParams) -> Iterator[Finding]:
    """R01: the end after the start, and both on the clock."""
    span = case.request.wall.resolve(case.zone)
    if not isinstance(span, TimeSpan):
        yield from span


def on_the_grid(case: Case, params: Grid) -> Iterator[Finding]:
    """R02: both ends on a step of the local hour."""
    step, span, zone = params.step_minutes, case.span, case.zone
    ends = {"from": span.starts_at, "to": span.ends_at}
    off = frozenset(f"{which} {instant(at)}" for which, at in ends.items() if not on_grid(at, step, zone))
    if off:
        starts_at = nearest_on_grid(span.starts_at, step, zone)
        ends_at = nearest_on_grid(span.ends_at, step, zone)
        if ends_at <= starts_at:
            ends_at = starts_at + timedelta(minutes=step)
        way_out = {"from": instant(starts_at), "to": instant(ends_at)}
        yield case.finding("R02.grid", {"step_minutes": step}, field="step_minutes", way_out=way_out, extent=off)


def not_in_the_past(case: Case, params: Past) -> Iterator[Finding]:
    """R03: a start no longer ago than the grace, which is one step of the grid unless set."""
    step = case.resource.values("R02", Grid).step_minutes
    grace = timedelta(minutes=step if params.grace_minutes is None else params.grace_minutes)
    if case.span.starts_at < case.now - grace:
        starts_at = instant(case.span.starts_at)
        way_out = {"from": instant(up_to_grid(case.now - grace, step, case.zone))}
        facts = {"starts_at": starts_at}
        yield case.finding("R03.past", facts, field="grace_minutes", way_out=way_out, extent=frozenset({starts_at}))


def bookable(case: Case, _: NoParams) -> Iterator[Finding]:
    """R04: in use, and with something in it to hold."""
    if case.resource.state != "active" or not case.resource.units:
        facts = {"state": case.resource.state, **_contact(case)}
        yield case.finding("R04.not_bookable", facts)


def not_taken(case: Case, _: Overlap) -> Iterator[Finding]:
    """R05: enough units that nobody else has during the span itself, neither here nor by a calendar elsewhere."""
    yield from elsewhere.not_taken_elsewhere(case)
    if case.resource.is_pool:
        yield from _pool_not_full(case)
        return
    clashing = [taken for taken in blocking(case.resource) if taken.span.overlaps(case.span)]
    if not clashing:
        return
    stretches = SpanSet(taken.span for taken in clashing)
    facts: dict[str, object] = {"taken": _as_facts(stretches), **_first(stretches)}
    if all(taken.through for taken in clashing):
        facts |= {"kind": "through", "through": ", ".join(sorted({taken.through for taken in clashing}))}
    yield case.finding("R05.overlap", facts, field="pending_blocks", extent=stretches & SpanSet((case.span,)))


def _pool_not_full(case: Case) -> Iterator[Finding]:
    """A pool is full when some instant leaves too few units; told with how many are free at the fullest."""
    resource, asked = case.resource, case.item.quantity
    full = taken_up(case.span, resource, asked, case.now)
    if not full or _near_in_pool(case, full) is not None:
        return  # it fits, or only set-up and clean-up are in the way, which is R06's to say
    free = max(0, room_in_pool(busy_window(case.span, resource), resource, case.now))
    kind = "small_pool" if asked > len(resource.units) else "pool" if free else "full_pool"
    facts: dict[str, object] = {"kind": kind, "free": free, "asked": asked}
    facts |= {"total": len(resource.units), "taken": _as_facts(full), **_first(full)}
    yield case.finding("R05.overlap", facts, field="pending_blocks", extent=full)


def _near_in_pool(case: Case, full: SpanSet) -> Taken | None:
    """The neighbour whose set-up or clean-up, or ours, is all that is in the way; None when it is more."""
    resource = case.resource
    bare = replace(resource, taken=tuple(replace(taken, busy=taken.span) for taken in resource.taken))
    if room_in_pool(case.span, bare, case.now) < case.item.quantity:
        return None
    near = [t for t in resource.taken if full.overlaps(t.busy) and not t.span.overlaps(case.span)]
    return _widest_gap(case, near)[0] if near else None


def _as_facts(stretches: SpanSet) -> list[list[str]]:
    return [[instant(each.starts_at), instant(each.ends_at)] for each in stretches]


def _first(stretches: SpanSet) -> dict[str, object]:
    if not stretches:
        return {}
    first = stretches.spans[0]
    return {"from": instant(first.starts_at), "to": instant(first.ends_at)}


def with_room_to_turn_over(case: Case, params: Buffer) -> Iterator[Finding]:
    """R06: blocked intervals do not meet, and no turnover by staff falls in a closure."""
    yield from _gap_to_neighbours(case)
    yield from elsewhere.room_beside_elsewhere(case)
    if params.staffed_turnover:
        yield from _turnover_when_staffed(case)


def _gap_to_neighbours(case: Case) -> Iterator[Finding]:
    if case.resource.is_pool:
        full = taken_up(case.span, case.resource, case.item.quantity, case.now)
        near = _near_in_pool(case, full) if full else None
        if near is not None:
            yield _too_near(case, near, full)
        return
    busy = busy_window(case.span, case.resource)
    clashing = [taken for taken in blocking(case.resource) if taken.busy.overlaps(busy)]
    if clashing and not any(taken.span.overlaps(case.span) for taken in clashing):
        extent = SpanSet(taken.busy for taken in clashing) & SpanSet((busy,))
        yield _too_near(case, _widest_gap(case, clashing)[0], extent)


def _too_near(case: Case, neighbour: Taken, extent: SpanSet) -> Finding:
    facts = {
        "minutes": int(minutes(_widest_gap(case, [neighbour])[1])),
        "from": instant(neighbour.span.starts_at),
        "to": instant(neighbour.span.ends_at),
    }
    field = "after_minutes" if neighbour.span.starts_at > case.span.starts_at else "before_minutes"
    weight = strongest(case.effective.weight, Weight.REFUSES)  # the database refuses it too
    return case.finding("R06.buffer", facts, field=field, weight=weight, extent=extent)


def _widest_gap(case: Case, too_near: Sequence[Taken]) -> tuple[Taken, timedelta]:
    """The neighbour that asks for the widest gap: its clean-up and our set-up, or the other way round."""
    before, after = buffers(case.resource)

    def gap(taken: Taken) -> timedelta:
        if taken.span.starts_at < case.span.starts_at:
            return taken.busy.ends_at - taken.span.ends_at + before
        return after + taken.span.starts_at - taken.busy.starts_at

    widest = max(too_near, key=gap)
    return widest, gap(widest)


def _turnover_when_staffed(case: Case) -> Iterator[Finding]:
    turnover = SpanSet((busy_window(case.span, case.resource),)) - SpanSet((case.span,))
    for closed in case.resource.closed:
        meeting = turnover & SpanSet((closed.span,))
        if meeting:
            yield case.finding("R06.staffed_turnover", closure_facts(closed), field="staffed_turnover", extent=meeting)


def with_room_for_all(case: Case, params: People) -> Iterator[Finding]:
    """R07: the fire limit is locked; too few seats or too few people is worth a note.

    Several rooms of one booking share the people: only more than all of them hold together are too many.
    """
    people = case.request.people
    if people is None:
        return
    rooms = _rooms(case)
    fire_limit, seats = _together(rooms)
    if case.resource.id != rooms[0].id:
        fire_limit = seats = None  # what the rooms hold together is told once, of the first
    together = {"resource": ", ".join(room.name for room in rooms)} if len(rooms) > 1 else {}
    if fire_limit is not None and people > fire_limit:
        facts = {"limit": fire_limit, "people": people, **together}
        extent = float(people - fire_limit)
        yield case.finding("R07.fire_limit", facts, field="fire_limit", weight=Weight.LOCKED, extent=extent)
    elif seats is not None and people > seats:
        facts = {"limit": seats, "people": people, **together}
        yield case.finding("R07.too_many", facts, field="seats", extent=float(people - seats))
    if params.least is not None and people < params.least:
        facts = {"limit": params.least, "people": people}
        yield case.finding("R07.too_few", facts, field="least", extent=float(params.least - people))


def _rooms(case: Case) -> list[ResourceFacts]:
    """Those of the booking's resources that hold people; the one asked about when none is known to."""
    if len(case.request.items) == 1:
        return [case.resource]
    booked = [case.facts.of(item.resource_id) for item in case.request.items]
    return [room for room in booked if _together([room]) != (None, None)] or [case.resource]


def _together(rooms: Sequence[ResourceFacts]) -> tuple[int | None, int | None]:
    """How many the rooms hold: by their fire limits, where one is set, and by their seats."""
    each = [room.values("R07", People) for room in rooms]
    limits = [params.seats if params.fire_limit is None else params.fire_limit for params in each]
    seats = [params.fire_limit if params.seats is None else params.seats for params in each]
    limited = any(params.fire_limit is not None for params in each)
    seated = any(params.seats is not None for params in each)
    return sum(filter(None, limits)) if limited else None, sum(filter(None, seats)) if seated else None


def _contact(case: Case) -> dict[str, object]:
    return {"contact": case.resource.contact} if case.resource.contact else {}
