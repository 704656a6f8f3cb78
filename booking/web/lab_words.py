"""Until when a resource is calibrated, in plain language; what it asks people to have learnt is in its policy."""

from booking import wording
from booking.core.facts import ResourceFacts
from booking.http.language import language
from booking.http.words import gettext as _
from booking.web.rule_words import RuleLine


def calibration_lines(resource: ResourceFacts) -> list[RuleLine]:
    """One line, where a day is set."""
    if resource.calibration_due is None:
        return []
    scope = resource.settings["R14"].scope_of("mode")
    words = _("Calibrated to and with %(day)s.", day=wording.day_text(resource.calibration_due, language()))
    return [RuleLine(words, scope.kind.value, wording.origin(scope, language()), "R14", scope)]
