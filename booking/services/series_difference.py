"""What a change of a series would do: which dates change, with their fate, and which stay as they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from booking.core.errors import BookingRefused, InvalidInput, WrongState
from booking.core.localtime import local_day
from booking.core.recurrence import on_day
from booking.core.request import Request, WallSpan
from booking.core.sequence import Sequence
from booking.permissions import Actor
from booking.services.bookings import known_cards
from booking.services.catalogue import ResourceCard
from booking.services.series_deadline import too_late
from booking.services.series_draft import Draft
from booking.services.series_reading import Occurrence, Reach, SeriesNow, Why, fingerprint, series_of, staying, within
from booking.services.series_weighing import weigh
from booking.services.series_wishes import AS_PLANNED, Choice, Planned, Weighed
from booking.services.standing import Standing
from booking.services.wishes import Wish


@dataclass(frozen=True, slots=True)
class SeriesChange:
    """The booking as it is wanted, how far that goes, and what is decided for single dates.

    `shown` is the fingerprint of the bookings as the difference was shown, `message` is for their holder, `override`
    why it is changed in spite of the rules.
    """

    wish: Wish
    reach: Reach
    choices: Mapping[date, Choice] = field(default_factory=dict, hash=False)
    shown: str = ""
    override: str | None = None
    message: str = ""

    @property
    def content(self) -> dict[str, object]:
        """What makes two sendings the same."""
        decided = sorted((day, c.skip, c.stay, c.slug, str(c.span)) for day, c in self.choices.items())
        return {**self.wish.content, "reach": self.reach.value, "choices": decided}


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change would do: dates that change, with their fate, and bookings that stay, with the reason."""

    standing: Standing
    series: SeriesNow
    weighed: Weighed
    changing: tuple[Occurrence, ...]
    staying: tuple[tuple[Occurrence, Why], ...]
    shift: timedelta
    moves: bool
    fingerprint: str
    draft: Draft
    sequence: Sequence
    marks: Mapping[int, dict[str, object]] = field(hash=False)  # what the journal is to remember, by booking


def difference(
    session: Session, now: datetime, actor: Actor, public_id: str, change: SeriesChange, *, offers: bool = True
) -> Difference:
    """What the change would do now, without locks.

    Raises NotFound, NotAllowed, WrongState, InvalidInput, and BookingRefused when it is too late for all of them.
    """
    standing, series = series_of(session, actor, public_id, "booking.change")
    if not standing.row.live or standing.row.starts_at <= now:
        raise WrongState(state=standing.row.state)
    reached = within(series, standing.row, change.reach)
    why = {each.id: staying(each, series, actor, standing.row, now) for each in reached}
    follow = [each for each in reached if why[each.id] is None]
    shift, moves = _shift(standing, change.wish)
    planned = {each.id: _planned(each, standing, change.wish, shift, moves=moves) for each in follow}
    late = too_late(
        session, now, actor, series, follow, lambda each: _decided(planned[each.id], change.choices, series.cards)
    )
    if follow and len(late.refused) == len(follow):
        raise BookingRefused(late.refused[follow[0].id])
    why |= dict.fromkeys(late.refused, Why.TOO_LATE)
    changing = tuple(each for each in reached if why[each.id] is None)
    left = tuple((each, reason) for each in reached if (reason := why[each.id]) is not None)
    draft = _draft(session, standing, series, changing, [planned[each.id] for each in changing], change)
    draft = replace(draft, actor=actor, passes=change.override is not None)
    weighed, sequence = weigh(session, now, draft, offers=offers)
    mark = fingerprint(reached)
    return Difference(standing, series, weighed, changing, left, shift, moves, mark, draft, sequence, late.marks)


def _shift(standing: Standing, wish: Wish) -> tuple[timedelta, bool]:
    """By how many days each is moved, and whether any of them gets other times at all."""
    was = WallSpan.of(standing.row.span, standing.zone)
    moves = (wish.wall.starts, wish.wall.ends) != (was.starts, was.ends)
    return timedelta(days=(wish.wall.starts.date() - was.starts.date()).days), moves


def _planned(each: Occurrence, standing: Standing, wish: Wish, shift: timedelta, *, moves: bool) -> Planned:
    """A booking as it would be: only what differs from the one it was changed on is passed on."""
    zone, row = standing.zone, standing.row
    now_at = WallSpan.of(each.span, zone)
    wall = on_day(wish.wall, local_day(each.span.starts_at, zone) + shift) if moves else now_at
    request = replace(
        each.request(wall),
        items=wish.items if wish.items != standing.items else each.items,
        people=wish.people if wish.people != row.people else each.people,
        organisation_id=_passed_on(wish.organisation_id, row.organisation_id, each.organisation_id),
    )
    return Planned(each.day, request, each.request(now_at), each.id)


def _decided(planned: Planned, choices: Mapping[date, Choice], cards: Mapping[int, ResourceCard]) -> Request | None:
    """What becomes of it by what was decided for its date; None when it is given back, or goes to another room."""
    choice, before = choices.get(planned.day, AS_PLANNED), planned.before or planned.request
    if choice.stay:
        return before
    if choice.skip or choice.slug not in ("", cards[before.items[0].resource_id].slug):
        return None
    zone = next(iter(cards.values())).zone
    return replace(planned.request, wall=WallSpan.of(choice.span, zone)) if choice.span else planned.request


def _draft(
    session: Session,
    standing: Standing,
    series: SeriesNow,
    changing: tuple[Occurrence, ...],
    planned: list[Planned],
    change: SeriesChange,
) -> Draft:
    """All that changes, to be weighed at once."""
    row = standing.row
    cards = {**series.cards, **known_cards(session, change.wish)}
    if any(card.site_id != row.site_id for card in cards.values()):
        raise InvalidInput("resource")
    ids, spans = frozenset(each.id for each in changing), frozenset(each.span for each in changing)
    return Draft(tuple(planned), cards, row.member_id, change.choices, booking_ids=ids, spans=spans, is_new=False)


def _passed_on(wanted: int | None, was: int | None, own: int | None) -> int | None:
    return wanted if wanted != was else own
