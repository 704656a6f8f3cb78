"""Calendars elsewhere as managers keep them, what they clash with, and our own bookings in them. On both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.core.errors import InvalidInput, NotAllowed, NotFound
from booking.core.web_address import WebAddress
from booking.ical.reading import UnreadableCalendar
from booking.models import Booking, Duty, ExternalCalendar, ImportedBooking, JournalEntry, Notice, Series
from booking.services import external_calendars, external_reading
from booking.services.catalogue import resource_by_slug
from booking.services.external_calendars import CalendarValues
from booking.services.external_clashes import clashes
from tests.factories import a_booking, a_member, span_at
from tests.support.calendars import ADDRESS, a_busy_time, a_calendar, a_file, an_event, ends, found, is_read, taken
from tests.support.deciding import NOW, a_district, an_actor

TUESDAY = "2027-05-04"
TEN, TWO = f"{TUESDAY} 10:00-12:00", f"{TUESDAY} 14:00-15:00"
LATER = NOW + timedelta(hours=1)
DAY = timedelta(days=1)


def notices(session):
    rows = session.scalars(select(Notice).where(Notice.kind == "taken_elsewhere").order_by(Notice.id))
    return [(row.member_id, row.facts["clashes"]) for row in rows]


def managed(session, place):
    siri = a_member(session, name="Siri")
    session.add(Duty(member_id=siri.id, kind="manager", scope_kind="resource", scope_id=place.sluppen.id))
    session.flush()
    return siri


# --- our own bookings coming back ------------------------------------------------------------------------------------


def test_a_booking_that_comes_back_does_not_clash_with_itself(change):
    with change() as session:
        place = a_district(session)
        calendar = a_calendar(session, place.sluppen)
        one = a_booking(session, on=place.sluppen, member=place.kari, at=TEN)
        gone = a_booking(session, on=place.sluppen, member=place.kari, at=TWO, state="cancelled")
        session.add(Series(uid="series@samrom", recipe={}, created_at=NOW))
        session.flush()
        of_series = a_booking(
            session, on=place.sluppen, member=place.kari, at="2027-05-05 10:00-11:00",
            series_id=session.scalars(select(Series.id)).one(),
        )  # fmt: skip
        imported = a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-06 10:00-11:00")
        about = {"resource_id": place.sluppen.id, "uid": "weekly@elsewhere", "booking_id": imported.id}
        session.add(ImportedBooking(**about, recurrence="20270506T080000Z"))
        session.flush()

        is_read(
            session, NOW, calendar,
            an_event(TEN, one.uid), an_event(TWO, gone.uid),
            an_event("2027-05-05 10:00-11:00", "series@samrom", recurrence="20270505T080000Z"),
            an_event("2027-05-06 10:00-11:00", "weekly@elsewhere", recurrence="20270506T080000Z"),
            an_event("2027-05-13 10:00-11:00", "weekly@elsewhere", recurrence="20270513T080000Z"),
        )  # fmt: skip

        assert of_series.live
        assert taken(session) == ends("2027-05-13 10:00-11:00")
        assert notices(session) == []


def test_a_booking_of_another_room_is_no_booking_of_this_one(change):
    """One event can hold two rooms; that it is booked in one says nothing of the other."""
    with change() as session:
        place = a_district(session)
        calendar = a_calendar(session, place.sluppen)
        elsewhere = a_booking(session, on=place.oya, member=place.kari, at=TEN)

        is_read(session, NOW, calendar, an_event(TEN, elsewhere.uid))

        assert taken(session) == ends(TEN)


# --- clashes ---------------------------------------------------------------------------------------------------------


def test_managers_hear_of_a_new_clash_once_and_of_the_next_one_too(change):
    with change() as session:
        place = a_district(session)
        siri = managed(session, place)
        calendar = a_calendar(session, place.sluppen)
        for at in (TEN, TWO):
            a_booking(session, on=place.sluppen, member=place.kari, at=at)

        is_read(session, NOW, calendar, an_event(TEN, "a"))
        once = notices(session)
        is_read(session, LATER, calendar, an_event(TEN, "a"))
        still = notices(session)
        is_read(session, LATER, calendar, an_event(TEN, "a"), an_event(TWO, "b"))

        assert once == still == [(siri.id, 1)]
        assert notices(session) == [(siri.id, 1), (siri.id, 1)]


def test_many_new_clashes_are_one_notice_that_counts_them(change):
    with change() as session:
        place = a_district(session)
        siri = managed(session, place)
        calendar = a_calendar(session, place.sluppen)
        for at in (TEN, TWO):
            a_booking(session, on=place.sluppen, member=place.kari, at=at)

        is_read(session, NOW, calendar, an_event(f"{TUESDAY} 08:00-20:00"))

        assert notices(session) == [(siri.id, 2)]


def test_the_clashes_of_now_are_listed_with_what_is_taken_and_no_more_than_one_may_see(change):
    with change() as session:
        place = a_district(session)
        card = resource_by_slug(session, "sluppen")
        a_booking(session, on=place.sluppen, member=place.kari, at=TEN, title="Board")
        a_booking(session, on=place.sluppen, member=place.kari, at=TWO)
        calendar = a_calendar(session, place.sluppen, f"{TUESDAY} 11:00-13:00")
        a_busy_time(session, calendar, span_at(TWO), is_tentative=True)

        (clash,) = clashes(session, NOW, place.nils, card)
        (unseen,) = clashes(session, NOW, an_actor(a_member(session)), card)

    assert (clash.glimpse.title, clash.calendar) == ("Board", "Innocamp")
    assert clash.elsewhere == (span_at(f"{TUESDAY} 11:00-13:00"),)
    assert unseen.glimpse.title == ""


# --- keeping them ----------------------------------------------------------------------------------------------------


def values(name="Innocamp", **more):
    return CalendarValues(name, more.pop("tentative_blocks", False), **more)


def test_a_calendar_is_added_changed_and_removed_and_the_journal_never_tells_its_address(change):
    with change() as session:
        place = a_district(session)
        card = resource_by_slug(session, "sluppen")
        public_id = external_calendars.add_calendar(
            session, NOW, place.nils, card, values(address=WebAddress.read(ADDRESS))
        )
        external_calendars.change_calendar(session, NOW, place.nils, card, public_id, values("Campus"))
        (line,) = external_calendars.calendars_of(session, NOW, card)
        row = session.scalars(select(ExternalCalendar)).one()
        a_busy_time(session, row, span_at(TEN))
        external_calendars.remove_calendar(session, NOW, place.nils, card, public_id)

        entries = session.scalars(select(JournalEntry).where(JournalEntry.subject_id == card.id)).all()
        told = repr([(each.action, each.before, each.after, each.text) for each in entries])
        assert [each.action for each in entries] == ["calendar.added", "calendar.changed", "calendar.removed"]
        assert (line.name, line.source, line.waits) == ("Campus", "calendar.example.org/…room.ics", True)
        assert "private-key" not in told
        assert "example.org" not in told
        assert taken(session) == []


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        (values("", upload=a_file()), "name", "setting.required"),
        (values("x" * 81, upload=a_file()), "name", "input.too_long"),
        (values("Taken", upload=a_file()), "name", "name.taken"),
        (values(), "file", "calendar.no_file"),
        (values(upload=b""), "file", "calendar.no_file"),
        (values(upload=b"<html>"), "file", "import.no_calendar"),
        (values(upload=a_file().ljust(5_000_001)), "file", "import.too_large"),
    ],
)
def test_what_cannot_be_added_is_told_by_its_field(change, wrong, field, code):
    with change() as session:
        place = a_district(session)
        a_calendar(session, place.sluppen, name="Taken")

        with pytest.raises(InvalidInput) as refused:
            external_calendars.add_calendar(session, NOW, place.nils, resource_by_slug(session, "sluppen"), wrong)

    assert (refused.value.field, refused.value.code) == (field, code)


def test_a_resource_minds_ten_calendars_at_most(change):
    with change() as session:
        place = a_district(session)
        for n in range(10):
            a_calendar(session, place.sluppen, name=f"Calendar {n}")

        with pytest.raises(InvalidInput) as refused:
            external_calendars.add_calendar(
                session, NOW, place.nils, resource_by_slug(session, "sluppen"), values(upload=a_file())
            )

    assert refused.value.code == "calendar.too_many"


def test_only_who_manages_the_resource_keeps_its_calendars_and_only_its_own(change):
    with change() as session:
        place = a_district(session)
        card = resource_by_slug(session, "sluppen")
        theirs, others = a_calendar(session, place.sluppen), a_calendar(session, place.oya)
        kari = an_actor(place.kari)

        for deed in (
            lambda: external_calendars.add_calendar(session, NOW, kari, card, values(upload=a_file())),
            lambda: external_calendars.change_calendar(session, NOW, kari, card, theirs.public_id, values()),
            lambda: external_calendars.read_now(session, NOW, kari, card, theirs.public_id),
            lambda: external_calendars.remove_calendar(session, NOW, kari, card, theirs.public_id),
        ):
            with pytest.raises(NotAllowed):
                deed()
        with pytest.raises(NotFound):
            external_calendars.remove_calendar(session, NOW, place.nils, card, others.public_id)


def test_a_file_is_thrown_away_when_it_has_been_read_and_when_it_could_not_be(change):
    with change() as session:
        place = a_district(session)
        card = resource_by_slug(session, "sluppen")
        for name in ("Good", "Bad"):
            external_calendars.add_calendar(session, NOW, place.nils, card, values(name, upload=a_file()))
        good, bad = session.scalars(select(ExternalCalendar).order_by(ExternalCalendar.id)).all()

        claimed = [external_reading.claim(session, NOW), external_reading.claim(session, NOW)]
        external_reading.take_over(session, NOW, claimed[0], found(an_event(TEN)), 1.0)
        external_reading.failed(session, NOW, claimed[1], UnreadableCalendar("import.too_heavy"), 1.0)

        assert [each.upload for each in claimed] == [a_file(), a_file()]
        assert [(row.upload, row.due_at) for row in (good, bad)] == [(None, None), (None, None)]
        assert bad.failure == {"code": "import.too_heavy"}
        assert session.scalars(select(Booking)).all() == []
