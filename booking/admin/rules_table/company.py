"""People, who may book, and what goes along or stands in the way: the entries of the rules page."""

from flask_babel import lazy_gettext as _l

from booking.admin.rules_table.kinds import FieldKind, Section

PEOPLE = Section(
    "people",
    _l("People"),
    _l("The fire limit cannot be booked past. The strictest value set at any level counts."),
    (
        FieldKind("R07", "fire_limit", _l("Fire limit"), unit="people"),
        FieldKind("R07", "least", _l("Meant for at least"), unit="people"),
    ),
)
TOGETHER = Section(
    "together",
    _l("With other bookings"),
    _l("What must be booked along with it, and what may be booked at the same time."),
    (
        FieldKind("R08", "needs", _l("Needs"), _l("Booked along with it, all or nothing."), unset_words=_l("Nothing")),
        FieldKind(
            "R08",
            "covers",
            _l("For how long"),
            options={"whole": _l("During set-up and clean-up too"), "span": _l("For the booking itself")},
        ),
        FieldKind(
            "R09",
            "mode",
            _l("When the member has something else booked then"),
            options={"off": _l("Makes no difference"), "warn": _l("Is noted"), "refuse": _l("Is refused")},
        ),
        FieldKind(
            "R05",
            "pending_blocks",
            _l("A request holds the time"),
            _l("Otherwise requests compete until one is approved."),
        ),
    ),
)
ACCESS = Section(
    "access",
    _l("Who may book"),
    _l("Every level that names groups asks for one of them, so a lower level can only narrow it."),
    (FieldKind("R30", "groups", _l("Open to"), unset_words=_l("Every member")),),
)
