"""Copies a whole database into another, empty one, with every key and UID as it was."""

from collections.abc import Callable, Iterator

from sqlalchemy import JSON, Column, Integer, Table, bindparam, func, insert, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.types import TypeEngine

from booking.db import Base

BATCH = 1000
Report = Callable[[str, int, int], None]  # the table's name, rows copied so far, rows in all


class CannotCopy(Exception):
    """Why the copy was not made, in a sentence; the target is as it was."""


def copy_all(source: Connection, target: Connection, report: Report) -> int:
    """Copies every table in the order its keys demand; how many rows there were. Raises CannotCopy.

    The caller commits: one transaction holds it all, so that the deferred key of the held units is asked at the end.
    """
    require_empty(target)
    rows = sum(_copy_table(source, target, table, report) for table in Base.metadata.sorted_tables)
    for table in Base.metadata.sorted_tables:
        _require_as_many(source, target, table)
        _continue_numbers(target, table)
    return rows


def require_empty(target: Connection) -> None:
    """Raises CannotCopy when any table holds a row."""
    filled = [table.name for table in Base.metadata.sorted_tables if _count(target, table)]
    if filled:
        raise CannotCopy(f"The target is not empty: there are rows in {', '.join(filled)}.")


def _copy_table(source: Connection, target: Connection, table: Table, report: Report) -> int:
    total, done = _count(source, table), 0
    report(table.name, done, total)
    statement = insert(table).values({column.name: bindparam(column.name, type_=_type(column)) for column in table.c})
    for batch in _batches(source, table):
        target.execute(statement, batch)
        done += len(batch)
        report(table.name, done, total)
    return done


def _batches(source: Connection, table: Table) -> Iterator[list[dict[str, object]]]:
    found = source.execute(select(table).order_by(*table.primary_key.columns))
    for rows in found.mappings().partitions(BATCH):
        yield [dict(row) for row in rows]


def _type(column: Column[object]) -> TypeEngine[object]:
    """Nothing stays nothing, where JSON would make it a written null."""
    return JSON(none_as_null=True) if isinstance(column.type, JSON) and column.nullable else column.type


def _require_as_many(source: Connection, target: Connection, table: Table) -> None:
    expected, arrived = _count(source, table), _count(target, table)
    if expected != arrived:
        raise CannotCopy(f"{table.name} has {expected} rows here and {arrived} there.")


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _continue_numbers(target: Connection, table: Table) -> None:
    """PostgreSQL must go on numbering after the largest key that was copied."""
    key = table.autoincrement_column
    if target.dialect.name != "postgresql" or key is None or not isinstance(key.type, Integer):
        return
    largest = target.execute(select(func.max(key))).scalar()
    if largest is not None:
        sequence = "SELECT setval(pg_get_serial_sequence(:table, :column), :largest)"
        target.execute(text(sequence), {"table": table.name, "column": key.name, "largest": largest})
