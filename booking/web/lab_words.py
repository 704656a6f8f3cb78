"""What a resource asks people to have learnt, and until when it is calibrated, in plain language."""

from collections.abc import Iterator

from booking import wording
from booking.core.facts import ResourceFacts
from booking.core.lab_params import Required, each_level
from booking.http.language import language
from booking.http.words import gettext as _
from booking.web.rule_words import RuleLine


def lab_lines(resource: ResourceFacts) -> list[RuleLine]:
    """A line for each thing that a level asks for, and one for the calibration."""
    asked = each_level(resource.settings["R31"]) if "R31" in resource.settings else []
    lines = [
        RuleLine(words, scope.kind.value, wording.origin(scope, language()))
        for scope, required in asked
        for words in _required(resource, required)
    ]
    if resource.calibration_due is None:
        return lines
    scope = resource.settings["R14"].scope_of("mode")
    words = _("Calibrated to and with %(day)s.", day=wording.day_text(resource.calibration_due, language()))
    return [*lines, RuleLine(words, scope.kind.value, wording.origin(scope, language()))]


def _required(resource: ResourceFacts, required: Required) -> Iterator[str]:
    known = resource.competence.qualifications
    every = ", ".join(known[id_].name for id_ in required.all_of if id_ in known)
    one = ", ".join(known[id_].name for id_ in required.any_of if id_ in known)
    if every:
        yield _("Needs %(qualifications)s.", qualifications=every)
    if one:
        yield _("Needs one of %(qualifications)s.", qualifications=one)
    if required.recency_days:
        yield _("Whoever has not used it for %(n)s days goes through it once more.", n=required.recency_days)
    if required.supervised_ok:
        yield _("Somebody who has what is needed may stand beside instead, except for safety.")
