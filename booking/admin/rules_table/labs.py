"""Calibration, and what people must have learnt: the entries of the rules page."""

from flask_babel import lazy_gettext as _l

from booking.admin.rules_table.kinds import FieldKind, Section

COMPETENCE = Section(
    "competence",
    _l("Qualifications"),
    _l("What everybody must have learnt who uses it. Every level asks for its own."),
    (
        FieldKind("R31", "all_of", _l("Needs each of these"), unset_words=_l("None needed")),
        FieldKind("R31", "any_of", _l("Needs one of these"), unset_words=_l("None needed")),
        FieldKind(
            "R31",
            "recency_days",
            _l("Must have used it within"),
            _l("Whoever has not goes through it once more with somebody."),
            none_words=_l("Makes no difference"),
        ),
        FieldKind(
            "R31",
            "supervised_ok",
            _l("Can be used under supervision"),
            _l("By somebody who has what is needed and is named in the booking. Never instead of what safety asks."),
        ),
    ),
)
CALIBRATION = Section(
    "calibration",
    _l("Calibration"),
    _l("What comes of a booking that ends after the calibration has run out. The day is set at the resource itself."),
    (
        FieldKind("R14", "mode", _l("Such a booking"), options={"warn": _l("Is noted"), "refuse": _l("Is refused")}),
        FieldKind(
            "R14",
            "purposes",
            _l("Is always refused for"),
            _l("No manager can book past it then."),
            options={
                "regulated": _l("Regulated use"),
                "research": _l("Research"),
                "teaching": _l("Teaching"),
                "testing": _l("Testing"),
            },
            unset_words=_l("No purpose"),
        ),
        FieldKind("R14", "grace_days", _l("Days of grace")),
    ),
)
