"""The rows that rules point at by id: which there are, and what they are called."""

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import MemberGroup, Resource
from booking.services.catalogue import norwegian
from booking.services.declaring import documents

Names = dict[int, str]


def _groups(session: Session) -> Names:
    return {row.id: row.name for row in session.execute(select(MemberGroup.id, MemberGroup.name))}


def _resources(session: Session) -> Names:
    return {row.id: row.name for row in session.execute(select(Resource.id, Resource.name))}


def _documents(session: Session) -> Names:
    return {each.id: each.values.names["nb"] for each in documents(session)}


SOURCES: Mapping[str, Callable[[Session], Names]] = {
    "group": _groups,
    "resource": _resources,
    "document": _documents,
}


def names_of(session: Session, sources: Iterable[str]) -> dict[str, Names]:
    """For each source, its rows by name."""
    found = {source: SOURCES[source](session) for source in set(sources)}
    return {source: dict(sorted(names.items(), key=lambda row: norwegian(row[1]))) for source, names in found.items()}
