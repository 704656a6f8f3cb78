"""R30's three ways in, by group, and R39: who may book in somebody else's name."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.judge import judge
from booking.core.request import Proxy
from booking.core.verdict import Verdict, Weight
from tests.core.quota_world import limit, member_of, quota_room, ruled_room, use
from tests.core.world import KARI, NOW, OLA, asks, facts_of, only, quick, span, verdict

HOUR = span("2026-11-24 10:00", "11:00")
STAFF, STUDENTS, GUESTS = 10, 11, 12
THREE_WAYS = {"groups": [STAFF], "approval_groups": [STUDENTS], "refused_groups": [GUESTS]}


@pytest.mark.parametrize(
    ("mine", "others", "code"),
    [
        ((STAFF,), None, ""),
        ((STUDENTS,), None, "R30.needs_approval"),
        ((GUESTS,), None, "R30.not_open_to_you"),
        ((), None, "R30.not_open_to_you"),
        ((), "directly", ""),
        ((), "approval", "R30.needs_approval"),
        ((GUESTS,), "directly", "R30.not_open_to_you"),
        ((STAFF, GUESTS), None, ""),
        ((STUDENTS, GUESTS), None, "R30.needs_approval"),
    ],
)
def test_directly_by_approval_or_not_at_all(mine: tuple[int, ...], others: str | None, code: str) -> None:
    """Of several ways in the most generous counts."""
    room = ruled_room({"R30": {**THREE_WAYS, "others": others}})

    assert verdict(HOUR, room, member=member_of(groups=mine)).codes == ((code,) if code else ())


def test_approval_is_asked_for_and_nothing_is_refused() -> None:
    room = ruled_room({"R30": {"approval_groups": [STUDENTS]}})
    found = verdict(HOUR, room, member=member_of(groups=(STUDENTS,)))

    assert (found.refused, found.needs_approval) == (False, True)
    assert only(found, "R30.needs_approval").weight is Weight.NEEDS_APPROVAL
    assert verdict(HOUR, room).refused


def test_a_list_of_those_who_may_not_leaves_it_open_to_the_rest() -> None:
    room = ruled_room({"R30": {"refused_groups": [GUESTS]}})

    assert verdict(HOUR, room).codes == ()
    assert verdict(HOUR, room, member=member_of(groups=(GUESTS,))).refused


@quick
@given(
    st.sets(st.integers(1, 5)), st.sets(st.integers(1, 5)), st.sets(st.integers(1, 5)), st.sets(st.integers(1, 5)),
    st.sampled_from((None, "directly", "approval", "refused")),
)  # fmt: skip
def test_against_the_sentence(
    mine: set[int], direct: set[int], approval: set[int], refused: set[int], others: str | None
) -> None:
    values = {"groups": sorted(direct), "approval_groups": sorted(approval), "refused_groups": sorted(refused)}
    found = verdict(
        HOUR, ruled_room({"R30": {**values, "others": others}}), member=member_of(groups=tuple(sorted(mine)))
    )

    if any(group in direct for group in mine):
        wanted = "directly"
    elif any(group in approval for group in mine):
        wanted = "approval"
    elif any(group in refused for group in mine):
        wanted = "refused"
    else:
        wanted = others or ("refused" if direct or approval else "directly")
    assert (found.refused, found.needs_approval) == (wanted == "refused", wanted == "approval")


def booked_by(proxy: Proxy | None, **rules: dict[str, object]) -> Verdict:
    return judge(replace(asks(HOUR), proxy=proxy), facts_of(ruled_room(rules), window=HOUR, now=NOW))


@pytest.mark.parametrize(
    ("proxy", "allowed", "code"),
    [
        (None, True, ""),
        (None, False, ""),
        (Proxy(OLA, True, "Kari"), True, ""),
        (Proxy(OLA, True, "Kari"), False, "R39.in_person"),
        (Proxy(OLA, False, "Kari"), True, "R39.not_a_delegate"),
        (Proxy(OLA, False, "Kari"), False, "R39.not_a_delegate"),
    ],
)
def test_r39_only_with_their_leave_and_where_it_is_allowed(proxy: Proxy | None, allowed: bool, code: str) -> None:
    assert booked_by(proxy, R39={"allowed": allowed}).codes == ((code,) if code else ())


def test_r39_nobody_can_book_past_a_missing_leave() -> None:
    finding = only(booked_by(Proxy(OLA, False, "Kari")), "R39.not_a_delegate")

    assert (finding.weight, finding.facts) == (Weight.LOCKED, {"name": "Kari"})


@quick
@given(st.booleans(), st.booleans(), st.booleans())
def test_r39_against_the_sentence(somebody_else: bool, has_leave: bool, allowed: bool) -> None:
    found = booked_by(Proxy(OLA, has_leave) if somebody_else else None, R39={"allowed": allowed})

    assert found.refused == (somebody_else and not (has_leave and allowed))


def test_r39_a_stranger_learns_nothing_of_the_member() -> None:
    room = quota_room("R22", [limit(1)], use(span("2026-11-23 08:00", "09:00")))
    request = replace(asks(HOUR), proxy=Proxy(OLA, False))

    assert judge(request, facts_of(room, window=HOUR, now=NOW)).codes == ("R39.not_a_delegate",)


def test_r39_it_is_the_beneficiary_s_quota_that_counts() -> None:
    room = quota_room("R22", [limit(1)], use(span("2026-11-23 08:00", "09:00"), member=KARI))
    request = replace(asks(HOUR), proxy=Proxy(OLA, True, "Kari"))

    assert judge(request, facts_of(room, window=HOUR, now=NOW)).codes == ("R22.too_many",)
