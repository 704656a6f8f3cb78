"""Members with 50, 2,000 and 10,000 bookings ahead of them, each in a room of their own, and a feed for each."""

from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from booking.models import Allocation, Booking, BookingItem, ResourceUnit
from booking.models.ids import new_public_id
from booking.permissions import Actor
from booking.services import feed_fragments, feed_keys
from booking.services.feed_counters import raise_counters
from booking.services.feed_keys import Detail, Wanted
from tests.factories import a_member, a_room, a_site

SIZES = (50, 2_000, 10_000)
HALF_HOUR = timedelta(minutes=30)
TITLES = ("Styremøte", "Prosjektmøte med Øya; lab, rigg og måling", "Forsøk – uke", "Åpen kaffe", "")


def found_feeds(session: Session, now: datetime) -> dict[int, str]:
    """The path of each feed by how many events it has."""
    site = a_site(session, address="Holtermanns veg 1-13, 7030 Trondheim")
    paths = {}
    for size in SIZES:
        member, room = a_member(session), a_room(session, site, name=f"Møterom {size}")
        unit = session.scalars(select(ResourceUnit.unit_id).where(ResourceUnit.resource_id == room.id)).one()
        starts_at = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        times = [(starts_at + n * HALF_HOUR, starts_at + (n + 1) * HALF_HOUR) for n in range(size)]
        _book(session, now, member.id, (site.id, room.id, unit), times)
        raise_counters(session, now, [("member", member.id)])
        wanted = Wanted("Bench", Detail.FULL, "nb")
        secret = feed_keys.make_key(session, now, Actor(member.id, "Bench", member.email), wanted, f"bench-{size}")
        paths[size] = f"/feeds/{secret}.ics"
    while feed_fragments.fill(session):
        pass
    return paths


def _book(
    session: Session,
    now: datetime,
    member_id: int,
    where: tuple[int, int, int],
    times: list[tuple[datetime, datetime]],
) -> None:
    site_id, room_id, unit_id = where
    common = {"site_id": site_id, "member_id": member_id, "booked_by_id": member_id, "state": "confirmed", "live": True}
    common |= {"visibility": "organisation", "version": 1, "sequence": 0, "created_at": now, "modified_at": now}
    rows = [
        {**common, "public_id": new_public_id(), "uid": f"{new_public_id()}@samrom", "title": TITLES[n % len(TITLES)],
         "starts_at": starts_at, "ends_at": ends_at}
        for n, (starts_at, ends_at) in enumerate(times)
    ]  # fmt: skip
    ids = session.scalars(insert(Booking).returning(Booking.id, sort_by_parameter_order=True), rows).all()
    items = [
        {"booking_id": id_, "live": True, "starts_at": a, "ends_at": b, "busy_from": a, "busy_to": b,
         "resource_id": room_id, "quantity": 1, "held_unit_id": unit_id}
        for id_, (a, b) in zip(ids, times, strict=True)
    ]  # fmt: skip
    made = session.scalars(insert(BookingItem).returning(BookingItem.id, sort_by_parameter_order=True), items).all()
    session.execute(
        insert(Allocation),
        [
            {"item_id": id_, "unit_id": unit_id, "resource_id": room_id, "live": True, "busy_from": a, "busy_to": b}
            for id_, (a, b) in zip(made, times, strict=True)
        ],
    )
