"""A member with a feed: on both databases, at one fixed instant, with a key of each detail level when asked."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

import icalendar
import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from booking.core.lifecycle import State
from booking.models import Booking, Member, Resource
from booking.permissions import Actor
from booking.services import feed_keys
from booking.services.feed_counters import raise_counters
from booking.services.feed_keys import Detail, Kind, Wanted
from tests.factories import a_booking, a_member, a_room, a_site

forms = count()
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)  # a Monday


@pytest.fixture(autouse=True)
def travel():
    """The instant of the tests, which may move it."""
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Kari, a room, and the address of her feed."""

    app: Flask
    member_id: int
    room_id: int
    path: str

    def get(self, path: str | None = None, **headers: str):
        return self.app.test_client().get(
            path or self.path, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )

    def calendar(self, path: str | None = None) -> icalendar.Calendar:
        return icalendar.Calendar.from_ical(self.get(path).data)

    def events(self, path: str | None = None) -> list[icalendar.Event]:
        return self.calendar(path).walk("VEVENT")

    def told(self, path: str | None = None) -> dict[str, str]:
        """Each event's status by its summary."""
        return {str(event["SUMMARY"]): str(event["STATUS"]) for event in self.events(path)}


def a_key(
    session: Session,
    member_id: int,
    detail: Detail = Detail.FULL,
    language: str = "en",
    kind: Kind = Kind.MEMBER,
    scope_id: int = 0,
    **options: object,
) -> str:
    """The path of a new feed."""
    actor = Actor(member_id, "Kari", "kari@example.invalid")
    wanted = Wanted("Phone", detail, language, kind, scope_id, **options)
    secret = feed_keys.make_key(session, NOW, actor, wanted, f"form-{next(forms)}")
    return f"/feeds/{secret}.ics"


def book(
    session: Session,
    subscriber: Subscriber,
    at: str = "2027-03-02 10:00-11:00",
    on: Resource | None = None,
    **about: object,
) -> Booking:
    """A booking of Kari's, told to her feed's counter as the services do."""
    room, member = on or session.get(Resource, subscriber.room_id), session.get(Member, subscriber.member_id)
    booking = a_booking(session, on=room, member=member, at=at, **about)
    raise_counters(session, NOW, [("member", member.id)])
    return booking


def move_to(booking: Booking, state: State, at: datetime) -> None:
    """What the services write when a booking ends, once its allocations are gone."""
    booking.state, booking.live, booking.sequence, booking.modified_at = state, False, booking.sequence + 1, at


@pytest.fixture
def subscriber(app: Flask, change) -> Subscriber:
    """On SQLite and on PostgreSQL."""
    with change() as session:
        member = a_member(session, name="Kari")
        site = a_site(session, address="Holtermannsveien 1, Trondheim")
        room = a_room(session, site, name="Møterom Blåbær")
        return Subscriber(app, member.id, room.id, a_key(session, member.id))
