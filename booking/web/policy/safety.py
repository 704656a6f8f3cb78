"""What a room contains, work alone, and what must be declared: what these rules say for themselves."""

from flask_babel import lazy_gettext as _l

from booking import wording
from booking.core.localtime import clock_text
from booking.core.safety_params import Containment, Declarations, LoneWork
from booking.core.settings import Effective
from booking.http.language import language
from booking.http.words import gettext as _
from booking.web.policy.entry import Names, Policy, Told, named, params_of


def _containment(found: Effective, _names: Names) -> Told:
    """How much the room contains."""
    level = params_of(found, Containment).level
    if level is not None:
        yield _("Containment level %(level)s.", level=level), "level"


def _lone_work(found: Effective, _names: Names) -> Told:
    """When nobody may be alone, and who counts."""
    params = params_of(found, LoneWork)
    if params.least_people is None:
        return
    hours = wording.hours_text([[clock_text(params.after), clock_text(params.until)]], language())
    if params.weekends:
        said = _("At least %(people)s people %(hours)s and at weekends.", people=params.least_people, hours=hours)
    else:
        said = _("At least %(people)s people %(hours)s.", people=params.least_people, hours=hours)
    yield " ".join((said, _("Name a buddy when you book."))) if params.by_buddy else said, "least_people"


def _declarations(found: Effective, names: Names) -> Told:
    """That something must be accepted; the form says what."""
    documents = params_of(found, Declarations).documents
    if documents:
        listed = named(documents, names, "document")
        told = _("There is something to read and accept when you book.")
        yield f"{told} {listed}." if listed else told, "documents"


POLICY = {
    "R32": Policy(_l("Containment"), _containment, _l("It has no containment level.")),
    "R33": Policy(_l("Lone work"), _lone_work, _l("One may be alone.")),
    "R36": Policy(_l("Declarations"), _declarations, _l("Nothing has to be accepted.")),
}
