"""Opening hours, faults, and how early and how late: the entries of the rules page."""

from flask_babel import lazy_gettext as _l

from booking.admin.rules_table.kinds import FieldKind, Section
from booking.core.outages import FaultReports

HOURS = Section(
    "hours",
    _l("Opening hours"),
    _l("A booking must lie within these hours from start to end."),
    (
        FieldKind("R10", "windows", _l("Weekly hours"), none_words=_l("Always open")),
        FieldKind(
            "R11",
            "public_holidays",
            _l("Public holidays"),
            options={"NO": _l("Closed on Norwegian public holidays")},
            unset_words=_l("Open as on other days"),
        ),
    ),
)
AHEAD = Section(
    "ahead",
    _l("How early and how late"),
    _l("How long before the start it must be booked, and how far ahead it can be."),
    (
        FieldKind("R17", "hours", _l("Notice"), none_words=_l("None needed")),
        FieldKind("R18", "days", _l("Opens ahead")),
        FieldKind("R18", "opens_at", _l("A new day opens at")),
        FieldKind(
            "R19",
            "hours",
            _l("Latest change or cancellation before the start"),
            _l("Never in the first five minutes, nor where it is closed anyway."),
        ),
        FieldKind(
            "R19",
            "effect",
            _l("Later than that"),
            options={
                "none": _l("Makes no difference"),
                "late_mark": _l("Is marked as late"),
                "refuse": _l("Is refused"),
            },
        ),
        FieldKind(
            "R03",
            "grace_minutes",
            _l("Can be booked after it has begun, for"),
            _l("So that an empty room can be booked by whoever stands in it."),
            none_words=_l("One step"),
        ),
    ),
)
SERVICE = Section(
    "service",
    _l("Faults"),
    _l("What happens when a member reports a fault, and for how long nobody can book what is down."),
    (
        FieldKind(
            "R13",
            "fault_reports",
            _l("A report puts it out of service"),
            _l("A pool goes on: a manager decides what its fault stops."),
            options={
                FaultReports.NEVER.value: _l("Never"),
                FaultReports.SAFETY.value: _l("When it is dangerous"),
                FaultReports.ALWAYS.value: _l("Always"),
            },
        ),
        FieldKind(
            "R13",
            "assume_down_hours",
            _l("Taken to be down for"),
            _l("While nobody knows when it is back, no booking can start within this time."),
        ),
    ),
)
