"""What people must have learnt, and calibration: what these rules say for themselves."""

from flask_babel import lazy_gettext as _l

from booking.core.lab_params import Calibration, each_level
from booking.core.settings import Effective
from booking.http.words import gettext as _
from booking.web.policy.entry import Names, Policy, Told, named, params_of


def _calibration(found: Effective, _names: Names) -> Told:
    params = params_of(found, Calibration)
    if params.mode == "refuse":
        yield _("A booking must end before the calibration runs out."), "mode"
    if params.purposes:
        yield (
            _("Some purposes are refused after the calibration has run out. The form asks what it is for."),
            "purposes",
        )


def _competence(found: Effective, names: Names) -> Told:
    """Each level asks for its own."""
    for _scope, required in each_level(found):
        if every := named(required.all_of, names, "qualification"):
            yield _("Needs %(qualifications)s.", qualifications=every), "all_of"
        if one := named(required.any_of, names, "qualification"):
            yield _("Needs one of %(qualifications)s.", qualifications=one), "any_of"
        if required.recency_days:
            words = _("Whoever has not used it for %(n)s days goes through it once more.", n=required.recency_days)
            yield words, "recency_days"
        if required.supervised_ok:
            words = _("Somebody who has what is needed may stand beside instead, except for safety.")
            yield words, "supervised_ok"


POLICY = {
    "R14": Policy(_l("Calibration"), _calibration, _l("You are told when a booking ends after the calibration.")),
    "R31": Policy(_l("Qualifications"), _competence, _l("Nobody needs to have learnt anything first.")),
}
