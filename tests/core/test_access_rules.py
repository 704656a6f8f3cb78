"""R30: an active member, a membership that lasts to the end, and groups at every level that asks."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.facts import MemberFacts, MembershipFacts
from booking.core.rules.catalogue import RULE_BY_CODE
from booking.core.scope import Scope, ScopeKind
from booking.core.settings import Setting, effective
from booking.core.timespan import TimeSpan
from booking.core.verdict import Weight
from tests.core.world import KARI, NOW, OSLO, SITE, a_room, each_minute, only, quick, set_to, span, spans, verdict

ROOM = Scope(ScopeKind.RESOURCE, 1, "Teknobyen")
BIO, ROBOTICS = 1, 2
STAFF, STUDENTS = 10, 11
EVENING = span("2026-11-24 20:00", "2026-11-25 00:00")


def kari(*memberships: MembershipFacts, groups: tuple[int, ...] = (), active: bool = True) -> MemberFacts:
    return MemberFacts(KARI, active, frozenset(groups), memberships)


def member_until(ends_on: str | None, organisation_id: int = BIO) -> MembershipFacts:
    return MembershipFacts(organisation_id, "member", date.fromisoformat(ends_on) if ends_on else None)


@pytest.mark.parametrize(
    ("ends_on", "refused"), [(None, False), ("2026-11-25", False), ("2026-11-24", False), ("2026-11-23", True)]
)
def test_a_membership_lasts_to_the_end_of_its_last_day(ends_on: str | None, refused: bool) -> None:
    found = verdict(EVENING, a_room(), member=kari(member_until(ends_on)), organisation_id=BIO)

    assert found.codes == (("R30.membership_ends",) if refused else ())


def test_one_minute_past_midnight_is_another_day() -> None:
    past = TimeSpan(EVENING.starts_at, EVENING.ends_at + timedelta(minutes=15))

    found = verdict(past, a_room(contact="Siri"), member=kari(member_until("2026-11-24")), organisation_id=BIO)

    finding = only(found, "R30.membership_ends")
    assert finding.facts == {"ends_on": "2026-11-24", "contact": "Siri"}
    assert finding.resource_id is None


def test_it_is_the_membership_booked_for_that_counts() -> None:
    member = kari(member_until("2026-11-01", BIO), member_until(None, ROBOTICS))

    assert verdict(EVENING, a_room(), member=member, organisation_id=BIO).refused
    assert verdict(EVENING, a_room(), member=member, organisation_id=ROBOTICS).codes == ()
    assert verdict(EVENING, a_room(), member=member).codes == ()


def test_an_organisation_one_does_not_belong_to() -> None:
    found = verdict(EVENING, a_room(), member=kari(member_until(None, BIO)), organisation_id=ROBOTICS)

    assert only(found, "R30.membership_ends").facts == {}


def test_an_account_that_is_not_active_cannot_book() -> None:
    found = verdict(EVENING, a_room(), member=kari(active=False))

    assert only(found, "R30.inactive").weight == Weight.LOCKED


def test_the_groups_that_may_book_are_named() -> None:
    room = a_room(settings={"R30": set_to("R30", groups=[STAFF, STUDENTS])}, contact="Siri")
    names = {STAFF: "Staff", STUDENTS: "Students"}

    finding = only(verdict(EVENING, room, member=kari(), group_names=names), "R30.not_open_to_you")

    assert finding.facts["groups"] == ["Staff", "Students"]
    assert finding.where_set == SITE
    assert verdict(EVENING, room, member=kari(groups=(STUDENTS,)), group_names=names).codes == ()


def test_a_lower_level_can_only_tighten() -> None:
    settings = [Setting("R30", {"groups": [STAFF]}, None, SITE), Setting("R30", {"groups": [STUDENTS]}, None, ROOM)]
    room = a_room(settings={"R30": effective(RULE_BY_CODE["R30"], settings, frozenset(), NOW)})

    found = verdict(EVENING, room, member=kari(groups=(STUDENTS,)))

    assert [finding.where_set for finding in found.findings] == [SITE]
    assert verdict(EVENING, room, member=kari(groups=(STAFF, STUDENTS))).codes == ()


ends = st.none() | st.integers(-2, 4)


@quick
@given(
    spans(longest=40 * 60),
    st.lists(st.tuples(st.sampled_from((BIO, ROBOTICS)), ends), max_size=3),
    st.sampled_from((None, BIO, ROBOTICS)),
    st.lists(st.frozensets(st.integers(1, 4), max_size=2), max_size=3),
    st.frozensets(st.integers(1, 4), max_size=3),
    st.booleans(),
)
def test_every_day_touched_must_be_inside_a_membership_and_every_level_satisfied(
    what: TimeSpan,
    held: list[tuple[int, int | None]],
    organisation_id: int | None,
    levels: list[frozenset[int]],
    groups: frozenset[int],
    active: bool,
) -> None:
    first = what.starts_at.astimezone(OSLO).date()
    memberships = [
        MembershipFacts(org, "member", None if days is None else first + timedelta(days=days)) for org, days in held
    ]
    scopes = (SITE, Scope(ScopeKind.BUILDING, 1), ROOM)
    settings = [
        Setting("R30", {"groups": sorted(ids)}, None, scope) for scope, ids in zip(scopes, levels, strict=False)
    ]
    room = a_room(settings={"R30": effective(RULE_BY_CODE["R30"], settings, groups, NOW)})
    days = {minute.astimezone(OSLO).date() for minute in each_minute(what)}
    mine = [each for each in memberships if organisation_id in (None, each.organisation_id)]
    covered = any(each.ends_on is None or all(day <= each.ends_on for day in days) for each in mine)
    nothing_held = not memberships if organisation_id is None else False

    found = verdict(
        what, room, member=MemberFacts(KARI, active, groups, tuple(memberships)), organisation_id=organisation_id
    )

    assert ("R30.inactive" in found.codes) == (not active)
    assert ("R30.membership_ends" in found.codes) == (not covered and not nothing_held)
    assert ("R30.not_open_to_you" in found.codes) == any(ids and not ids & groups for ids in levels)
