"""Booking a series: every date weighed at once and shown, then saved as a whole or not at all."""

from collections.abc import Sequence as Many
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.details import NO_DETAILS
from booking.core.errors import DomainError, InvalidInput, NotFound
from booking.core.lifecycle import State
from booking.core.recurrence import on_day
from booking.core.sequence import Sequence
from booking.core.verdict import Finding
from booking.models import Booking, Series
from booking.permissions import Actor
from booking.services import feed_fragments, journal, submissions, telling
from booking.services.after_writing import follow_up
from booking.services.approval_steps import Asking, ask
from booking.services.approval_time import clear_the_way
from booking.services.bookings import check_organisation, known_cards
from booking.services.catalogue import ResourceCard
from booking.services.delegations import proxy_for
from booking.services.locks import lock
from booking.services.overriding import checked_reason, marks
from booking.services.series_draft import Draft
from booking.services.series_offers import others_like
from booking.services.series_weighing import weigh
from booking.services.series_wishes import DateLine, Fate, Planned, SeriesWish, Weighed
from booking.services.series_writing import Held, entry, hold_all, insert_bookings, new_series, record_all, values_of

FORM = "series"
Findings = tuple[Finding, ...]


class SeriesUnsettled(DomainError):
    """Some dates still need a decision; its status is 409 when the world has changed since the page was shown."""

    code = "series.unsettled"


@dataclass(frozen=True, slots=True)
class Saved:
    """What a series became; `first` is its first booking's public id, `made` how many there are."""

    public_id: str
    first: str
    made: int
    waiting: int


def preview(session: Session, now: datetime, member_id: int, wish: SeriesWish, actor: Actor | None = None) -> Weighed:
    """The fate of every date as it would fall now, with ways out, without locks. Raises NotFound, InvalidInput.

    With an actor, who books, it also tells whether they may book it in spite of the rules.
    """
    return weigh(session, now, _draft(session, replace(wish, override=None), member_id, actor))[0]


def save(
    session: Session, now: datetime, actor: Actor, wish: SeriesWish, *, member_id: int | None = None, door: str = "form"
) -> Saved:
    """Books every date that is not left out, or none; for the actor or for another member.

    Raises SeriesUnsettled when a date still stands in the way, KeyReused, NotFound, InvalidInput.
    """
    holder_id = member_id or actor.member_id
    lock_all(session, now, wish.wish.organisation_id, holder_id, _draft(session, wish, holder_id, actor))
    draft = _draft(session, wish, holder_id, actor)
    key, content = wish.wish.key, {**wish.content, "member": holder_id}
    if key and (earlier := submissions.earlier_result(session, actor.member_id, FORM, key, content)):
        return _saved(session, earlier)
    weighed, sequence = weigh(session, now, draft, offers=False)
    check_organisation(wish.wish, sequence.facts)
    if not weighed.is_settled:
        raise unsettled(weighed, wish)
    if any(line.passed for line in weighed.kept):
        checked_reason(wish.override or "")
    row = new_series(session, now, _recipe(wish, weighed))
    ids = _write(session, now, actor, wish, row, weighed, sequence, door, draft)
    if wish.wish.details != NO_DETAILS:
        follow_up(session, now, ids, actor.member_id)
    after: dict[str, object] = {"bookings": len(ids), "recipe": row.recipe}
    journal.record(session, now, actor.member_id, "series.made", ("series", row.id), door=door, after=after)
    first = {"after": _after(weighed.kept[0], row.id)}
    telling.tell(session, now, holder_id, ids[0], "series_made", actor.member_id, first)
    if key:
        submissions.remember(session, now, actor.member_id, FORM, key, content, row.public_id)
    session.flush()
    return _saved(session, row.public_id)


def unsettled(weighed: Weighed, wish: SeriesWish) -> SeriesUnsettled:
    """The refusal; 409 when a date stands in the way that did not when the page was shown, or an offer is gone."""
    refusal = SeriesUnsettled(problems=len(weighed.problems))
    new = [line for line in weighed.problems if line.day not in wish.shown_problems or line.choice.span]
    refusal.status = 409 if new else 422
    return refusal


def lock_all(session: Session, now: datetime, organisation_id: int | None, member_id: int, draft: Draft) -> None:
    """Takes the locks for everything that the dates and the choices may take, and ends requests that are over there."""
    slugs = {each.slug for each in draft.choices.values() if each.slug}
    chosen = [card.id for card in others_like(session, draft.card) if card.slug in slugs]
    lock(
        session,
        organisation_ids=[organisation_id] if organisation_id else [],
        member_ids=[member_id],
        resource_ids=[*draft.cards, *chosen],
    )
    clear_the_way(session, now, [*draft.cards, *chosen])


def _draft(session: Session, wish: SeriesWish, member_id: int, actor: Actor | None) -> Draft:
    days = wish.days()
    if not days:
        raise InvalidInput("until", "series.no_dates")
    cards = known_cards(session, wish.wish)
    proxy = proxy_for(session, actor, member_id, cards.values()) if actor else None
    request = replace(wish.wish.request(member_id), proxy=proxy)
    planned = tuple(Planned(day, replace(request, wall=on_day(wish.wish.wall, day))) for day in days)
    passes = wish.override is not None
    return Draft(planned, cards, member_id, wish.choices, wish.skip_holidays, actor=actor, passes=passes)


def _recipe(wish: SeriesWish, weighed: Weighed) -> dict[str, object]:
    """How it repeats, in local time and without personal text."""
    wall = wish.wish.wall
    return {
        "rule": wish.rule.to_json(),
        "starts": wall.starts.isoformat(),
        "ends": wall.ends.isoformat(),
        "items": [[item.resource_id, item.quantity] for item in wish.wish.items],
        "skipped": [line.day.isoformat() for line in weighed.lines if not line.is_kept],
    }


def _write(
    session: Session,
    now: datetime,
    actor: Actor,
    wish: SeriesWish,
    series: Series,
    weighed: Weighed,
    sequence: Sequence,
    door: str,
    draft: Draft,
) -> list[int]:
    """The bookings and what they hold."""
    lines = weighed.kept
    common = {
        "series_id": series.id,
        "site_id": draft.card.site_id,
        "member_id": draft.member_id,
        "organisation_id": wish.wish.organisation_id,
        "booked_by_id": actor.member_id,
        "title": wish.wish.title,
        "people": wish.wish.people,
        "visibility": wish.wish.visibility,
        "details": wish.wish.details.to_json() or None,
        "sequence": 0,
        "created_at": now,
        "modified_at": now,
    }
    own = [
        {
            "series_day": line.day,
            "by_hand": line.choice.span is not None,
            "state": state_of(line),
            "starts_at": line.span.starts_at,
            "ends_at": line.span.ends_at,
        }
        for line in lines
        if line.span
    ]
    ids = insert_bookings(session, [{**common, **each} for each in own])
    hold_all(session, held_lines(ids, lines, sequence))
    record_all(
        session,
        [
            entry(
                now, actor.member_id, "booking.made", id_, door,
                after=_after(line, series.id) | passed_marks(session, now, line, draft.card),
                text=reason_text(line, wish.override),
            )
            for id_, line in zip(ids, lines, strict=True)
        ],
    )  # fmt: skip
    ask_for_all(session, now, ids, lines, sequence, weighed.of_all)
    feed_fragments.changed(session, now, ids)
    return ids


def state_of(line: DateLine) -> State:
    """Whether it holds at once or waits for an answer."""
    return State.REQUESTED if line.verdict.needs_approval or line.fate is Fate.APPROVAL else State.CONFIRMED


def held_lines(ids: Many[int], lines: Many[DateLine], sequence: Sequence) -> list[Held]:
    """What each line's booking is to hold, with the facts around it: all other dates counted."""
    return [
        Held(
            id_,
            line.span,
            line.request.items,
            {item.resource_id: sequence.units(line.number, item.resource_id) for item in line.request.items},
            sequence.around(line.number, line.request),
        )
        for id_, line in zip(ids, lines, strict=True)
        if line.span
    ]


def ask_for_all(
    session: Session, now: datetime, ids: Many[int], lines: Many[DateLine], sequence: Sequence, of_all: Findings = ()
) -> None:
    """Asks those on duty about every date that waits for an answer."""
    ask(
        session,
        now,
        [
            Asking(id_, line.span.starts_at, line.request.items, (*of_all, *line.verdict.findings), facts)
            for id_, line in zip(ids, lines, strict=True)
            if line.span and state_of(line) is State.REQUESTED
            for facts in [sequence.around(line.number, line.request)]
        ],
    )


def passed_marks(session: Session, now: datetime, line: DateLine, card: ResourceCard) -> dict[str, object]:
    """What the journal remembers of a date that is booked in spite of the rules."""
    return marks(session, now, line.passed, {card.id: card}) if line.passed else {}


def reason_text(line: DateLine, override: str | None) -> str | None:
    """Why, for the column that can be erased."""
    return telling.written(None, None, (override or "").strip()) if line.passed else None


def _after(line: DateLine, series_id: int) -> dict[str, object]:
    span = line.span
    if span is None:
        return {}
    more = {"people": line.request.people, "codes": list(line.verdict.codes), "series": series_id}
    return values_of(state_of(line), span, line.request.items, **more)


def _saved(session: Session, public_id: str) -> Saved:
    rows = session.execute(
        select(Booking.public_id, Booking.state)
        .join(Series, Series.id == Booking.series_id)
        .where(Series.public_id == public_id)
        .order_by(Booking.starts_at)
    ).all()
    if not rows:
        raise NotFound(kind="series")
    return Saved(public_id, rows[0].public_id, len(rows), sum(row.state == State.REQUESTED for row in rows))
