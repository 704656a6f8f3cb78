"""Which moves a booking may make, and what refusals carry."""

from itertools import product

import pytest

from booking.core import errors
from booking.core.errors import BookingRefused, DomainError, InvalidInput, WrongState
from booking.core.lifecycle import HOLDING, MOVES, State, can_move, check_move
from booking.core.verdict import Finding, Verdict, Weight

ALLOWED = {
    ("requested", "confirmed"), ("requested", "declined"), ("requested", "cancelled"), ("requested", "expired"),
    ("confirmed", "cancelled"), ("confirmed", "requested"), ("cancelled", "confirmed"), ("cancelled", "requested"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new"), list(product(State, State)))
def test_only_these_moves_are_possible(old: State, new: State) -> None:
    if (old, new) in ALLOWED:
        check_move(old, new)
        assert can_move(old, new)
    else:
        with pytest.raises(WrongState) as refused:
            check_move(old, new)
        assert refused.value.facts == {"old": old, "new": new}


def test_of_what_has_let_go_of_its_time_only_a_cancelled_booking_comes_back() -> None:
    assert {State.REQUESTED, State.CONFIRMED} == HOLDING
    assert MOVES[State.CANCELLED] == HOLDING
    assert all(not MOVES[state] for state in State if state not in HOLDING | {State.CANCELLED})


def test_a_refused_booking_carries_its_verdict_and_codes() -> None:
    verdict = Verdict((Finding("R05.overlap", Weight.LOCKED), Finding("R20.too_short", Weight.REFUSES)))

    refused = BookingRefused(verdict)

    assert refused.verdict is verdict
    assert refused.facts == {"codes": ["R05.overlap", "R20.too_short"]}


def test_every_refusal_has_a_code_of_its_own_and_a_status() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, DomainError)]

    assert {kind.status for kind in kinds} == {403, 404, 409, 422}
    codes = [kind.code for kind in kinds if kind is not InvalidInput]
    assert len(set(codes)) == len(codes)


def test_facts_come_as_a_mapping_or_by_name() -> None:
    assert DomainError({"a": 1}, b=2).facts == {"a": 1, "b": 2}
    assert InvalidInput("email", "input.taken", {"email": "kari@example.invalid"}).facts["field"] == "email"
