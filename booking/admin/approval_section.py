"""The sections of the rules page about approval and visibility."""

from flask_babel import lazy_gettext as _l

CHOICES = {
    "any": _l("Any of them"),
    "all": _l("All of them"),
    "ordered": _l("All of them, one after the other"),
    "escalate": _l("Goes to the next wider scope"),
    "expire": _l("Is not approved"),
    "members": _l("Every member"),
    "organisation": _l("The organisation’s own members"),
    "private": _l("Only who booked, and those who manage it"),
}
# Field by field: the rule, its name, the kind of field, label, hint, and what no limit is called.
APPROVAL = (
    ("R38", "always", "flag", _l("Every booking"), "", ""),
    ("R38", "first_time", "flag", _l("A member’s first booking of it"), "", ""),
    ("R38", "groups", "groups", _l("Everybody who is in none of these groups"), "", ""),
    ("R38", "longer_than_minutes", "minutes", _l("Longer than"), "", _l("However long")),
    ("R38", "evenings", "flag", _l("In the evening or at night"), "", ""),
    ("R38", "day_begins", "clock", _l("The day begins at"), "", ""),
    ("R38", "day_ends", "clock", _l("The evening begins at"), "", ""),
    ("R38", "weekends", "flag", _l("On Saturdays and Sundays"), "", ""),
    ("R38", "most_dates", "dates", _l("A series of more than"), "", _l("However many")),
    ("R38", "approvers", "effect", _l("Who must say yes"), _l("Those on duty nearest to the resource are asked."), ""),
    ("R38", "working_days", "days", _l("Working days to answer"), _l("At the latest until it begins."), ""),
    ("R38", "on_timeout", "effect", _l("What nobody answers"), "", ""),
    ("R05", "pending_blocks", "flag", _l("A request holds its time"), _l("If not, several can ask for it."), ""),
)
VISIBILITY = (
    ("R40", "widest", "effect", _l("Names and titles are shown at most to"), "", ""),
    ("R40", "retention_days", "days", _l("For so long after the end"), "", _l("For ever")),
)
