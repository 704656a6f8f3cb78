"""The mistakes that other systems make: each has a test of its own, wherever it lives."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
HERE = "regressions/test_mistakes.py"
# The sixteenth, no-shows that are looked for in one minute and never again, belongs to check-in (R41), which we do not
# have: nothing here releases a booking because nobody came.
MISTAKES = {
    "policy checked on the web form only": f"{HERE}::test_policy_checked_on_the_web_form_only",
    "only the first problem is shown": f"{HERE}::test_only_the_first_problem_is_shown",
    "a peak window compared with the sign the wrong way round":
        "core/test_quota_rules.py::test_a_weekly_peak_window_applies_inside_and_not_outside_it",
    "opening hours checked at the two ends only": f"{HERE}::test_opening_hours_checked_at_the_two_ends_only",
    "a cap per day that ignores a booking crossing midnight":
        "core/test_quota_rules.py::test_a_cap_per_day_counts_a_booking_that_crosses_midnight_on_both_days",
    "room capacity with overlapping intervals merged wrongly":
        f"{HERE}::test_room_capacity_with_overlapping_intervals_merged_wrongly",
    "a repeating outage checked for its first date only":
        f"{HERE}::test_a_repeating_outage_checked_for_its_first_date_only",
    "a slot grid enforced in one view only": f"{HERE}::test_a_slot_grid_enforced_in_one_view_only",
    "peak windows computed with a fixed UTC offset":
        "core/test_quota_rules.py::test_peak_hours_are_the_clock_s_in_summer_and_in_winter",
    "a qualification that lapses while future bookings stay untouched and unflagged":
        "services/test_competence.py"
        "::test_a_qualification_that_lapses_while_future_bookings_stay_untouched_and_unflagged",
    "an override that leaves no reason behind":
        "services/test_overriding.py::test_an_override_that_leaves_no_reason_behind",
    "two pending requests for one slot both approved":
        "races/test_approvals_racing.py::test_two_pending_requests_for_one_slot_both_approved",
    "a series edit that brings back dates the member had deleted":
        f"{HERE}::test_a_series_edit_that_brings_back_dates_the_member_had_deleted",
    "the quota counted without a lock":
        "races/test_quotas.py::test_ten_parallel_requests_of_one_member_do_not_overrun_their_quota",
    "a manager blocked by their own rule on another path":
        "web/test_approvals.py::test_manager_is_blocked_by_their_own_rule_on_another_path",
}  # fmt: skip


def names_in(path: Path) -> Iterator[str]:
    """The names of the test functions that a file defines and that assert something."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and any(isinstance(each, ast.Assert) for each in ast.walk(node)):
            yield node.name


@pytest.mark.parametrize("where", MISTAKES.values(), ids=MISTAKES)
def test_each_mistake_has_its_test(where: str) -> None:
    file, _, name = where.partition("::")

    assert name in names_in(TESTS / file)


def test_every_regression_is_in_the_table() -> None:
    here = {where.partition("::")[2] for where in MISTAKES.values() if where.startswith(HERE)}

    assert here == {name for name in names_in(TESTS / HERE) if name.startswith("test_")}
