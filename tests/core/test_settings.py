"""Values set at many levels become one: tables for each way of merging, and properties against brute force."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.opening import Window
from booking.core.params import Access, Buffer, Grid, Horizon, Hours, Longest, Past, People
from booking.core.rules.catalogue import RULE_BY_CODE
from booking.core.scope import DEFAULT_SCOPE, Scope, ScopeKind
from booking.core.settings import Effective, Setting, effective
from booking.core.verdict import Weight
from tests.core.world import NOW, quick, weekly

SITE = Scope(ScopeKind.SITE, 1, "Sluppen")
BUILDING = Scope(ScopeKind.BUILDING, 2, "Building 2")
CATEGORY = Scope(ScopeKind.CATEGORY, 3, "Meeting rooms")
RESOURCE = Scope(ScopeKind.RESOURCE, 4, "Teknobyen")
STAFF, PARTNERS = 10, 11
DAY = timedelta(days=1)


def merged(rule: str, *settings: Setting, groups: frozenset[int] = frozenset(), at: datetime = NOW) -> Effective:
    return effective(RULE_BY_CODE[rule], settings, groups, at)


def put(
    rule: str, scope: Scope, group_id: int | None = None, weight: Weight | None = None, **params: object
) -> Setting:
    return Setting(rule, params, weight, scope, group_id)


def test_nothing_set_is_the_default() -> None:
    found = merged("R02")

    assert found.params == Grid(15)
    assert found.scope_of("step_minutes") == DEFAULT_SCOPE
    assert found.weight == Weight.REFUSES


@pytest.mark.parametrize(
    ("levels", "nearest"),
    [((SITE, BUILDING), BUILDING), ((BUILDING, CATEGORY), CATEGORY), ((CATEGORY, RESOURCE), RESOURCE), ((SITE,), SITE)],
)
def test_the_nearest_level_wins_and_is_named(levels: tuple[Scope, ...], nearest: Scope) -> None:
    settings = [put("R02", scope, step_minutes=10 if scope == nearest else 30) for scope in levels]

    for order in (settings, settings[::-1]):
        found = merged("R02", *order)
        assert found.params == Grid(10)
        assert found.scope_of("step_minutes") == nearest


def test_each_field_is_looked_for_by_itself() -> None:
    found = merged("R21", put("R21", SITE, minutes=480, merge_gap_minutes=30), put("R21", RESOURCE, minutes=240))

    assert found.params == Longest(240, 30)
    assert (found.scope_of("minutes"), found.scope_of("merge_gap_minutes")) == (RESOURCE, SITE)


def test_null_nearer_by_lifts_a_limit() -> None:
    found = merged("R21", put("R21", SITE, minutes=480), put("R21", RESOURCE, minutes=None))

    assert found.params == Longest(None)
    assert found.scope_of("minutes") == RESOURCE


def test_hours_are_taken_as_a_whole() -> None:
    found = merged("R10", put("R10", SITE, always_open=True), put("R10", RESOURCE, windows=weekly(0)))

    assert found.params == Hours(False, (Window(0, time(7), time(17)),))
    assert found.scope_of("always_open") == RESOURCE


def test_a_group_is_granted_more_but_never_less() -> None:
    base = put("R18", RESOURCE, days=30)
    grant, tight = put("R18", SITE, STAFF, days=365), put("R18", RESOURCE, STAFF, days=7)

    assert merged("R18", base, grant).params == Horizon(30)
    assert merged("R18", base, grant, groups=frozenset({STAFF})).params == Horizon(365)
    assert merged("R18", base, grant, groups=frozenset({STAFF})).scope_of("days") == SITE
    assert merged("R18", base, tight, groups=frozenset({STAFF})).params == Horizon(30)


def test_of_several_groups_the_most_generous_wins() -> None:
    settings = [put("R17", SITE, hours=48), put("R17", SITE, STAFF, hours=24), put("R17", SITE, PARTNERS, hours=4)]

    found = merged("R17", *settings, groups=frozenset({STAFF, PARTNERS}))

    assert found.params.to_json() == {"hours": 4}


def test_a_group_s_hours_are_added_to_everyone_s() -> None:
    settings = [put("R10", SITE, windows=weekly(0)), put("R10", SITE, STAFF, windows=weekly(5))]

    found = merged("R10", *settings, groups=frozenset({STAFF})).params

    assert isinstance(found, Hours)
    assert found.weekly == (Window(0, time(7), time(17)), Window(5, time(7), time(17)))


def test_a_group_that_may_come_at_all_hours() -> None:
    settings = [put("R10", SITE, windows=weekly(0)), put("R10", SITE, STAFF, always_open=True)]

    found = merged("R10", *settings, groups=frozenset({STAFF})).params

    assert isinstance(found, Hours)
    assert found.weekly is None


def test_the_strictest_wins_at_any_level_and_a_grant_cannot_loosen_it() -> None:
    settings = [
        put("R07", SITE, fire_limit=40, least=2),
        put("R07", RESOURCE, fire_limit=60, seats=8, least=1),
        put("R07", RESOURCE, STAFF, fire_limit=100, seats=12),
    ]

    found = merged("R07", *settings, groups=frozenset({STAFF}))

    assert found.params == People(seats=8, fire_limit=40, least=2)
    assert found.scope_of("fire_limit") == SITE
    assert found.scope_of("seats") == RESOURCE


def test_a_union_joins_all_levels_and_keeps_each_source() -> None:
    found = merged("R30", put("R30", SITE, groups=[STAFF]), put("R30", RESOURCE, groups=[PARTNERS]))

    assert found.params == Access((STAFF, PARTNERS))
    assert [(part.scope, part.params) for part in found.parts] == [
        (RESOURCE, {"groups": (PARTNERS,)}),
        (SITE, {"groups": (STAFF,)}),
    ]


def test_a_lower_level_cannot_take_away_public_holidays() -> None:
    found = merged("R11", put("R11", SITE, public_holidays="NO"), put("R11", RESOURCE, public_holidays=None))

    assert found.params.to_json() == {"public_holidays": "NO"}
    assert found.scope_of("public_holidays") == SITE


def test_a_value_counts_from_its_first_moment_to_before_its_last() -> None:
    setting = Setting("R02", {"step_minutes": 30}, None, SITE, None, NOW, NOW + DAY)

    steps = [merged("R02", setting, at=at).params for at in (NOW - DAY, NOW, NOW + DAY - DAY / 24, NOW + DAY)]

    assert steps == [Grid(15), Grid(30), Grid(30), Grid(15)]


def test_of_two_values_for_one_place_the_newer_counts_and_adds_to_the_older() -> None:
    old = Setting("R06", {"before_minutes": 5, "after_minutes": 5}, None, SITE, None, NOW - 2 * DAY)
    new = Setting("R06", {"after_minutes": 20}, None, SITE, None, NOW - DAY)

    assert merged("R06", new, old).params == Buffer(before_minutes=5, after_minutes=20)
    assert merged("R06", old, new).params == Buffer(before_minutes=5, after_minutes=20)


def test_none_as_grace_means_the_grid_and_is_not_boundless() -> None:
    settings = [put("R03", SITE, grace_minutes=5), put("R03", SITE, STAFF, grace_minutes=None)]

    assert merged("R03", *settings, groups=frozenset({STAFF})).params == Past(5)


@pytest.mark.parametrize(
    ("rule", "settings", "weight"),
    [
        ("R20", [], Weight.REFUSES),
        ("R20", [put("R20", SITE, weight=Weight.NOTES), put("R20", RESOURCE, minutes=30)], Weight.NOTES),
        ("R20", [put("R20", SITE, weight=Weight.NOTES), put("R20", RESOURCE, weight=Weight.REFUSES)], Weight.REFUSES),
        ("R20", [put("R20", SITE, STAFF, weight=Weight.NEEDS_APPROVAL)], Weight.NEEDS_APPROVAL),
        ("R20", [put("R20", SITE, STAFF, weight=Weight.LOCKED)], Weight.REFUSES),
        ("R07", [put("R07", SITE, weight=Weight.REFUSES), put("R07", RESOURCE, weight=Weight.NOTES)], Weight.REFUSES),
        ("R30", [put("R30", SITE, weight=Weight.NEEDS_APPROVAL)], Weight.NEEDS_APPROVAL),
        ("R05", [put("R05", SITE, weight=Weight.NOTES)], Weight.LOCKED),
    ],
)
def test_what_a_finding_weighs(rule: str, settings: list[Setting], weight: Weight) -> None:
    assert merged(rule, *settings, groups=frozenset({STAFF})).weight == weight


LEVELS = (RESOURCE, CATEGORY, BUILDING, SITE)  # nearest first
scopes = st.sampled_from(LEVELS)
group_ids = st.sampled_from((None, STAFF, PARTNERS, 12))
memberships = st.frozensets(st.sampled_from((STAFF, PARTNERS)))
limits = st.one_of(st.none(), st.integers(1, 9))


@st.composite
def rows(draw: st.DrawFn, rule: str, name: str, values: st.SearchStrategy[object]) -> list[Setting]:
    """At most one row for each place, some of them not valid now."""
    places = draw(st.lists(st.tuples(scopes, group_ids), unique=True, max_size=8))
    return [
        Setting(
            rule,
            {name: draw(values)} if draw(st.booleans()) else {},
            None,
            scope,
            group,
            NOW + draw(st.sampled_from((-1, 1))) * DAY,
        )
        for scope, group in places
    ]


def valid(settings: list[Setting], name: str) -> list[Setting]:
    return [each for each in settings if name in each.params and each.valid_from and each.valid_from <= NOW]


@quick
@given(rows("R21", "minutes", limits), memberships)
def test_nearest_is_as_looking_level_by_level(settings: list[Setting], groups: frozenset[int]) -> None:
    known = valid(settings, "minutes")

    def nearest(group: int | None) -> list[object]:
        found = [
            each.params["minutes"]
            for level in LEVELS
            for each in known
            if (each.scope, each.group_id) == (level, group)
        ]
        return found[:1]

    offers = (nearest(None) or [None]) + [value for group in groups for value in nearest(group)]
    expected = None if None in offers else max(offers)  # type: ignore[type-var]

    found = merged("R21", *settings, groups=groups)

    assert found.params == Longest(expected)  # type: ignore[arg-type]
    scope = found.scope_of("minutes")
    assert scope == DEFAULT_SCOPE or any(each.scope == scope and each.params["minutes"] == expected for each in known)


@quick
@given(rows("R07", "fire_limit", limits), memberships)
def test_strictest_is_the_least_of_all(settings: list[Setting], groups: frozenset[int]) -> None:
    mine = [each.params["fire_limit"] for each in valid(settings, "fire_limit") if each.group_id in (None, *groups)]
    numbers = [value for value in mine if isinstance(value, int)]

    assert merged("R07", *settings, groups=groups).params == People(fire_limit=min(numbers, default=None))


@quick
@given(rows("R30", "groups", st.lists(st.integers(1, 5), max_size=3)), memberships)
def test_union_is_all_of_all(settings: list[Setting], groups: frozenset[int]) -> None:
    lists = [each.params["groups"] for each in valid(settings, "groups") if each.group_id in (None, *groups)]
    every = {group for each in lists if isinstance(each, list) for group in each}

    assert merged("R30", *settings, groups=groups).params == Access(tuple(sorted(every)))
