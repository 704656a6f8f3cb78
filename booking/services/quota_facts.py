"""Reads what counts against quotas: the live bookings of a member and their organisations, in one indexed statement."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, bindparam, select, union_all
from sqlalchemy.orm import Session

from booking.core.facts import Facts
from booking.core.limits import AHEAD, Limit
from booking.core.quota_params import Concurrent, OwnGap, Quota
from booking.core.settings import Effective
from booking.core.timespan import TimeSpan
from booking.core.usage import Place, Usage, Use, Used, Uses
from booking.db import UTCDateTime
from booking.models import Booking, BookingItem, Resource
from booking.services.catalogue import ResourceCard, resources_by_id

if TYPE_CHECKING:
    from booking.services.fact_families import Gathering

RULES = ("R22", "R23", "R24", "R25", "R26", "R27")
LONGEST = timedelta(days=366)  # no booking lasts longer, so none that began earlier can matter
DAY = timedelta(days=1)
DAYS = {"day": 2, "week": 8, "month": 32}
EVER = timedelta(days=10 * 366)
MEMBERS: BindParameter[Any] = bindparam("members", expanding=True)
ORGANISATIONS: BindParameter[Any] = bindparam("organisations", expanding=True)


def _statement(whose: Any) -> Any:
    return (
        select(
            Booking.id, Booking.member_id, Booking.organisation_id, Booking.starts_at, Booking.ends_at,
            BookingItem.resource_id, BookingItem.quantity,
            Resource.category_id, Resource.building_id, Resource.site_id,
        )
        .join(BookingItem, BookingItem.booking_id == Booking.id)
        .join(Resource, Resource.id == BookingItem.resource_id)
        .where(
            whose,
            Booking.live,
            Booking.starts_at < bindparam("window_to", type_=UTCDateTime),
            Booking.starts_at > bindparam("earliest", type_=UTCDateTime),
            Booking.ends_at > bindparam("window_from", type_=UTCDateTime),
            Booking.id != bindparam("without"),
        )
    )  # fmt: skip


OF_BOTH = union_all(_statement(Booking.member_id.in_(MEMBERS)), _statement(Booking.organisation_id.in_(ORGANISATIONS)))


def with_usage(gathering: "Gathering", facts: Facts) -> Facts:
    """The facts with what counts against the quotas of their resources; as they are where no quota is set."""
    known = {**facts.resources, **facts.companions}
    effective = [resource.settings for resource in known.values()]
    if not any(_asks(each) for each in effective):
        return facts
    cards = dict(gathering.cards)
    cards |= resources_by_id(gathering.session, known.keys() - cards.keys()) if known.keys() - cards.keys() else {}
    uses = Uses(
        uses_within(
            gathering.session,
            {facts.member.id},
            _organisations(gathering, facts, effective),
            _reach(effective, gathering.window, facts.now),
            gathering.without_booking_id,
        )
    )
    usages = {id_: Usage(place_of(card), uses) for id_, card in cards.items()}
    return replace(
        facts,
        resources={id_: replace(each, usage=usages[id_]) for id_, each in facts.resources.items()},
        companions={id_: replace(each, usage=usages[id_]) for id_, each in facts.companions.items()},
    )


def with_usage_of_all(
    session: Session, facts: Facts, member_ids: Iterable[int], organisation_ids: Iterable[int]
) -> Facts:
    """The same for many members at once, where each of their bookings is judged as it stands."""
    usages = {id_: each.usage for id_, each in facts.resources.items() if each.usage is not None}
    if not usages:
        return facts
    effective = [each.settings for each in facts.resources.values()]
    uses = Uses(uses_within(session, member_ids, organisation_ids, _reach(effective, facts.window, facts.now)))
    known = {id_: replace(facts.resources[id_], usage=replace(usage, uses=uses)) for id_, usage in usages.items()}
    return replace(facts, resources={**facts.resources, **known})


def uses_within(
    session: Session,
    member_ids: Iterable[int],
    organisation_ids: Iterable[int],
    window: TimeSpan,
    without: int | None = None,
) -> list[Use]:
    """Live bookings of the members or of the organisations that meet the window, each once."""
    values = {
        "members": sorted(set(member_ids)),
        "organisations": sorted(set(organisation_ids)),
        "window_from": window.starts_at,
        "window_to": window.ends_at,
        "earliest": window.starts_at - LONGEST,
        "without": without or 0,
    }
    bookings: dict[int, Any] = {}
    items: dict[int, dict[int, Used]] = defaultdict(dict)
    places: dict[int, Place] = {}
    for row in session.execute(OF_BOTH, values):
        if row.resource_id not in places:
            places[row.resource_id] = Place(_ids(row.resource_id, row.category_id, row.building_id, row.site_id))
        items[row.id][row.resource_id] = Used(places[row.resource_id], row.quantity)
        bookings[row.id] = row
    return [
        Use(id_, TimeSpan(row.starts_at, row.ends_at), row.member_id, row.organisation_id, tuple(items[id_].values()))
        for id_, row in bookings.items()
    ]


def place_of(card: ResourceCard) -> Place:
    """Where a resource lies, with the names of each scope."""
    names: dict[str, Mapping[str, str]] = {
        "resource": {"nb": card.name},
        "category": card.category_names or {"nb": card.category_slug},
        "site": {"nb": card.site_name},
    }
    if card.building_id is not None:
        names["building"] = {"nb": card.building_name}
    return Place(_ids(card.id, card.category_id, card.building_id, card.site_id), names)


def _ids(resource: int, category: int, building: int | None, site: int) -> dict[str, int]:
    ids = {"resource": resource, "category": category, "site": site}
    return ids if building is None else {**ids, "building": building}


def reach(limits: Iterable[Limit], window: TimeSpan, now: datetime, gap: timedelta = timedelta()) -> TimeSpan:
    """From when to when bookings can matter: the whole of every period that the window touches."""
    known = list(limits)
    days = max([2, *(DAYS.get(limit.per, limit.days + 1) for limit in known if limit.per != AHEAD)])
    wide = window.padded(days * DAY + gap, days * DAY + gap)
    if any(limit.per == AHEAD for limit in known):
        return TimeSpan(min(wide.starts_at, now), max(wide.ends_at, now + EVER))
    return wide


def _reach(effective: Iterable[Mapping[str, Effective]], window: TimeSpan, now: datetime) -> TimeSpan:
    quotas = [each[rule].params for each in effective for rule in RULES if rule in each]
    limits = [limit for params in quotas if isinstance(params, Quota) for limit in params.limits]
    gaps = [params.minutes for params in quotas if isinstance(params, OwnGap) and params.minutes]
    return reach(limits, window, now, timedelta(minutes=max(gaps, default=0)))


def _asks(effective: Mapping[str, Effective]) -> bool:
    return any(rule in effective and _limits(effective[rule].params) for rule in RULES)


def _limits(params: object) -> bool:
    if isinstance(params, Quota):
        return bool(params.limits)
    if isinstance(params, Concurrent):
        return params.most is not None
    return isinstance(params, OwnGap) and params.minutes is not None


def _organisations(gathering: "Gathering", facts: Facts, effective: Iterable[Mapping[str, Effective]]) -> set[int]:
    """Whose bookings are needed, if any rule asks about organisations: the member's, and that of what is changed."""
    quotas = [each[rule].params for each in effective for rule in RULES if rule in each]
    asked = {limit.subject for params in quotas if isinstance(params, Quota) for limit in params.limits}
    if "organisation" not in asked:
        return set()
    ids = {each.organisation_id for each in facts.member.memberships}
    if gathering.without_booking_id:
        changed = select(Booking.organisation_id).where(Booking.id == gathering.without_booking_id)
        ids |= {id_ for id_ in gathering.session.scalars(changed) if id_ is not None}
    return ids


__all__ = ["place_of", "reach", "uses_within", "with_usage", "with_usage_of_all"]
