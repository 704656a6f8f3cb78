"""Booking in spite of the rules, as forms ask for it: one button and its reason, the same at every door."""

from flask import request

from booking.services.overriding import FIELD

BUTTON = "anyway"


def asked_anyway() -> str | None:
    """The reason that came with the button, maybe empty; None when the button was not pressed."""
    return request.form.get(FIELD, "") if request.form.get(BUTTON) else None


def typed_reason() -> str:
    """What stands in the field, for showing the form again."""
    return request.form.get(FIELD, "")
