"""Which future bookings no longer fit after a change, and which did not fit before it either."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from booking.core.errors import NotFound
from booking.models import Booking, MemberGroup, MemberGroupEntry, Resource
from booking.services.closures import add_closure, remove_closure, upcoming_closures
from booking.services.groups import GroupValues, edit_group
from booking.services.resources import ResourceValues, edit_resource, put_aside
from booking.services.rule_changes import change_rules
from booking.services.saving import consequences
from booking.services.scopes import district
from booking.services.special_days import add_special_day, remove_special_day, upcoming_days
from booking.services.stranded import stranded, unfit
from tests.factories import a_booking, a_member, a_room, a_site, span_at
from tests.support.deciding import NOW, SHORT_DAYS, WEEKDAYS, a_district, set_rule


def codes(session, found):
    """The codes for each booking that does not fit, by its title."""
    titles = {row.id: row.title for row in session.scalars(select(Booking))}
    return {titles[id_]: [finding.code for finding in findings] for id_, findings in found.items()}


def told(session, place, where, change):
    """What the page says after a change: the titles of the new misfits, and of the old."""
    result = consequences(session, NOW, place.nils, where.key, where.resource_ids, change.entry_id)
    return [[each.glimpse.title for each in group] for group in (result.new, result.old)]


def test_shorter_hours_name_the_bookings_outside_them_and_leave_all_standing(change):
    with change() as session:
        place = a_district(session)
        set_rule(session, "site", place.site.id, "R10", {"windows": WEEKDAYS})
        a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-04 10:00-11:00", title="inside")
        a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-04 14:00-16:00", title="longer")
        a_booking(session, on=place.oya, member=place.kari, at="2027-05-05 18:00-19:00", title="later")
        a_booking(session, on=place.oya, member=place.kari, at="2027-05-08 10:00-11:00", title="saturday")
        site = place.where(session, "site")

        saved = change_rules(session, NOW, place.nils, site, {"R10": {"windows": SHORT_DAYS}})

        assert told(session, place, site, saved) == [["longer", "later"], ["saturday"]]
        assert all(row.live for row in session.scalars(select(Booking)))


def test_a_booking_that_has_been_moved_to_fit_is_told_of_no_longer(change):
    with change() as session:
        place = a_district(session)
        row = a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-04 14:00-16:00", title="longer")
        site = place.where(session, "site")
        saved = change_rules(session, NOW, place.nils, site, {"R10": {"windows": SHORT_DAYS}})
        assert told(session, place, site, saved) == [["longer"], []]

        session.delete(session.get(Booking, row.id))
        session.flush()

        assert told(session, place, site, saved) == [[], []]


def test_only_the_future_of_the_resources_in_the_scope_is_looked_at(change):
    with change() as session:
        place = a_district(session)
        elsewhere = a_room(session, a_site(session))
        for room, at, title in [
            (place.sluppen, "2027-05-02 22:00-23:00", "past"),
            (place.sluppen, "2027-05-03 09:30-11:00", "running"),
            (place.oya, "2027-05-04 22:00-23:00", "other category"),
            (elsewhere, "2027-05-04 22:00-23:00", "other site"),
        ]:
            a_booking(session, on=room, member=place.kari, at=at, title=title)
        category = place.where(session, "category")

        saved = change_rules(session, NOW, place.nils, category, {"R10": {"windows": []}})

        assert told(session, place, category, saved) == [["running"], []]


def test_how_early_or_late_it_was_booked_is_not_held_against_a_booking(change):
    with change() as session:
        place = a_district(session)
        a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-03 11:00-12:00", title="soon")
        a_booking(session, on=place.sluppen, member=place.kari, at="2028-05-03 11:00-12:00", title="far")
        site = place.where(session, "site")

        saved = change_rules(session, NOW, place.nils, site, {"R17": {"hours": 48}, "R18": {"days": 30}})

        assert saved is not None
        assert unfit(session, NOW, site.resource_ids) == {}


def test_lengths_are_judged_with_the_member_s_bookings_in_a_row(change):
    with change() as session:
        place = a_district(session)
        ola = a_member(session)
        a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-04 10:00-12:00", title="first")
        a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-04 12:00-14:00", title="second")
        a_booking(session, on=place.sluppen, member=ola, at="2027-05-04 14:00-16:00", title="somebody else's")
        here = place.where(session, "resource")

        change_rules(session, NOW, place.nils, here, {"R21": {"minutes": 180}})

        found = codes(session, unfit(session, NOW, here.resource_ids))
        assert found == {"first": ["R21.too_long"], "second": ["R21.too_long"]}


def test_a_booking_is_not_in_its_own_way_and_touching_ones_are_fine(change):
    with change() as session:
        place = a_district(session)
        a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-04 10:00-12:00", title="first")
        a_booking(session, on=place.sluppen, member=a_member(session), at="2027-05-04 12:00-14:00", title="second")
        here = place.where(session, "resource")
        assert unfit(session, NOW, here.resource_ids) == {}

        change_rules(session, NOW, place.nils, here, {"R06": {"after_minutes": 15}})

        found = codes(session, unfit(session, NOW, here.resource_ids))
        assert found == {"first": ["R06.buffer"]}  # what was booked before keeps the gaps it was booked with


def test_a_closure_names_what_lies_in_it_and_its_removal_makes_it_fit_again(change):
    with change() as session:
        place = a_district(session)
        a_booking(session, on=place.oya, member=place.kari, at="2027-05-04 10:00-11:00", title="meeting")
        site = place.where(session, "site")

        added = add_closure(session, NOW, place.nils, site, span_at("2027-05-04 08:00-10:30"), "Brannøvelse")

        assert told(session, place, site, added) == [["meeting"], []]
        line = upcoming_closures(session, NOW, [site.key])[0]
        remove_closure(session, NOW, place.nils, line.public_id, district(session))
        assert unfit(session, NOW, site.resource_ids) == {}


def test_a_special_day_counts_from_the_day_it_is_set_and_goes_again(change):
    with change() as session:
        place = a_district(session)
        a_booking(session, on=place.oya, member=place.kari, at="2027-05-04 10:00-11:00", title="meeting")
        site = place.where(session, "site")

        added = add_special_day(session, NOW, place.nils, site, date(2027, 5, 4), [], "Flytting")

        assert told(session, place, site, added) == [["meeting"], []]
        line = upcoming_days(session, NOW, [site.key])[0]
        assert (line.day, line.windows, line.name) == (date(2027, 5, 4), (), "Flytting")
        remove_special_day(session, NOW, place.nils, line.public_id, district(session))
        assert unfit(session, NOW, site.resource_ids) == {}


def test_asking_for_a_group_names_the_bookings_of_those_outside_it(change):
    with change() as session:
        place = a_district(session)
        group = MemberGroup(public_id="studenter", name="Studenter")
        session.add(group)
        session.flush()
        session.add(MemberGroupEntry(group_id=group.id, member_id=place.kari.id))
        a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-04 10:00-11:00", title="Kari's")
        a_booking(session, on=place.sluppen, member=a_member(session), at="2027-05-04 12:00-13:00", title="Ola's")
        here = place.where(session, "resource")

        saved = change_rules(session, NOW, place.nils, here, {"R30": {"groups": [group.id]}})

        assert told(session, place, here, saved) == [["Ola's"], []]


def test_leaving_a_group_strands_the_bookings_it_had_opened(change):
    with change() as session:
        place = a_district(session)
        group = MemberGroup(public_id="studenter", name="Studenter")
        session.add(group)
        session.flush()
        session.add(MemberGroupEntry(group_id=group.id, member_id=place.kari.id))
        set_rule(session, "resource", place.sluppen.id, "R30", {"groups": [group.id]})
        row = a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-04 10:00-11:00")

        changed = edit_group(
            session, NOW, place.nils, "studenter", GroupValues("Studenter", roles=frozenset({"student"}))
        )

        assert changed.no_longer_fit == (row.id,)


def test_fewer_seats_name_the_bookings_for_more_people(change):
    with change() as session:
        place = a_district(session)
        a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-04 10:00-11:00", title="six", people=6)
        a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-05 10:00-11:00", title="four", people=4)
        a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-06 10:00-11:00", title="ten", people=10)
        row, here = place.sluppen, place.where(session, "resource")
        values = ResourceValues("Sluppen", "space", row.category_id, row.building_id, seats=5)

        saved = edit_resource(session, NOW, place.nils, row.id, values)

        assert told(session, place, here, saved) == [["six"], []]


def test_a_resource_that_is_put_aside_strands_all_its_bookings(change):
    with change() as session:
        place = a_district(session)
        a_booking(session, on=place.sluppen, member=place.kari, at="2027-05-04 10:00-11:00", title="meeting")

        saved = put_aside(session, NOW, place.nils, place.sluppen.id)

        here = place.where(session, "resource")
        assert told(session, place, here, saved) == [["meeting"], []]
        assert session.get(Resource, place.sluppen.id).state == "draft"


def test_a_change_is_looked_up_only_where_it_was_made(change):
    with change() as session:
        place = a_district(session)
        site, here = place.where(session, "site"), place.where(session, "resource")
        saved = change_rules(session, NOW, place.nils, site, {"R20": {"minutes": 30}})

        with pytest.raises(NotFound):
            consequences(session, NOW, place.nils, here.key, here.resource_ids, saved.entry_id)


def test_many_bookings_are_judged_in_few_queries(change):
    with change() as session:
        place = a_district(session)
        for number in range(40):
            member = a_member(session)
            span = span_at("2027-05-04 08:00-09:00").shifted(timedelta(days=number))
            a_booking(session, on=place.sluppen, member=member, span=span)
        set_rule(session, "site", place.site.id, "R10", {"windows": []})
        asked = []
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda *about: asked.append(about[2]))

        found = stranded(session, NOW, place.nils, place.where(session, "site").resource_ids)

        assert len(found) == 40
        assert len(asked) < 30
