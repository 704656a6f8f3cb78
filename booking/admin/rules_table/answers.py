"""When somebody must say yes, and who sees names and titles: the entries of the rules page."""

from flask_babel import lazy_gettext as _l

from booking.admin.rules_table.kinds import FieldKind, Section

APPROVAL = Section(
    "approval",
    _l("Approval"),
    _l("When somebody on duty must say yes first. Every level that asks counts."),
    (
        FieldKind("R38", "always", _l("Every booking")),
        FieldKind("R38", "first_time", _l("A member’s first booking of it")),
        FieldKind("R38", "groups", _l("Members who are in none of these groups"), unset_words=_l("Nobody")),
        FieldKind("R38", "longer_than_minutes", _l("Bookings longer than")),
        FieldKind("R38", "evenings", _l("In the evening and at night")),
        FieldKind("R38", "day_begins", _l("The night ends at")),
        FieldKind("R38", "day_ends", _l("The evening begins at")),
        FieldKind("R38", "weekends", _l("On Saturdays and Sundays")),
        FieldKind("R38", "most_dates", _l("Series of more than")),
        FieldKind(
            "R38",
            "approvers",
            _l("Who says yes"),
            _l("Those on duty nearest to the resource are asked; whoever stands above them can always answer."),
            options={
                "any": _l("Any one of them"),
                "all": _l("All of them"),
                "ordered": _l("All of them, one after the other"),
            },
        ),
        FieldKind("R38", "working_days", _l("Working days to answer"), _l("At the latest until it begins.")),
        FieldKind(
            "R38",
            "on_timeout",
            _l("What nobody answers"),
            options={"escalate": _l("Goes on to the next wider scope"), "expire": _l("Ends unanswered")},
        ),
    ),
)
VISIBILITY = Section(
    "visibility",
    _l("Names and titles"),
    _l("Who may see them at most. The strictest value set at any level counts."),
    (
        FieldKind(
            "R40",
            "widest",
            _l("Shown at most to"),
            options={
                "public": _l("Everybody, members or not"),
                "members": _l("Every member"),
                "organisation": _l("The organisation’s own members"),
                "private": _l("Whoever booked, and those who manage it"),
            },
        ),
        FieldKind("R40", "retention_days", _l("For so long after the end")),
    ),
)
