"""Quotas, spacing and windows held for groups: the entries of the rules page."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from booking.admin.rules_table.kinds import FieldKind, Section, Words

OVER: Mapping[object, Words] = {
    "resource": _l("Each by itself"),
    "category": _l("All of its kind together"),
    "building": _l("All of the building together"),
    "site": _l("All of the site together"),
}
ALL_COUNT = _l("Every line counts. The lines set nearest to a resource replace those set further away.")
NO_QUOTA = _l("No limit")
QUOTAS = Section(
    "quotas",
    _l("Quotas"),
    _l("How much each member or organisation can book, by the calendar where the place is. Requests count too."),
    (
        FieldKind("R22", "limits", _l("Number of bookings"), ALL_COUNT, unit="bookings", unset_words=NO_QUOTA),
        FieldKind("R23", "limits", _l("Hours"), ALL_COUNT, unit="hours", unset_words=NO_QUOTA),
        FieldKind("R24", "limits", _l("Bookings that lie ahead"), ALL_COUNT, unit="bookings", unset_words=NO_QUOTA),
        FieldKind("R25", "limits", _l("Hours that lie ahead"), ALL_COUNT, unit="hours", unset_words=NO_QUOTA),
    ),
)
SPACING = Section(
    "spacing",
    _l("Room for others"),
    _l("How far apart a member’s own bookings lie, and how many they hold at the same time."),
    (
        FieldKind("R26", "minutes", _l("Between own bookings"), _l("Bookings that count as one lie as they like.")),
        FieldKind("R26", "over", _l("Of what"), options=OVER),
        FieldKind("R27", "most", _l("At the same time"), _l("Each unit of a pool counts.")),
        FieldKind("R27", "over", _l("Counted over"), options=OVER),
    ),
)
RESERVED = Section(
    "reserved",
    _l("Held for groups"),
    _l("Hours of the week that only some groups can book, until what is left of them is released to everybody."),
    (
        FieldKind("R16", "windows", _l("Hours that are held"), none_words=_l("None")),
        FieldKind("R16", "groups", _l("Held for"), unset_words=_l("Nobody")),
        FieldKind("R16", "release_hours", _l("Released before each stretch begins")),
    ),
)
