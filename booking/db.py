"""The database: base class, the Instant column, SQLite's pragmas, and `writing()`, the only way to change data."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Engine, MetaData, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from booking.core.errors import BookingConflict

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_MS = 20_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OVERLAP_GUARD = "ex_allocation_overlap"


class Base(DeclarativeBase):
    """All tables share one naming convention, so that every constraint can be named in a migration."""

    metadata = MetaData(naming_convention=NAMING)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC instant in whole seconds: TIMESTAMPTZ on PostgreSQL, epoch seconds on SQLite. Naive is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column type that the dialect stores."""
        kind = BigInteger() if dialect.name == "sqlite" else DateTime(timezone=True)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Raises ValueError for a naive datetime."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return int(value.timestamp()) if dialect.name == "sqlite" else value.astimezone(UTC).replace(microsecond=0)

    def result_processor(self, dialect: Dialect, _coltype: object) -> Callable[[Any], datetime | None]:
        """Always aware UTC. Chosen once for a statement, as it runs for every instant that is read."""
        return _of_seconds if dialect.name == "sqlite" else _in_utc


def _of_seconds(value: int | None) -> datetime | None:
    return None if value is None else EPOCH + timedelta(seconds=value)


def _in_utc(value: datetime | None) -> datetime | None:
    return value if value is None or value.tzinfo is UTC else value.astimezone(UTC)


Instant = Annotated[datetime, mapped_column(UTCDateTime)]

db = SQLAlchemy(model_class=Base)


class ReadOnlySession(RuntimeError):
    """Something tried to change data through `db.session`; use `writing()`."""


def _refuse_to_write(session: Session, *_: object) -> None:
    if session.new or session.dirty or session.deleted:
        raise ReadOnlySession("db.session only reads; change data inside `with writing() as session`")


def prepare(engine: Engine) -> None:
    """Sets what every connection needs; called once for the application's engine."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)


def guard_reads() -> None:
    """Makes `db.session` refuse to flush changes."""
    if not event.contains(db.session, "before_flush", _refuse_to_write):
        event.listen(db.session, "before_flush", _refuse_to_write)


def _sqlite_connect(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver must not begin on its own: `_sqlite_begin` does
    # FULL: an answered booking survives a power cut. foreign_keys: the chain of guards needs it on every connection.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    """A write must begin IMMEDIATE: upgrading a read to a write fails at once with 'database is locked'."""
    writes = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing() -> Iterator[Session]:
    """One write transaction in a session of its own; commits at the end, rolls back on any error.

    Raises BookingConflict when the guard in the database refuses an overlap.
    What `db.session` has read is dropped first and read afresh afterwards. Rows must not cross the border:
    hand plain values in and out.
    """
    db.session.remove()
    engine = db.engine.execution_options(writing=True)
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session
    except IntegrityError as refusal:
        if OVERLAP_GUARD in str(refusal.orig):
            raise BookingConflict from refusal
        raise
