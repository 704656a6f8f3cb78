"""Sets of values from local practice, applied as a draft: how places of a kind mostly run theirs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from booking.admin.rules_table.kinds import Words


@dataclass(frozen=True, slots=True)
class Template:
    """Named values by rule, as they are stored; what it does not name stays as it is."""

    title: Words
    lead: Words
    values: Mapping[str, Mapping[str, Any]] = field(hash=False)
    weights: Mapping[str, str | None] = field(default_factory=dict, hash=False)


def _every_day(opens: str, closes: str) -> dict[str, Any]:
    return {"windows": [{"weekday": day, "opens": opens, "closes": closes} for day in range(7)]}


NO_SERIES = {"allowed": False}
TEMPLATES: Mapping[str, Template] = {
    "teaching": Template(
        _l("Teaching rooms at a university"),
        _l("Every day 08–23, closed on public holidays, a term of weekly dates."),
        {
            "R10": _every_day("08:00", "23:00"),
            "R11": {"public_holidays": "NO"},
            "R18": {"days": 180},
            "R28": {"allowed": True, "most_occurrences": 26, "most_days": 180},
        },
    ),
    "group-rooms": Template(
        _l("Group rooms for students"),
        _l("Ten days ahead, four hours at a time, bookings in a row counting as one, no series."),
        {
            "R18": {"days": 10},
            "R20": {"minutes": 30},
            "R21": {"minutes": 240, "merge_gap_minutes": 30},
            "R28": NO_SERIES,
        },
    ),
    "loan-fixed": Template(
        _l("Municipal loan: the same time every week"),
        _l("A season of weekly dates, decided by a manager, two hours at a time."),
        {
            "R17": {"hours": 21 * 24},
            "R18": {"days": 400},
            "R21": {"minutes": 120, "merge_gap_minutes": 0},
            "R28": {"allowed": True, "most_occurrences": 42, "most_days": 300},
        },
        {"R17": "needs_approval"},
    ),
    "loan-single": Template(
        _l("Municipal loan: a single occasion"),
        _l("Asked for three weeks before, later only with approval, no series."),
        {"R17": {"hours": 21 * 24}, "R18": {"days": 180}, "R28": NO_SERIES},
        {"R17": "needs_approval"},
    ),
    "loan-leftover": Template(
        _l("Municipal loan: leftover hours"),
        _l("What nobody has asked for, in the coming week, two hours at a time, no series."),
        {
            "R17": {"hours": None},
            "R18": {"days": 7},
            "R21": {"minutes": 120, "merge_gap_minutes": 30},
            "R28": NO_SERIES,
        },
    ),
    "microscopy": Template(
        _l("Microscopes and other instruments"),
        _l("Half hours, at most a working day, a month ahead; given back late, it is marked."),
        {
            "R02": {"step_minutes": 30},
            "R18": {"days": 30},
            "R19": {"hours": 24, "effect": "late_mark"},
            "R20": {"minutes": 30},
            "R21": {"minutes": 480, "merge_gap_minutes": 30},
            "R09": {"mode": "refuse"},
        },
    ),
}
