"""The values of the rules read and check their own JSON, and write it back the same."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.errors import InvalidInput
from booking.core.params import STEPS, Hours
from booking.core.rules.catalogue import RULE_BY_CODE, RULES
from tests.core.world import quick, weekly


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_defaults_survive_their_own_json(rule: Any) -> None:
    assert rule.params.from_json(rule.params().to_json()) == rule.params()
    assert rule.params.from_json({}) == rule.params()


def test_the_catalogue_names_each_rule_once() -> None:
    assert len(RULE_BY_CODE) == len({rule.key for rule in RULES}) == len(RULES)
    assert [rule.code for rule in RULES] == sorted(RULE_BY_CODE)


@pytest.mark.parametrize(
    ("rule", "json", "field", "code"),
    [
        ("R02", {"step_minutes": 7}, "step_minutes", "setting.not_a_choice"),
        ("R02", {"step_minutes": None}, "step_minutes", "setting.required"),
        ("R02", {"step_minutes": True}, "step_minutes", "setting.not_a_choice"),
        ("R02", {"steps": 15}, "steps", "setting.unknown"),
        ("R03", {"grace_minutes": -1}, "grace_minutes", "setting.out_of_range"),
        ("R05", {"pending_blocks": "yes"}, "pending_blocks", "setting.not_yes_or_no"),
        ("R06", {"after_minutes": "15"}, "after_minutes", "setting.not_a_number"),
        ("R06", {"after_minutes": 1.5}, "after_minutes", "setting.not_a_number"),
        ("R06", {"before_minutes": None}, "before_minutes", "setting.required"),
        ("R07", {"fire_limit": 0}, "fire_limit", "setting.out_of_range"),
        ("R07", {"seats": True}, "seats", "setting.not_a_number"),
        ("R10", {"windows": "always"}, "windows", "setting.not_windows"),
        ("R10", {"windows": [{"weekday": 0, "opens": "07:00"}]}, "windows", "setting.not_windows"),
        ("R10", {"windows": weekly(7)}, "windows", "setting.not_a_weekday"),
        ("R10", {"windows": weekly(0, opens="7:00")}, "windows", "setting.not_a_time"),
        ("R10", {"windows": weekly(0, opens="24:00")}, "windows", "setting.not_a_time"),
        ("R10", {"windows": weekly(0, closes="24:30")}, "windows", "setting.not_a_time"),
        ("R11", {"public_holidays": "XX"}, "public_holidays", "setting.not_a_choice"),
        ("R18", {"opens_at": "8"}, "opens_at", "setting.not_a_time"),
        ("R18", {"days": 3661}, "days", "setting.out_of_range"),
        ("R30", {"groups": ["staff"]}, "groups", "setting.not_groups"),
        ("R30", {"groups": 3}, "groups", "setting.not_groups"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(
    rule: str, json: dict[str, object], field: str, code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        RULE_BY_CODE[rule].params.from_json(json)

    assert (refused.value.field, refused.value.code) == (field, code)
    assert refused.value.facts["field"] == field


@pytest.mark.parametrize(
    ("rule", "json"),
    [
        ("R02", {"step_minutes": 30}),
        ("R03", {"grace_minutes": None}),
        ("R06", {"before_minutes": 10, "after_minutes": 20, "staffed_turnover": True}),
        ("R10", {"always_open": True, "windows": None}),
        ("R10", {"always_open": False, "windows": weekly(0, 6, opens="22:00", closes="06:00")}),
        ("R10", {"always_open": False, "windows": weekly(3, closes="24:00")}),
        ("R10", {"always_open": False, "windows": []}),
        ("R11", {"public_holidays": "NO"}),
        ("R18", {"days": 90, "opens_at": "08:30"}),
        ("R30", {"groups": [1, 2], "approval_groups": [3], "refused_groups": [], "others": "refused"}),
    ],
)
def test_values_are_written_as_they_were_read(rule: str, json: dict[str, object]) -> None:
    assert RULE_BY_CODE[rule].params.from_json(json).to_json() == json


def test_hours_say_which_windows_count() -> None:
    assert Hours.from_json({}).weekly is None
    assert Hours.from_json({"always_open": True, "windows": weekly(0)}).weekly is None
    assert Hours.from_json({"windows": []}).weekly == ()


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 99999) | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(("weekday", "opens", "closes")), inner),
    max_leaves=6,
)


@quick
@given(st.sampled_from(RULES), st.data())
def test_anything_at_all_is_either_read_or_refused_by_name(rule: Any, data: st.DataObject) -> None:
    names = tuple(rule.params.shape()) or ("nothing",)
    json = data.draw(st.dictionaries(st.sampled_from(names), anything))

    read = read_or_refused(rule, json)

    assert read in json if isinstance(read, str) else rule.params.from_json(read.to_json()) == read


def read_or_refused(rule: Any, json: dict[str, object]) -> Any:
    """The values, or the name of the field that was refused."""
    try:
        return rule.params.from_json(json)
    except InvalidInput as refused:
        return refused.field


def test_every_step_divides_the_hour() -> None:
    assert [step for step in range(1, 61) if 60 % step == 0] == list(STEPS)
