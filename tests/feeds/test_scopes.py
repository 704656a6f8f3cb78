"""Feeds of rooms, organisations, sites and public programmes: each shows its own, as its reader may see it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from booking.core.lifecycle import State
from booking.models import (
    Allocation,
    BookingItem,
    Duty,
    Member,
    Membership,
    Organisation,
    Resource,
    ResourceUnit,
    RuleSetting,
    Site,
)
from booking.permissions import Actor
from booking.services import duties, endings, feed_freebusy, members, organisations
from booking.services.feed_keys import Detail, Kind
from tests.factories import LONG_AGO, a_booking, a_member, a_room, an_organisation
from tests.feeds.conftest import NOW, a_key

HOURS = {"private": "08:00-09:00", "organisation": "10:00-11:00", "members": "12:00-13:00", "public": "14:00-15:00"}


@pytest.fixture
def town(subscriber, change):
    """Kari of Sintef reads; Ola of Ntnu and her colleague Siri of Sintef have booked the same room in every way."""
    with change() as session:
        kari, room = session.get(Member, subscriber.member_id), session.get(Resource, subscriber.room_id)
        sintef, ntnu = an_organisation(session, name="Sintef"), an_organisation(session, name="Ntnu")
        session.add(Membership(member_id=kari.id, organisation_id=sintef.id))
        nils = a_member(session, name="Nils", site_role="site_admin")
        siri, ola = a_member(session, sintef, name="Siri"), a_member(session, ntnu, name="Ola")
        for day, (who, of) in enumerate([(siri, sintef), (ola, ntnu)], start=2):
            for visibility, hours in HOURS.items():
                title = f"{who.name} {visibility}"
                a_booking(session, on=room, member=who, at=f"2027-03-0{day} {hours}", title=title,
                          visibility=visibility, organisation_id=of.id)  # fmt: skip
    nils = Actor(nils.id, "Nils", "nils@example.invalid", site_role="site_admin")
    ids = {"room": room.id, "site": room.site_id, "sintef": sintef.id, "ntnu": ntnu.id, "siri": siri.id, "ola": ola.id}
    return {"nils": nils, **ids}


def feed(subscriber, change, kind, scope_id, detail=Detail.FULL, **options):
    with change() as session:
        return a_key(session, subscriber.member_id, detail, kind=kind, scope_id=scope_id, **options)


SEEN = ["Siri organisation", "Siri members", "Siri public", "Ola members", "Ola public"]


@pytest.mark.parametrize("kind", [Kind.RESOURCE, Kind.SITE])
def test_a_rooms_feed_tells_the_titles_that_its_reader_may_read_and_of_others_only_the_time(
    subscriber, change, town, kind
):
    path = feed(subscriber, change, kind, town["room" if kind is Kind.RESOURCE else "site"])

    events = subscriber.events(path)

    assert len(events) == 8
    assert sorted(str(each["SUMMARY"]) for each in events if each["SUMMARY"] != "Busy") == sorted(SEEN)
    for each in events:
        assert ("LOCATION" in each, "URL" in each) == ((each["SUMMARY"] != "Busy"),) * 2
    body = subscriber.get(path).data
    assert b"private" not in body
    assert b"Ola organisation" not in body


@pytest.mark.parametrize("detail", [Detail.BUSY, Detail.TITLE])
def test_a_rooms_feed_tells_no_more_than_its_key_wants(subscriber, change, town, detail):
    path = feed(subscriber, change, Kind.RESOURCE, town["room"], detail)

    titles = {str(each["SUMMARY"]) for each in subscriber.events(path)}

    assert titles == ({"Busy"} if detail is Detail.BUSY else {"Busy", *SEEN})
    assert b"URL:http://localhost/bookings/" not in subscriber.get(path).data
    assert (b"LOCATION" in subscriber.get(path).data) is (detail is Detail.TITLE)


def test_an_organisations_feed_is_for_its_members_while_they_are_members(subscriber, change, town):
    path = feed(subscriber, change, Kind.ORGANISATION, town["sintef"])

    assert sorted(subscriber.told(path)) == sorted(["Busy", *SEEN[:3]])
    first = subscriber.get(path)
    with change() as session:
        ending = endings.Ending(subscriber.member_id, town["sintef"], None)
        endings.end(session, NOW, town["nils"], ending, {})

    assert subscriber.get(path, If_None_Match=first.headers["ETag"]).status_code == 404


def test_a_membership_that_ends_with_a_day_ends_its_feed_the_day_after(subscriber, change, town, travel):
    path = feed(subscriber, change, Kind.ORGANISATION, town["sintef"])
    with change() as session:
        membership = session.get(Membership, (subscriber.member_id, town["sintef"]))
        membership.ends_on = NOW.date()
    held = subscriber.get(path).headers["ETag"]
    assert subscriber.get(path, If_None_Match=held).status_code == 304

    travel.shift(timedelta(days=1))

    assert subscriber.get(path, If_None_Match=held).status_code == 404


def test_a_feed_of_somebody_elses_organisation_does_not_open(subscriber, change, town):
    path = feed(subscriber, change, Kind.ORGANISATION, town["ntnu"])

    assert subscriber.get(path).status_code == 404


def test_joining_an_organisation_shows_its_titles_at_the_next_fetch(subscriber, change, town):
    path = feed(subscriber, change, Kind.RESOURCE, town["room"])
    held = subscriber.get(path).headers["ETag"]

    with change() as session:
        public_id = session.get(Member, subscriber.member_id).public_id
        members.set_membership(session, NOW, town["nils"], public_id, town["ntnu"], "member")

    again = subscriber.get(path, If_None_Match=held)
    assert again.status_code == 200
    assert "Ola organisation" in again.text


def test_a_manager_reads_every_title_and_loses_them_with_the_duty(subscriber, change, town):
    path = feed(subscriber, change, Kind.RESOURCE, town["room"])
    with change() as session:
        duties.give(session, NOW, town["nils"], subscriber.member_id, "manager", ("resource", town["room"]))
    assert "Ola private" in subscriber.told(path)
    held = subscriber.get(path).headers["ETag"]

    with change() as session:
        row = session.query(Duty).one()
        duties.take_back(session, NOW, town["nils"], session.get(Member, subscriber.member_id).public_id, row.id)

    again = subscriber.get(path, If_None_Match=held)
    assert again.status_code == 200
    assert "Ola private" not in again.text


def test_a_halls_feed_shows_what_is_booked_of_its_parts(subscriber, change, town):
    with change() as session:
        part = session.get(Resource, town["room"])
        hall = a_room(session, session.get(Site, town["site"]), units=0, name="Hele salen")
        unit = session.query(ResourceUnit).filter_by(resource_id=part.id).one().unit_id
        session.add(ResourceUnit(resource_id=hall.id, unit_id=unit))
        hall_id = hall.id
    path = feed(subscriber, change, Kind.RESOURCE, hall_id)

    assert len(subscriber.events(path)) == 8
    assert "\r\nNAME:Hele salen\\, Samrom\r\n" in subscriber.get(path).text


def test_the_public_programme_holds_what_is_announced_and_its_place_lets_announce(subscriber, change, town):
    with change() as session:
        slug = session.get(Site, town["site"]).slug
        a_booking(session, on=session.get(Resource, town["room"]), member=session.get(Member, town["ola"]),
                  at="2027-03-05 10:00-11:00", state=State.REQUESTED, visibility="public", title="Not yet")  # fmt: skip
    path = f"/feeds/public/{slug}.ics"
    assert subscriber.events(path) == []

    with change() as session:
        rule = {"rule": "R40", "params": {"widest": "public"}, "valid_from": LONG_AGO, "set_at": LONG_AGO}
        session.add(RuleSetting(scope_kind="site", scope_id=town["site"], **rule))
        slug_of_ntnu = session.get(Organisation, town["ntnu"]).slug
        organisations.let_members_change(session, NOW, town["nils"], slug_of_ntnu, allowed=True)  # rights have changed

    assert subscriber.told(path) == {"Siri public": "CONFIRMED", "Ola public": "CONFIRMED"}
    answer = subscriber.get(path)
    assert b"\r\nURL:http://localhost/bookings/" not in answer.data
    assert f"SOURCE;VALUE=URI:http://localhost{path}" in answer.text.replace("\r\n ", "")
    assert subscriber.get(path, If_None_Match=answer.headers["ETag"]).status_code == 304
    assert subscriber.get("/feeds/public/nowhere.ics").status_code == 404


def test_no_private_feed_names_its_own_address(subscriber, change, town):
    for path in (subscriber.path, feed(subscriber, change, Kind.RESOURCE, town["room"])):
        assert path[7:29] not in subscriber.get(path).text
        assert "SOURCE" not in subscriber.get(path).text


def test_busy_times_of_a_room_merge_what_touches_and_say_nothing_else(subscriber, change, town):
    with change() as session:
        a_booking(session, on=session.get(Resource, town["room"]), member=session.get(Member, town["ola"]),
                  at="2027-03-02 09:00-10:00", title="Between")  # fmt: skip
    path = feed(subscriber, change, Kind.RESOURCE, town["room"])

    answer = subscriber.get(path.replace(".ics", ".ifb"))

    lines = answer.text.split("\r\n")
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert "FREEBUSY;FBTYPE=BUSY:20270302T070000Z/20270302T100000Z" in lines
    assert not [line for line in lines if line.startswith(("SUMMARY", "LOCATION", "URL"))]
    assert subscriber.get(path.replace(".ics", ".ifb"), If_None_Match=answer.headers["ETag"]).status_code == 304
    assert subscriber.get(subscriber.path.replace(".ics", ".ifb")).status_code == 404
    assert feed_freebusy.MOST >= 1000


def test_set_up_and_clean_up_are_events_of_their_own_for_those_who_ask(subscriber, change, town):
    with change() as session:
        room = session.get(Resource, town["room"])
        booking = a_booking(session, on=room, member=session.get(Member, town["siri"]), at="2027-03-08 10:00-11:00")
        widen(session, booking, timedelta(minutes=15), timedelta(minutes=30))
    plain = feed(subscriber, change, Kind.RESOURCE, town["room"])
    wide = feed(subscriber, change, Kind.RESOURCE, town["room"], with_buffers=True)

    extra = {str(each["UID"]): each for each in subscriber.events(wide)}
    for each in subscriber.events(plain):
        del extra[str(each["UID"])]

    spans = {str(each["SUMMARY"]): (f"{each.start:%H:%M}", f"{each.end:%H:%M}") for each in extra.values()}
    assert spans == {"Set-up": ("09:45", "10:00"), "Clean-up": ("11:00", "11:30")}


def widen(session, booking, before, after):
    """Set-up and clean-up as the services store them."""
    times = {"busy_from": booking.starts_at - before, "busy_to": booking.ends_at + after}
    item = session.query(BookingItem).filter_by(booking_id=booking.id).one()
    session.execute(update(BookingItem).where(BookingItem.id == item.id).values(times))
    assert session.query(Allocation).filter_by(item_id=item.id).one().busy_to


def test_a_reminder_is_written_only_into_the_feed_that_asks_for_it(subscriber, change, town):
    with change() as session:
        room, kari = session.get(Resource, town["room"]), session.get(Member, subscriber.member_id)
        a_booking(session, on=room, member=kari, at="2027-03-09 10:00-11:00", title="Styremøte")
        a_booking(session, on=room, member=kari, at="2027-03-10 10:00-11:00", state=State.CANCELLED, modified_at=NOW)
    path = feed(subscriber, change, Kind.MEMBER, 0, alarm_minutes=15)

    alarms = subscriber.calendar(path).walk("VALARM")

    assert [(each["TRIGGER"].dt, str(each["ACTION"])) for each in alarms] == [(timedelta(minutes=-15), "DISPLAY")]
    assert alarms[0]["DESCRIPTION"]
    assert not subscriber.calendar().walk("VALARM")


def test_two_days_of_a_rooms_feed_are_alike_within_the_day(subscriber, change, town, travel):
    path = feed(subscriber, change, Kind.RESOURCE, town["room"])
    travel.move_to(datetime.fromisoformat("2027-03-02T00:30+01:00"))
    first = subscriber.get(path)

    travel.move_to(datetime.fromisoformat("2027-03-02T23:30+01:00"))

    assert subscriber.get(path).data == first.data
    assert subscriber.get(path, If_None_Match=first.headers["ETag"]).status_code == 304
