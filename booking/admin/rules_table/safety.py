"""Containment, lone work and declarations: the entries of the rules page."""

from flask_babel import lazy_gettext as _l

from booking.admin.rules_table.kinds import FieldKind, Section

CONTAINMENT = Section(
    "containment",
    _l("Containment"),
    _l("What is done in a room may need no higher level than the room has. Nobody can book past this."),
    (FieldKind("R32", "level", _l("Containment level"), _l("From 1 to 4."), unset_words=_l("None")),),
)
LONE_WORK = Section(
    "lone-work",
    _l("Lone work"),
    _l("When nobody may be alone. People with bookings of what this is set for, in the same building, count as there."),
    (
        FieldKind("R33", "least_people", _l("Least people there"), unit="people", unset_words=_l("One may be alone")),
        FieldKind("R33", "after", _l("From, in the evening")),
        FieldKind("R33", "until", _l("Until, in the morning")),
        FieldKind("R33", "weekends", _l("All weekend")),
        FieldKind("R33", "closures", _l("While it is closed")),
        FieldKind("R33", "by_buddy", _l("A buddy can be named"), _l("The buddy is asked, and must say yes.")),
        FieldKind("R33", "by_overlap", _l("Others with bookings there count")),
        FieldKind("R33", "unattended_exempt", _l("Runs without anybody there are allowed")),
    ),
)
DECLARATIONS = Section(
    "declarations",
    _l("Declarations"),
    _l("What must be read and accepted before booking. The documents of all levels count together."),
    (FieldKind("R36", "documents", _l("Documents"), unset_words=_l("None")),),
)
