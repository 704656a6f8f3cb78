"""Takes over who has which qualification from a table: each line is granted, was there already, or is refused."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import DomainError, InvalidInput
from booking.models import Qualification, Site
from booking.permissions import Actor
from booking.services.addresses import decoded
from booking.services.qualifications import GrantValues, grant

COLUMNS = ("email", "qualification", "granted_on", "expires_on", "level", "site")
NEEDED = {"email", "qualification", "granted_on"}
MOST_OCTETS = 5_000_000
BY_COMMAND = Actor(member_id=0, name="", email="", site_role="site_admin")


class Fate(StrEnum):
    """What becomes of a line."""

    NEW = "new"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Row:
    """One line as it was written."""

    number: int
    email: str
    qualification: str
    granted_on: str
    expires_on: str
    level: str
    site: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A line and its fate; `error` says why it was refused."""

    row: Row
    fate: Fate
    error: DomainError | None = None


def read_rows(data: bytes) -> list[Row]:
    """The lines of a CSV file, with commas or semicolons. Raises InvalidInput."""
    if len(data) > MOST_OCTETS:
        raise InvalidInput("file", "import.too_large", {"most": MOST_OCTETS // 1_000_000})
    text = decoded(data)
    first = text.partition("\n")[0]
    lines = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        lines.fieldnames = [name.strip().lower() for name in lines.fieldnames or ()]
        if NEEDED - set(lines.fieldnames):
            raise InvalidInput("file", "import.no_columns", {"columns": ", ".join(sorted(NEEDED))})
        return [Row(lines.line_num, **{name: (line.get(name) or "").strip() for name in COLUMNS}) for line in lines]
    except csv.Error as broken:
        raise InvalidInput("file", "import.no_table") from broken


def take_in(session: Session, now: datetime, rows: Iterable[Row]) -> Iterator[Outcome]:
    """Grants line by line; running it again finds what it granted before."""
    for row in rows:
        try:
            values = GrantValues(_day(row.granted_on, "granted_on"), _optional_day(row.expires_on), row.level)
            key = _qualification(session, row)
            done = grant(session, now, BY_COMMAND, key, [row.email], values, door="command")
        except DomainError as refusal:
            yield Outcome(row, Fate.REFUSED, refusal)
        else:
            yield Outcome(row, Fate.NEW if done.new else Fate.SAME)


def _qualification(session: Session, row: Row) -> str:
    """By its name, and by its site where several have one of that name. Raises InvalidInput."""
    query = select(Qualification.public_id).join(Site, Site.id == Qualification.site_id)
    query = query.where(Qualification.name == row.qualification)
    found = session.scalars(query.where(Site.slug == row.site) if row.site else query).all()
    if len(found) != 1:
        raise InvalidInput("qualification", "import.qualification", {"name": row.qualification})
    return found[0]


def _day(text: str, field: str) -> date:
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    raise InvalidInput(field, "input.not_a_day")


def _optional_day(text: str) -> date | None:
    return _day(text, "expires_on") if text else None
