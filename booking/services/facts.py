"""Gathers, in bulk and with few queries, everything the rules need to know before they judge."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, bindparam, select, tuple_
from sqlalchemy.orm import Session

from booking.core.facts import Closed, Facts, OwnBooking, ResourceFacts, Taken
from booking.core.kits import needs_of
from booking.core.opening import SpecialDay, open_spans
from booking.core.params import Buffer, Closures, Hours, Longest, OwnClash
from booking.core.settings import Effective
from booking.core.timespan import TimeSpan
from booking.db import UTCDateTime
from booking.models import Booking as BookingRow
from booking.models import Closure
from booking.models import SpecialDay as SpecialDayRow
from booking.permissions import ScopeKey
from booking.services import catalogue, holidays, settings
from booking.services.approval_steps import timed_out
from booking.services.beneficiaries import groups_known, member_facts
from booking.services.beside import names_of, own_bookings
from booking.services.catalogue import ResourceCard
from booking.services.fact_families import Gathering, with_families
from booking.services.outages_known import known_outages, with_outages
from booking.services.taken import taken_by_unit, taken_within

Units = dict[int, list[tuple[int, Taken]]]
ELSEWHERE = "elsewhere"  # the state of what is booked with somebody else, whatever it is to them
REACH = timedelta(days=1)
BESIDE = timedelta(hours=2)  # how far beyond the window bookings are read at least

# Built once, and on tables: building a statement costs more than running it, and these run for every request.
SCOPES: BindParameter[Any] = bindparam("scopes", expanding=True)
special_day, closure = SpecialDayRow.__table__, Closure.__table__
SPECIAL_DAYS = select(
    special_day.c.scope_kind, special_day.c.scope_id, special_day.c.day, special_day.c.windows, special_day.c.name
).where(
    tuple_(special_day.c.scope_kind, special_day.c.scope_id).in_(SCOPES),
    special_day.c.day.between(bindparam("first"), bindparam("last")),
)
CLOSURES = select(
    closure.c.scope_kind, closure.c.scope_id, closure.c.starts_at, closure.c.ends_at, closure.c.name
).where(
    tuple_(closure.c.scope_kind, closure.c.scope_id).in_(SCOPES),
    closure.c.starts_at < bindparam("window_to", type_=UTCDateTime),
    closure.c.ends_at > bindparam("window_from", type_=UTCDateTime),
)


def gather_facts(
    session: Session,
    now: datetime,
    *,
    member_id: int | None,
    resource_ids: Iterable[int],
    window: TimeSpan,
    without_booking_id: int | None = None,
) -> Facts:
    """What is known of these resources inside the window; resources that do not exist are left out.

    The member is the beneficiary, not necessarily who asks. Call it after the locks are taken when it is to decide.
    """
    cards = catalogue.resources_by_id(session, resource_ids)
    return facts_of(session, now, cards, member_id=member_id, window=window, without_booking_id=without_booking_id)


def facts_of(
    session: Session,
    now: datetime,
    cards: Mapping[int, ResourceCard],
    *,
    member_id: int | None,
    window: TimeSpan,
    without_booking_id: int | None = None,
    only: Sequence[TimeSpan] = (),
) -> Facts:
    """The same for cards that have been read already. All cards share one time zone (one booking has one site).

    With `only`, what is taken is read for these spans alone, for who asks about few days of a long window.
    """
    session.flush()  # what waits to be written counts too
    scopes = sorted({scope for card in cards.values() for scope in card.scopes})
    groups = groups_known(session)
    member = member_facts(session, now, member_id, groups)
    rows = settings.by_scope(settings.rows_at(session, scopes, now))
    effective = {id_: settings.counting(card, rows, member.groups) for id_, card in cards.items()}
    reach = max([BESIDE, *map(reach_of, effective.values())])
    near, wide = window.padded(reach, reach), window.padded(max(reach, REACH), max(reach, REACH))
    units = catalogue.units_of(session, cards)
    unit_ids = {unit for each in units.values() for unit in each}
    if only:
        taken = taken_within(session, unit_ids, only)
    else:
        taken = taken_by_unit(session, unit_ids, near, without_booking_id)
    taken = _without_dead_requests(session, now, taken)
    special, closed = _special_days(session, scopes, wide), _closures(session, scopes, wide)
    out = known_outages(session, cards, wide)
    names = {card.id: card.name for card in cards.values()}
    names |= names_of(session, {id_ for pairs in taken.values() for id_, _ in pairs} - names.keys())
    resources = {
        id_: with_outages(
            _resource_facts(card, effective[id_], units.get(id_, ()), taken, names, special, closed, wide, member.id),
            out,
        )
        for id_, card in cards.items()
    }
    zone = next((card.zone for card in cards.values()), ZoneInfo("UTC"))
    needed = {id_ for resource in resources.values() for id_ in needs_of(resource)} - resources.keys()
    facts = Facts(
        now,
        zone,
        resources,
        member,
        window,
        {row.group_id: row.name for row in groups},
        _companions(session, now, needed, member_id, near, without_booking_id),
        _own(session, effective, member.id, window, without_booking_id),
    )
    return with_families(Gathering(session, now, cards, effective, window, without_booking_id), facts)


def _without_dead_requests(session: Session, now: datetime, taken: Units) -> Units:
    """What is taken but for requests that time has ended; whoever books there has it written down first."""
    asked = {each.booking_id for pairs in taken.values() for _, each in pairs if each.requested}
    dead = {row.id for row in timed_out(session, now, BookingRow.id.in_(sorted(asked)))} if asked else ()
    if not dead:
        return taken
    return {unit: [pair for pair in pairs if pair[1].booking_id not in dead] for unit, pairs in taken.items()}


def _companions(
    session: Session, now: datetime, needed: set[int], member_id: int | None, window: TimeSpan, without: int | None
) -> Mapping[int, ResourceFacts]:
    """What resources need beside them; what that needs in its turn is not looked at."""
    if not needed:
        return {}
    cards = catalogue.resources_by_id(session, needed)
    found = facts_of(session, now, cards, member_id=member_id, window=window, without_booking_id=without)
    return found.resources


def _own(
    session: Session,
    effective: Mapping[int, Mapping[str, Effective]],
    member_id: int,
    window: TimeSpan,
    without: int | None,
) -> tuple[OwnBooking, ...]:
    """The member's bookings of anything, where a rule asks for them."""
    modes = {each["R09"].params for each in effective.values()}
    if not member_id or all(isinstance(mode, OwnClash) and mode.mode == "off" for mode in modes):
        return ()
    return tuple(own_bookings(session, member_id, window, without))


def reach_of(effective: Mapping[str, Effective]) -> timedelta:
    """How far a booking outside the window can matter: through set-up and clean-up, or as one of several in a row."""
    longest, buffer = effective["R21"].params, effective["R06"].params
    in_a_row = longest.minutes + longest.merge_gap_minutes if isinstance(longest, Longest) and longest.minutes else 0
    around = max(buffer.before_minutes, buffer.after_minutes) if isinstance(buffer, Buffer) else 0
    return timedelta(minutes=max(in_a_row, around))


def _resource_facts(
    card: ResourceCard,
    effective: Mapping[str, Effective],
    units: tuple[int, ...],
    taken: Mapping[int, list[tuple[int, Taken]]],
    names: Mapping[int, str],
    special: list[tuple[ScopeKey, SpecialDay]],
    closed: list[tuple[ScopeKey, Closed]],
    window: TimeSpan,
    member_id: int,
) -> ResourceFacts:
    scopes = settings.scopes_of(card)
    held = [pair for unit in units for pair in taken.get(unit, ())]
    hours = effective["R10"].params
    special_days = _nearest_first(special, scopes)
    return ResourceFacts(
        id=card.id,
        slug=card.slug,
        name=card.name,
        state=card.state if card.is_local else ELSEWHERE,
        units=units,
        is_pool=card.is_pool,
        settings=effective,
        open=open_spans(hours.weekly if isinstance(hours, Hours) else None, special_days, window, card.zone),
        special_days=special_days,
        closed=_closed_for(closed, effective, scopes, window, card.zone),
        taken=tuple(each if id_ == card.id else replace(each, through=names[id_]) for id_, each in held),
        same_party=tuple(
            sorted({each.span for resource_id, each in held if resource_id == card.id and each.member_id == member_id})
        ),
        contact=card.contact or None,
    )


def _nearest_first(
    special: list[tuple[ScopeKey, SpecialDay]], scopes: Mapping[ScopeKey, object]
) -> tuple[SpecialDay, ...]:
    """One special day a date: the one set nearest to the resource."""
    by_day = {each.day: each for key in reversed(list(scopes)) for scope, each in special if scope == key}
    return tuple(by_day[day] for day in sorted(by_day))


def _closed_for(
    closed: list[tuple[ScopeKey, Closed]],
    effective: Mapping[str, Effective],
    scopes: Mapping[ScopeKey, object],
    window: TimeSpan,
    zone: ZoneInfo,
) -> tuple[Closed, ...]:
    own = [replace(each, scope=scopes[key]) for key, each in closed if key in scopes]  # type: ignore[arg-type]
    law = effective["R11"].params
    if isinstance(law, Closures) and law.public_holidays:
        own += holidays.closed_days(law.public_holidays, window, zone, effective["R11"].scope_of("public_holidays"))
    return tuple(sorted(own, key=lambda each: each.span))


def _special_days(session: Session, scopes: list[ScopeKey], window: TimeSpan) -> list[tuple[ScopeKey, SpecialDay]]:
    first, last = window.starts_at.date() - timedelta(days=1), window.ends_at.date() + timedelta(days=1)
    rows = session.execute(SPECIAL_DAYS, {"scopes": scopes, "first": first, "last": last})
    return [((row.scope_kind, row.scope_id), special_day_of(row)) for row in rows]


def special_day_of(row: Any) -> SpecialDay:
    """The row as the core sees it."""
    weekday = row.day.weekday()
    windows = Hours.from_json({"windows": [{"weekday": weekday, **window} for window in row.windows]}).windows
    return SpecialDay(row.day, windows or (), row.name)


def _closures(session: Session, scopes: list[ScopeKey], window: TimeSpan) -> list[tuple[ScopeKey, Closed]]:
    rows = session.execute(CLOSURES, {"scopes": scopes, "window_from": window.starts_at, "window_to": window.ends_at})
    return [((row.scope_kind, row.scope_id), Closed(TimeSpan(row.starts_at, row.ends_at), row.name)) for row in rows]


__all__ = ["facts_of", "gather_facts", "reach_of", "special_day_of"]
