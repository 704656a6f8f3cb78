"""The rules about safety in plain language, for a resource's page."""

from booking import wording
from booking.core.localtime import clock_text
from booking.core.safety_params import Containment, Declarations, LoneWork
from booking.http.language import language
from booking.http.words import gettext as _


def containment(params: object) -> str:
    """How much the room contains."""
    if not isinstance(params, Containment) or params.level is None:
        return ""
    return _("Containment level %(level)s.", level=params.level)


def lone_work(params: object) -> str:
    """When nobody may be alone, and who counts."""
    if not isinstance(params, LoneWork) or params.least_people is None:
        return ""
    hours = wording.hours_text([[clock_text(params.after), clock_text(params.until)]], language())
    if params.weekends:
        said = _("At least %(people)s people %(hours)s and at weekends.", people=params.least_people, hours=hours)
    else:
        said = _("At least %(people)s people %(hours)s.", people=params.least_people, hours=hours)
    return " ".join((said, _("Name a buddy when you book."))) if params.by_buddy else said


def declarations(params: object) -> str:
    """That something must be accepted; the form says what."""
    if not isinstance(params, Declarations) or not params.documents:
        return ""
    return _("There is something to read and accept when you book.")
