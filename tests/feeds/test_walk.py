"""A booking on its way through the services, as a subscriber sees it: made, moved, cancelled."""

from datetime import UTC, datetime, timedelta

from booking.core.request import Item, WallSpan
from booking.models import Booking
from booking.services.actors import actor_for_member
from booking.services.bookings import request_booking
from booking.services.changes import cancel_booking, change_booking
from booking.services.wishes import Wish
from tests.factories import OSLO, span_at
from tests.feeds.conftest import NOW

LATER = timedelta(seconds=1)


def wish(subscriber, at):
    return Wish((Item(subscriber.room_id),), WallSpan.of(span_at(at), OSLO), title="Styremøte")


def seen(subscriber):
    """What a calendar program knows after one more look."""
    (event,) = subscriber.events()
    return event.start.astimezone(UTC), str(event["STATUS"]), event["SEQUENCE"], event["LAST-MODIFIED"].dt


def test_what_happens_to_a_booking_is_seen_by_its_subscriber(subscriber, change):
    ten, noon = (datetime(2027, 3, 2, hour, tzinfo=UTC) for hour in (9, 11))
    etags = [subscriber.get().headers["ETag"]]

    with change() as session:
        actor = actor_for_member(session, NOW, subscriber.member_id)
        public_id = request_booking(session, NOW, actor, wish(subscriber, "2027-03-02 10:00-11:00")).public_id
    assert seen(subscriber) == (ten, "CONFIRMED", 0, NOW)
    etags.append(subscriber.get().headers["ETag"])

    with change() as session:  # within the same second: the stamp must rise all the same
        moved = wish(subscriber, "2027-03-02 12:00-13:00")
        change_booking(session, NOW, actor, public_id, moved, version=session.query(Booking).one().version)
    assert seen(subscriber) == (noon, "CONFIRMED", 1, NOW + LATER)
    etags.append(subscriber.get().headers["ETag"])

    with change() as session:
        cancel_booking(session, NOW, actor, public_id)
    assert seen(subscriber) == (noon, "CANCELLED", 2, NOW + 2 * LATER)
    etags.append(subscriber.get().headers["ETag"])

    assert len(set(etags)) == 4
