"""Changing a series from one of its bookings on, or the whole: done at once, as the difference showed it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from booking.core.lifecycle import State
from booking.core.recurrence import Every, Recurrence, on_day
from booking.core.request import WallSpan
from booking.models import Series
from booking.permissions import Actor
from booking.services import feed_fragments, journal, submissions, telling
from booking.services.after_writing import follow_up
from booking.services.bookings import check_organisation
from booking.services.feed_rendering import PUBLIC
from booking.services.overriding import checked_reason
from booking.services.series import (
    SeriesUnsettled,
    ask_for_all,
    held_lines,
    lock_all,
    passed_marks,
    state_of,
)
from booking.services.series_difference import Difference, SeriesChange, difference
from booking.services.series_reading import (
    Occurrence,
    Reach,
)
from booking.services.series_wishes import DateLine, Fate
from booking.services.series_writing import (
    Row,
    cancel_all,
    entry,
    give_back_all,
    hold_all,
    new_series,
    record_all,
    update_bookings,
    values_of,
)

FORM = "series_change"


def change_series(
    session: Session, now: datetime, actor: Actor, public_id: str, change: SeriesChange, *, door: str = "form"
) -> str:
    """Changes all that the difference shows, or nothing; the public id of the series.

    Raises InvalidInput (a manager wrote no message), SeriesUnsettled (409 when a booking was changed since it was
    shown), KeyReused and what `difference` does.
    """
    peek = difference(session, now, actor, public_id, replace(change, choices={}), offers=False)
    lock_all(
        session,
        now,
        change.wish.organisation_id,
        peek.standing.row.member_id,
        replace(peek.draft, choices=change.choices),
    )
    key = change.wish.key
    if key and (earlier := submissions.earlier_result(session, actor.member_id, FORM, key, change.content)):
        return earlier
    found = difference(session, now, actor, public_id, change, offers=False)
    telling.checked_message(actor, found.standing.subject, change.message, door)
    if change.wish.organisation_id != found.standing.row.organisation_id:
        check_organisation(change.wish, found.sequence.facts)
    meanwhile = bool(change.shown) and change.shown != found.fingerprint
    settled = not found.weighed.problems and not any(each.refuses for each in found.weighed.of_all)
    if meanwhile or not settled:
        refusal = SeriesUnsettled(problems=len(found.weighed.problems))
        refusal.status = 409 if meanwhile or any(line.choice.span for line in found.weighed.problems) else 422
        raise refusal
    if any(line.passed for line in found.weighed.kept):
        checked_reason(change.override or "")
    series = _split(session, now, found, change)
    _write(session, now, actor, found, change, series, door)
    follow_up(session, now, [each.id for each in found.changing], actor.member_id)
    tell_of_series(session, now, actor, "series_changed", found.changing, change.message)
    journal.record(session, now, actor.member_id, "series.changed", ("series", series.id), door=door)
    if key:
        submissions.remember(session, now, actor.member_id, FORM, key, change.content, series.public_id)
    return series.public_id


def _split(session: Session, now: datetime, found: Difference, change: SeriesChange) -> Series:
    """The series that the bookings belong to afterwards: a new one when some dates stay behind in the old."""
    row = session.get_one(Series, found.series.id)
    first, last = found.standing.row.series_day, max(each.day for each in found.series.occurrences)
    recipe = _shifted(found, change, last)
    behind = [each for each in found.series.occurrences if first and each.day < first]
    if change.reach is Reach.ALL or not behind or first is None:
        row.recipe = recipe
        return row
    rule = _rule(row.recipe)
    dates = tuple(day for day in rule.dates if day < first) or (behind[0].day,)
    ended = replace(rule, dates=dates) if rule.every is Every.DATES else _until(rule, first - timedelta(days=1))
    row.recipe = {**row.recipe, "rule": ended.to_json()}
    return new_series(session, now, recipe, follows_id=row.id)


def _shifted(found: Difference, change: SeriesChange, last: date) -> dict[str, object]:
    """The recipe from where the change begins, in its new place."""
    recipe, shift = found.series.recipe, found.shift
    rule = _rule(recipe)
    weekdays = tuple((day + shift.days) % 7 for day in rule.weekdays)
    dates = tuple(day + shift for day in rule.dates if change.reach is Reach.ALL or day >= _first(found))
    if rule.every is Every.DATES:
        moved = replace(rule, dates=dates or (_first(found) + shift,))
    else:
        moved = _until(replace(rule, weekdays=weekdays), last + shift)
    starts, ends = (datetime.fromisoformat(str(recipe[name])) for name in ("starts", "ends"))
    day = (starts.date() if change.reach is Reach.ALL else _first(found)) + shift
    wall = on_day(change.wish.wall if found.moves else WallSpan(starts, ends), day)
    items = [[item.resource_id, item.quantity] for item in change.wish.items]
    return {
        **recipe,
        "rule": moved.to_json(),
        "starts": wall.starts.isoformat(),
        "ends": wall.ends.isoformat(),
        "items": items,
    }


def _first(found: Difference) -> date:
    return found.standing.row.series_day or found.standing.row.starts_at.date()


def _rule(recipe: Mapping[str, object]) -> Recurrence:
    rule = recipe["rule"]
    return Recurrence.from_json(rule if isinstance(rule, dict) else {})


def _until(rule: Recurrence, day: date) -> Recurrence:
    return replace(rule, until=day, count=None)


def _write(
    session: Session,
    now: datetime,
    actor: Actor,
    found: Difference,
    change: SeriesChange,
    series: Series,
    door: str,
) -> None:
    by_id = {each.id: each for each in found.changing}
    pairs = [(line, by_id[line.booking_id]) for line in found.weighed.lines if line.booking_id]
    kept = [(line, each) for line, each in pairs if line.is_kept]
    gone = [each for line, each in pairs if line.fate is Fate.SKIPPED]
    moved = [(line, each) for line, each in kept if (line.span, line.request.items) != (each.span, each.items)]
    moved_ids = {each.id for _, each in moved}
    cancel_all(session, now, [_touched(each, now, moved=True) for each in gone])
    give_back_all(session, moved_ids)
    rows = [_changed(line, each, found, change, now, moved=each.id in moved_ids) for line, each in kept]
    update_bookings(session, rows)
    hold_all(session, held_lines([each.id for _, each in moved], [line for line, _ in moved], found.sequence))
    _keep_in_series(session, found, series, {line.booking_id for line, _ in pairs if line.fate is Fate.STAYS})
    entries = [
        entry(
            now,
            actor.member_id,
            "booking.changed",
            each.id,
            door,
            before=_values(each),
            after=_new_values(line, row)
            | found.marks.get(each.id, {})
            | passed_marks(session, now, line, found.draft.card),
            text=telling.written(None, change.message, change.override if line.passed else None),
        )
        for (line, each), row in zip(kept, rows, strict=True)
    ]
    entries += [
        entry(
            now, actor.member_id, "booking.cancelled", each.id, door,
            before=_values(each), after=found.marks.get(each.id, {}),
        )
        for each in gone
    ]  # fmt: skip
    record_all(session, entries)
    asked = [(line, each.id) for line, each in kept if line.verdict.needs_approval or line.fate is Fate.APPROVAL]
    ask_for_all(
        session, now, [id_ for _, id_ in asked], [line for line, _ in asked], found.sequence, found.weighed.of_all
    )
    feed_fragments.changed(session, now, by_id)


def _marks(session: Session, now: datetime, found: Difference, line: DateLine, booking_id: int) -> dict[str, object]:
    """What the journal remembers of a date that is changed past the deadline, or in spite of the rules."""
    return {**found.marks.get(booking_id, {}), **passed_marks(session, now, line, found.draft.card)}


def _keep_in_series(session: Session, found: Difference, series: Series, by_hand: set[int | None]) -> None:
    """All bookings that the change reaches belong together afterwards, also those that stay as they are."""
    reached = [*found.changing, *(each for each, _ in found.staying)]
    rows = [
        {
            "id": each.id,
            "series_id": series.id,
            "series_day": each.day + found.shift,
            "by_hand": each.by_hand or each.id in by_hand or _by_hand(each, found),
        }
        for each in reached
    ]
    update_bookings(session, rows)


def _by_hand(each: Occurrence, found: Difference) -> bool:
    line = next((line for line in found.weighed.lines if line.booking_id == each.id), None)
    return line is not None and line.choice.span is not None


def _touched(each: Occurrence, now: datetime, *, moved: bool) -> Row:
    """LAST-MODIFIED must rise strictly, and SEQUENCE with time, place and state."""
    return {
        "id": each.id,
        "version": each.version + 1,
        "sequence": each.sequence + (1 if moved else 0),
        "modified_at": max(now, each.modified_at + timedelta(seconds=1)),
    }


def _changed(
    line: DateLine, each: Occurrence, found: Difference, change: SeriesChange, now: datetime, *, moved: bool
) -> Row:
    row, wish = found.standing.row, change.wish
    waits = state_of(line) is State.REQUESTED
    span = line.span or each.span
    visibility = wish.visibility if wish.visibility != row.visibility else each.visibility
    leaves = (each.organisation_id, each.visibility == PUBLIC) != (line.request.organisation_id, visibility == PUBLIC)
    return {
        **_touched(each, now, moved=moved or leaves or (waits and each.state != State.REQUESTED)),
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "title": wish.title if wish.title != row.title else each.title,
        "people": line.request.people,
        "organisation_id": line.request.organisation_id,
        "visibility": visibility,
        "state": State.REQUESTED.value if waits else each.state,
    }


def _values(each: Occurrence) -> dict[str, object]:
    more = {"people": each.people, "member_id": each.member_id, "organisation_id": each.organisation_id}
    return values_of(State(each.state), each.span, each.items, **more)


def _new_values(line: DateLine, row: Mapping[str, Any]) -> dict[str, object]:
    more = {"people": row["people"], "organisation_id": row["organisation_id"]}
    if line.span is None:
        return more
    return values_of(State(row["state"]), line.span, line.request.items, **more)


def tell_of_series(
    session: Session, now: datetime, actor: Actor, kind: str, occurrences: Iterable[Occurrence], message: str | None
) -> None:
    """One notice to each holder, about the first of their dates."""
    first: dict[int, Occurrence] = {}
    for each in sorted(occurrences, key=lambda each: each.span):
        first.setdefault(each.member_id, each)
    said = (message or "").strip() or None
    for member_id, each in first.items():
        telling.tell(session, now, member_id, each.id, kind, actor.member_id, text=said)
