"""Details, what some rules ask about a booking beyond what, when and for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self


@dataclass(frozen=True, slots=True)
class Details:
    """What labs and instruments ask for; everything is empty for a meeting room.

    `declarations` are the documents that were accepted, each with its version. `purpose` is one of the words a
    calibration rule names; ids are of activities and members. `unattended` is a run that nobody stays with.
    `not_yet_asked` is how find and the timeline look ahead of a form that will ask; no booking is made with it.
    """

    purpose: str = ""
    activity_id: int | None = None
    supervisor_id: int | None = None
    buddy_id: int | None = None
    declarations: tuple[tuple[int, int], ...] = ()
    unattended: bool = False
    not_yet_asked: bool = False

    @classmethod
    def from_json(cls, json: Mapping[str, object]) -> Self:
        """What `to_json` wrote; what a later version wrote and this one does not know is left out."""
        known = {each.name for each in fields(cls)}
        values = {name: _tuples(value) for name, value in json.items() if name in known}
        return cls(**values)  # type: ignore[arg-type]

    def to_json(self) -> dict[str, object]:
        """Only what is not empty, so that most bookings store nothing."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name)) != each.default}


def _tuples(value: object) -> object:
    return tuple(map(_tuples, value)) if isinstance(value, list | tuple) else value


NO_DETAILS = Details()
NOT_YET_ASKED = Details(not_yet_asked=True)
