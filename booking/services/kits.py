"""What can be added to a booking, and what a resource needs beside it: for filling in a form, never for judging."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.params import Companions
from booking.models import RuleSetting
from booking.services import catalogue, settings
from booking.services.catalogue import ResourceCard


@dataclass(frozen=True, slots=True)
class Addable:
    """Something that can be booked along with a resource; `needed` is how many it cannot do without."""

    card: ResourceCard
    units: int
    needed: int = 0


def addables(
    session: Session, now: datetime, card: ResourceCard, held: frozenset[int], asked: Collection[str] = ()
) -> list[Addable]:
    """What the resource needs, then the instruments and loan items of its site, and what is in the kit already.

    A room of the same building goes along when it is `asked` for by its slug, as a large group needs two.
    """
    needs = needed_with(session, now, card)
    around = {each.id: each for each in catalogue.resources(session, site_id=card.site_id) if each.id != card.id}
    chosen = [
        each for each in around.values()
        if each.id in needs or each.id in held
        or (each.is_bookable and (each.kind == "instrument" or (each.slug in asked and _next_door(each, card))))
    ]  # fmt: skip
    units = catalogue.units_of(session, [each.id for each in chosen])
    listed = [Addable(each, len(units.get(each.id, ())), needs.get(each.id, 0)) for each in chosen]
    return sorted(listed, key=lambda each: not each.needed)


def _next_door(other: ResourceCard, card: ResourceCard) -> bool:
    return other.building_id is not None and other.building_id == card.building_id


def needed_with(session: Session, now: datetime, card: ResourceCard) -> dict[int, int]:
    """The resources that must be booked along with it, by id, and how many units of each."""
    rows = settings.rows_at(session, card.scopes, now)
    found = settings.counting(card, settings.by_scope(rows))["R08"].params
    return dict(found.needs) if isinstance(found, Companions) else {}


def needing_more(session: Session, now: datetime) -> Iterator[tuple[str, str]]:
    """What something needs and that needs yet another thing, which the first does not name: both by name."""
    rows = session.execute(
        select(RuleSetting.scope_kind, RuleSetting.scope_id, RuleSetting.params).where(
            RuleSetting.rule == "R08", RuleSetting.valid_to.is_(None)
        )
    )
    for kind, id_, params in rows:
        named = {each["resource"] for each in params.get("needs", ())}
        for card in catalogue.resources_by_id(session, named).values():
            more = needed_with(session, now, card).keys() - named - ({id_} if kind == "resource" else set())
            yield from ((card.name, each.name) for each in catalogue.resources_by_id(session, more).values())


def units_in(session: Session, card: ResourceCard) -> int:
    """How many units a pool has."""
    return len(catalogue.units_of(session, [card.id]).get(card.id, ()))
