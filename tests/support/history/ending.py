"""What must be true when the history is over: the books of all processes against the database, and the units' time."""

from collections.abc import Iterable, Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from booking.services import checks
from tests.support.history.records import CRASHED, DONE, Record, Told, tell
from tests.support.history.world import BENCHES, DESKS
from tests.support.racing import behind

SHOWN = 5

# Each is asked of the rows as they are, without anything of ours in between, and must find nothing.
QUESTIONS = {
    "two allocations of one unit at one instant": """
        SELECT a.item_id, b.item_id FROM allocation a JOIN allocation b ON b.unit_id = a.unit_id
        AND b.item_id > a.item_id AND b.busy_from < a.busy_to AND a.busy_from < b.busy_to""",
    "two live bookings of things that share a unit at one instant": """
        SELECT a.booking_id, b.booking_id FROM booking_item a
        JOIN resource_unit mine ON mine.resource_id = a.resource_id
        JOIN resource_unit theirs ON theirs.unit_id = mine.unit_id
        JOIN booking_item b ON b.resource_id = theirs.resource_id AND b.id > a.id AND b.live
        AND b.busy_from < a.busy_to AND a.busy_from < b.busy_to
        JOIN resource r ON r.id = a.resource_id AND NOT r.is_pool WHERE a.live""",
    "more of a pool booked at one instant than it has": f"""
        SELECT a.id FROM booking_item a JOIN resource r ON r.id = a.resource_id AND r.is_pool
        JOIN booking_item b ON b.resource_id = a.resource_id AND b.live
        AND b.busy_from <= a.busy_from AND a.busy_from < b.busy_to WHERE a.live
        GROUP BY a.id, r.slug HAVING sum(b.quantity) > CASE WHEN r.slug = 'desks' THEN {DESKS} ELSE {BENCHES} END""",
}

UNDER_MAINTENANCE = """
    SELECT DISTINCT b.public_id FROM booking b JOIN booking_item i ON i.booking_id = b.id
    JOIN resource_unit mine ON mine.resource_id = i.resource_id
    JOIN resource_unit theirs ON theirs.unit_id = mine.unit_id
    JOIN outage o ON o.resource_id = theirs.resource_id AND o.effect = 'block'
    AND o.starts_at < b.ends_at AND b.starts_at < o.ends_at WHERE b.live"""


def wrong_in(url: str, records: list[Record]) -> list[str]:
    """A line for everything that is not as it was acknowledged, or cannot be; empty when all is well."""
    with behind(url) as engine, Session(engine) as session:
        stored = tell(session)
        return [
            *(f"crashed: {each.deed} {each.title}\n{each.trouble}" for each in records if each.outcome == CRASHED),
            *(
                f"not as asked: {each.deed}: {each.trouble}"
                for each in records
                if each.outcome == DONE and each.trouble
            ),
            *against_the_books(stored, records),
            *_asked(session),
            *_under_maintenance(session, records),
            *(f"check: {line}" for line in checks.check(session)),
        ]


def against_the_books(stored: list[Told], records: list[Record]) -> Iterator[str]:
    """Every version of every booking was acknowledged, all tell the same of it, and the last one is what stands."""
    books: dict[str, dict[int, Told]] = {}
    for told in (told for record in records for told in record.told):
        noted = books.setdefault(told.public_id, {}).setdefault(told.version, told)
        if noted != told:
            yield f"told in two ways: {noted} and {told}"
    standing = {each.public_id: each for each in stored}
    yield from (f"acknowledged and gone: {public_id}" for public_id in books.keys() - standing.keys())
    yield from (f"there, and never acknowledged: {standing[each]}" for each in standing.keys() - books.keys())
    for public_id in books.keys() & standing.keys():
        noted, now = books[public_id], standing[public_id]
        if noted[max(noted)] != now:
            yield f"acknowledged {noted[max(noted)]} and stands {now}"
        elif set(noted) != set(range(1, now.version + 1)):
            yield f"changed without a word: {now}, of which versions {sorted(noted)} were acknowledged"
    refused = {each.title for each in records if each.outcome != DONE}
    yield from (f"refused, and there: {each}" for each in stored if each.title in refused)


def _asked(session: Session) -> Iterator[str]:
    for sentence, question in QUESTIONS.items():
        rows = session.execute(text(question)).all()
        if rows:
            yield f"{sentence}: {len(rows)}, such as {_some(rows)}"


def _under_maintenance(session: Session, records: Iterable[Record]) -> Iterator[str]:
    """What maintenance lies over was asked about, and left there."""
    kept = {public_id for record in records for public_id in record.kept if record.outcome == DONE}
    under = set(session.execute(text(UNDER_MAINTENANCE)).scalars()) - kept
    if under:
        yield f"under maintenance, and nobody decided so: {len(under)}, such as {_some(sorted(under))}"


def _some(found: list[object]) -> str:
    return ", ".join(str(tuple(each)) if not isinstance(each, str) else each for each in found[:SHOWN])
