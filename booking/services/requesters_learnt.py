"""What those who ask have learnt of what a resource asks for, for whoever answers there and nobody else."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.lab_params import Required
from booking.core.localtime import last_day
from booking.models import Booking, Qualification
from booking.services import settings
from booking.services.catalogue import resources_by_id
from booking.services.competence import grants_of, required

Need = tuple[int, ...]  # qualifications of which one will do


@dataclass(frozen=True, slots=True)
class Learnt:
    """Something that is asked for, and whether the one who asks has it on the last day of what they ask for."""

    name: str
    has: bool


def learnt(
    session: Session, now: datetime, rows: Iterable[Booking], concerned: Mapping[int, Collection[int]]
) -> dict[int, tuple[Learnt, ...]]:
    """By booking; `concerned` are the resources of each that the reader answers for."""
    listed = [row for row in rows if concerned.get(row.id)]
    cards = resources_by_id(session, {id_ for row in listed for id_ in concerned[row.id]})
    kept = settings.by_scope(settings.rows_at(session, {key for card in cards.values() for key in card.scopes}, now))
    asked = {id_: _needs(required(settings.counting(card, kept))) for id_, card in cards.items()}
    ids = frozenset(id_ for needs in asked.values() for need in needs for id_ in need)
    if not ids:
        return {}
    names = dict(session.execute(select(Qualification.id, Qualification.name).where(Qualification.id.in_(ids))).all())
    grants = grants_of(session, ids, {row.member_id for row in listed})
    found = {}
    for row in listed:
        day = last_day(row.span, cards[next(iter(concerned[row.id]))].zone)
        has = {each.qualification_id for each in grants.get(row.member_id, ()) if each.covers(day)}
        needs = dict.fromkeys(need for id_ in concerned[row.id] for need in asked[id_])
        found[row.id] = tuple(Learnt(" / ".join(names[id_] for id_ in need), bool(has & set(need))) for need in needs)
    return found


def _needs(parts: Iterable[Required]) -> list[Need]:
    return [need for part in parts for need in (*((id_,) for id_ in part.all_of), part.any_of) if need]


__all__ = ["Learnt", "learnt"]
