"""Rules as admins set them: where each value comes from, what a change leaves behind, and who may."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.core.errors import BookingRefused, InvalidInput, NotAllowed, Stale
from booking.models import JournalEntry, RuleSetting
from booking.services import rule_settings
from booking.services.bookings import request_booking
from booking.services.rule_settings import change_rules, history, sheet
from tests.factories import a_member, a_room
from tests.support.deciding import NOW, SHORT_DAYS, WEEKDAYS, a_district, a_wish, an_actor, set_rule


def test_a_value_comes_from_the_nearest_level_that_sets_it(change):
    with change() as session:
        place = a_district(session)
        set_rule(session, "site", place.site.id, "R21", {"minutes": 480})
        set_rule(session, "category", place.sluppen.category_id, "R21", {"minutes": 240})

        seen = sheet(session, NOW, place.where(session, "resource")).rules["R21"]

        assert seen.effective.params.minutes == 240
        assert seen.effective.scope_of("minutes").kind == "category"
        assert seen.here == {}
        assert sheet(session, NOW, place.where(session, "building")).rules["R21"].effective.params.minutes == 480


def test_setting_a_value_here_shows_what_would_count_without_it(change):
    with change() as session:
        place = a_district(session)
        set_rule(session, "site", place.site.id, "R21", {"minutes": 480})
        here = place.where(session, "resource")

        change_rules(session, NOW, place.nils, here, {"R21": {"minutes": 120}})

        seen = sheet(session, NOW, here).rules["R21"]
        assert (seen.effective.params.minutes, seen.effective.scope_of("minutes").kind) == (120, "resource")
        assert seen.inherited.params.minutes == 480
        assert seen.here == {"minutes": 120}


def test_the_seats_of_a_resource_count_as_set_there(change):
    with change() as session:
        place = a_district(session)

        seen = sheet(session, NOW, place.where(session, "resource")).rules["R07"]

        assert seen.effective.params.seats == 8


def test_a_change_ends_the_old_row_and_adds_one_with_who_and_when(change):
    with change() as session:
        place = a_district(session)
        set_rule(session, "resource", place.sluppen.id, "R20", {"minutes": 30})
        here = place.where(session, "resource")

        change_rules(session, NOW, place.nils, here, {"R20": {"minutes": 45}})

        newest, oldest = history(session, here)
        assert (newest.params, newest.set_by, newest.set_at, newest.valid_to) == ({"minutes": 45}, "Nils", NOW, None)
        assert (oldest.params, oldest.valid_to) == ({"minutes": 30}, NOW)
        entry = session.scalar(select(JournalEntry).where(JournalEntry.action == "rules.changed"))
        assert entry.before == {"R20": {"minutes": 30}}
        assert entry.after == {"R20": {"minutes": 45}, "no_longer_fit": []}


def test_inheriting_again_is_remembered_and_lets_the_level_above_count(change):
    with change() as session:
        place = a_district(session)
        set_rule(session, "site", place.site.id, "R20", {"minutes": 15})
        set_rule(session, "resource", place.sluppen.id, "R20", {"minutes": 60})
        here = place.where(session, "resource")

        change_rules(session, NOW, place.nils, here, {"R20": {}})

        assert sheet(session, NOW, here).rules["R20"].effective.params.minutes == 15
        assert [(each.params, each.set_by) for each in history(session, here)] == [({}, "Nils"), ({"minutes": 60}, "")]


def test_what_a_rule_weighs_here_survives_a_change_of_its_value(change):
    with change() as session:
        place = a_district(session)
        set_rule(session, "resource", place.sluppen.id, "R21", {"minutes": 240}, weight="needs_approval")
        here = place.where(session, "resource")

        change_rules(session, NOW, place.nils, here, {"R21": {"minutes": 300}})

        assert sheet(session, NOW, here).rules["R21"].effective.weight == "needs_approval"


def test_saving_what_is_set_already_changes_nothing(change):
    with change() as session:
        place = a_district(session)
        set_rule(session, "resource", place.sluppen.id, "R20", {"minutes": 30})

        saved = change_rules(session, NOW, place.nils, place.where(session, "resource"), {"R20": {"minutes": 30}})

        assert saved is None
        assert session.scalars(select(JournalEntry)).all() == []


@pytest.mark.parametrize(
    ("rule", "params", "field"),
    [
        ("R21", {"minutes": "long"}, "R21.minutes"),
        ("R20", {"minutes": 0}, "R20.minutes"),
        ("R02", {"step_minutes": 7}, "R02.step_minutes"),
        ("R10", {"windows": [{"weekday": 0, "opens": "25:00", "closes": "26:00"}]}, "R10.windows"),
        ("R18", {"opens_at": "noon"}, "R18.opens_at"),
        ("R30", {"groups": [4711]}, "R30.groups"),
    ],
)
def test_a_value_is_checked_by_its_own_rule_and_the_field_is_named(change, rule, params, field):
    with change() as session:
        place = a_district(session)

        with pytest.raises(InvalidInput) as refused:
            change_rules(session, NOW, place.nils, place.where(session, "resource"), {rule: params})

        assert refused.value.field == field
        assert session.scalars(select(RuleSetting)).all() == []


def test_a_manager_sets_rules_where_they_manage_and_nowhere_else(change):
    with change() as session:
        place = a_district(session)
        siri = an_actor(a_member(session, name="Siri"), manages=frozenset({("resource", place.sluppen.id)}))

        assert change_rules(session, NOW, siri, place.where(session, "resource"), {"R20": {"minutes": 30}})
        for kind in ("category", "building", "site"):
            with pytest.raises(NotAllowed):
                change_rules(session, NOW, siri, place.where(session, kind), {"R20": {"minutes": 30}})


def test_whoever_manages_a_site_does_not_decide_over_a_category_that_lies_in_it(change):
    with change() as session:
        place = a_district(session)
        siri = an_actor(a_member(session, name="Siri"), manages=frozenset({("site", place.site.id)}))

        with pytest.raises(NotAllowed):
            change_rules(session, NOW, siri, place.where(session, "category"), {"R20": {"minutes": 30}})


def test_an_auditor_changes_nothing(change):
    with change() as session:
        place = a_district(session)
        anne = an_actor(a_member(session, name="Anne", site_role="auditor"))

        with pytest.raises(NotAllowed):
            change_rules(session, NOW, anne, place.where(session, "resource"), {"R20": {"minutes": 30}})


def test_two_admins_do_not_overwrite_each_other_unseen(change):
    with change() as session:
        place = a_district(session)
        here = place.where(session, "resource")
        seen = sheet(session, NOW, here).version
        change_rules(session, NOW, place.nils, here, {"R20": {"minutes": 30}}, version=seen)

        with pytest.raises(Stale):
            change_rules(session, NOW, place.nils, here, {"R20": {"minutes": 45}}, version=seen)


def test_new_hours_hold_from_the_moment_they_are_saved(change):
    with change() as session:
        place = a_district(session)
        set_rule(session, "site", place.site.id, "R10", {"windows": WEEKDAYS})
        kari = an_actor(place.kari)
        assert request_booking(session, NOW, kari, a_wish(place.sluppen, "2027-05-04 16:00-17:00")).public_id

        change_rules(session, NOW, place.nils, place.where(session, "site"), {"R10": {"windows": SHORT_DAYS}})

        with pytest.raises(BookingRefused) as refused:
            request_booking(session, NOW, kari, a_wish(place.sluppen, "2027-05-05 16:00-17:00"))
        assert refused.value.verdict.codes == ("R10.closed_then",)


def test_a_booking_that_read_the_clock_before_it_waited_is_judged_by_the_new_rules(change):
    with change() as session:
        place = a_district(session)
        set_rule(session, "site", place.site.id, "R10", {"windows": WEEKDAYS})
        change_rules(session, NOW, place.nils, place.where(session, "site"), {"R10": {"windows": SHORT_DAYS}})
        before_the_wait = NOW - timedelta(seconds=12)

        with pytest.raises(BookingRefused) as refused:
            request_booking(
                session, before_the_wait, an_actor(place.kari), a_wish(place.sluppen, "2027-05-05 16:00-17:00")
            )

        assert refused.value.verdict.codes == ("R10.closed_then",)


def test_inheriting_again_holds_for_those_who_waited_too(change):
    with change() as session:
        place = a_district(session)
        set_rule(session, "resource", place.sluppen.id, "R20", {"minutes": 15})
        set_rule(session, "site", place.site.id, "R20", {"minutes": 90})
        change_rules(session, NOW, place.nils, place.where(session, "resource"), {"R20": {}})

        with pytest.raises(BookingRefused):
            request_booking(
                session,
                NOW - timedelta(seconds=12),
                an_actor(place.kari),
                a_wish(place.sluppen, "2027-05-05 12:00-13:00"),
            )

        assert rule_settings.sheet(session, NOW, place.where(session, "resource")).rules["R20"].here == {}


def test_what_is_needed_needs_nothing_that_is_not_named_beside_it(change):
    with change() as session:
        place = a_district(session)
        bench = a_room(session, place.site, slug="bench", name="Bench")
        here = place.where(session, "resource")
        set_rule(session, "resource", place.oya.id, "R08", {"needs": [{"resource": bench.id, "quantity": 1}]})
        both = [{"resource": id_, "quantity": 1} for id_ in (place.oya.id, bench.id)]

        with pytest.raises(InvalidInput) as refused, session.begin_nested():
            change_rules(session, NOW, place.nils, here, {"R08": {"needs": both[:1]}})
        change_rules(session, NOW, place.nils, here, {"R08": {"needs": both}})

        assert (refused.value.code, refused.value.facts["name"], refused.value.facts["more"]) == (
            "setting.needs_more", "Øya", "Bench",
        )  # fmt: skip
