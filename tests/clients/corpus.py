"""The corpus: every case made through the services in one database, and a member with 2,000 bookings in another."""

import json
from importlib import import_module
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.recurrence import Every, Recurrence
from booking.db import writing
from booking.models import Booking, Closure, Outage
from tests.clients.scene import CASES, a_scene
from tests.support.once import home

for _cases in ("clock", "calendar", "changes", "texts", "places"):
    import_module(f"tests.clients.cases_{_cases}")

CROWD = 2_000
MOST_DATES = 400  # of one series


def every_case(app: Flask) -> None:
    """Fills a database with all cases, and notes which bookings belong to which."""
    made: dict[str, list[str]] = {}
    with app.app_context(), writing() as session:
        scene = a_scene(session)
        for name, make in CASES.items():
            before = _uids(session)
            make(scene)
            session.flush()
            made[name] = sorted(_uids(session) - before)
        notes(session.get_bind().dialect.name).write_text(json.dumps(made))


def _uids(session: Session) -> set[str]:
    shut = [("closure", Closure), ("outage", Outage)]
    found = {f"{kind}-{id_}@samrom" for kind, model in shut for id_ in session.scalars(select(model.public_id))}
    return found | set(session.scalars(select(Booking.uid)))


def two_thousand(app: Flask) -> None:
    """Fills a database with bookings on every day of more than a year, five each day."""
    with app.app_context(), writing() as session:
        scene = a_scene(session)
        room = scene.room()
        for number in range(CROWD // MOST_DATES):
            at = f"2026-12-01 {9 + number:02}:00-{9 + number:02}:45"
            scene.series(room, at, Recurrence(Every.DAY, count=MOST_DATES), f"Økt {number + 1}")


def notes(dialect: str) -> Path:
    """Where this run keeps which bookings belong to which case."""
    return home() / f"cases-{dialect}.json"


def cases_of(dialect: str) -> dict[str, list[str]]:
    """The UIDs of each case's bookings."""
    return json.loads(notes(dialect).read_text())
