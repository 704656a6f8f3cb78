"""Lengths, set-up and clean-up, and series: the entries of the rules page."""

from flask_babel import lazy_gettext as _l

from booking.admin.rules_table.kinds import FieldKind, Section

LENGTHS = Section(
    "lengths",
    _l("Lengths"),
    _l("How short and how long a booking can be, and on which minutes it starts."),
    (
        FieldKind("R20", "minutes", _l("Shortest")),
        FieldKind("R21", "minutes", _l("Longest")),
        FieldKind(
            "R21",
            "merge_gap_minutes",
            _l("Counts as one when closer than"),
            _l("A member’s bookings in a row count together towards the longest."),
        ),
        FieldKind("R02", "step_minutes", _l("Steps"), _l("Bookings start and end on these minutes.")),
    ),
)
TURNOVER = Section(
    "turnover",
    _l("Set-up and clean-up"),
    _l("Time kept free around each booking, for everybody."),
    (
        FieldKind("R06", "before_minutes", _l("Before each booking")),
        FieldKind("R06", "after_minutes", _l("After each booking")),
        FieldKind(
            "R06",
            "staffed_turnover",
            _l("Staff make it ready"),
            _l("Then set-up and clean-up cannot fall in a closure either."),
        ),
    ),
)
SERIES = Section(
    "series",
    _l("Series"),
    _l("Whether a booking can repeat, how many times, and over how long."),
    (
        FieldKind("R28", "allowed", _l("Can be booked in series")),
        FieldKind("R28", "most_occurrences", _l("Most dates"), unit="dates"),
        FieldKind("R28", "most_days", _l("From the first to the last date")),
    ),
)
