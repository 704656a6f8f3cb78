"""The states of a booking, the moves between them, and which states hold time."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from booking.core.errors import WrongState


class State(StrEnum):
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


HOLDING = frozenset({State.REQUESTED, State.CONFIRMED})

# A changed booking may need a new approval, hence the way back from confirmed to requested. A cancelled one may be
# taken back while its time is free; it is judged and holds its time anew.
MOVES: Mapping[State, frozenset[State]] = {
    State.REQUESTED: frozenset({State.CONFIRMED, State.DECLINED, State.CANCELLED, State.EXPIRED}),
    State.CONFIRMED: frozenset({State.REQUESTED, State.CANCELLED}),
    State.DECLINED: frozenset(),
    State.CANCELLED: frozenset({State.REQUESTED, State.CONFIRMED}),
    State.EXPIRED: frozenset(),
}


def can_move(old: State, new: State) -> bool:
    return new in MOVES[old]


def check_move(old: State, new: State) -> None:
    """Raise WrongState unless a booking may go from `old` to `new`."""
    if not can_move(old, new):
        raise WrongState(old=str(old), new=str(new))
