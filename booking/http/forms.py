"""What forms of every edge share: what was sent or put aside, the errors as a list, and idempotency keys."""

import secrets
from collections.abc import Mapping
from typing import TypeVar

from flask import g, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import Form

from booking.http.csrf import take_draft

AForm = TypeVar("AForm", bound=Form)


def sent(kind: type[AForm]) -> AForm:
    """The form as it was sent."""
    return kind(request.form)


def waiting_or(kind: type[AForm], endpoint: str, /, **values: object) -> AForm:
    """The form that was put aside for this endpoint when sign-in or its token had expired; otherwise a fresh one."""
    draft = take_draft(endpoint)
    if draft is not None:
        return kind(MultiDict(draft))
    return kind(data=values)


def errors_of(form: Form) -> dict[str, str]:
    """The first sentence for each field that could not be read."""
    return {field.name: str(field.errors[0]) for field in form if field.errors}


def shown_errors(errors: Mapping[str, str]) -> list[tuple[str, str]]:
    """The list for the top of the page: the field's id and the sentence; a form that came too late says so first."""
    late = [("", _("The page had been open too long. What you wrote is still here: send it once more."))]
    return (late if g.get("expired") else []) + list(errors.items())


def new_key() -> str:
    """An idempotency key for a form that is shown for the first time."""
    return secrets.token_urlsafe(16)
