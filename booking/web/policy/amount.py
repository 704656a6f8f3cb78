"""How long, how often and in which steps: what these rules say for themselves."""

from flask_babel import lazy_gettext as _l

from booking.core.params import Buffer, Grid, Longest, Series, Shortest
from booking.core.settings import Effective
from booking.http.words import gettext as _
from booking.web.policy.entry import Names, Policy, Told, length, nothing, params_of


def _shortest(found: Effective, _names: Names) -> Told:
    minutes = params_of(found, Shortest).minutes
    if minutes:
        yield _("At least %(time)s at a time.", time=length(minutes)), "minutes"


def _longest(found: Effective, _names: Names) -> Told:
    params = params_of(found, Longest)
    if params.minutes is None:
        return
    yield _("At most %(time)s at a time.", time=length(params.minutes)), "minutes"
    if params.merge_gap_minutes:
        gap = length(params.merge_gap_minutes)
        yield _("Bookings of yours less than %(time)s apart count as one.", time=gap), "merge_gap_minutes"


def _series(found: Effective, _names: Names) -> Told:
    """Only what somebody decided: as the house begins, a year of weeks can be booked anywhere."""
    params = params_of(found, Series)
    if not found.parts:
        return
    if not params.allowed:
        yield _("Not booked in series."), "allowed"
    elif params.most_occurrences is not None:
        yield _("At most %(number)s dates in a series.", number=params.most_occurrences), "most_occurrences"


def _buffer(found: Effective, _names: Names) -> Told:
    params = params_of(found, Buffer)
    if params.before_minutes:
        time = length(params.before_minutes)
        yield _("%(time)s for set-up is kept free before each booking.", time=time), "before_minutes"
    if params.after_minutes:
        time = length(params.after_minutes)
        yield _("%(time)s for tear-down is kept free after each booking.", time=time), "after_minutes"
    if params.staffed_turnover:
        yield _("Staff make it ready, so set-up and tear-down cannot fall in a closure."), "staffed_turnover"


def _grid(found: Effective, _names: Names) -> Told:
    yield _("Booked in steps of %(time)s.", time=length(params_of(found, Grid).step_minutes)), "step_minutes"


POLICY = {
    "R01": Policy(
        _l("Times"), nothing, _l("It ends after it starts. An hour that the clock jumps over cannot be booked.")
    ),
    "R20": Policy(_l("How short"), _shortest, _l("There is no shortest time.")),
    "R21": Policy(_l("How long"), _longest, _l("There is no longest time.")),
    "R28": Policy(_l("Series"), _series, _l("Can be booked in series, up to a year of weekly dates.")),
    "R06": Policy(_l("Set-up and clean-up"), _buffer, _l("One booking can follow another at once.")),
    "R02": Policy(_l("Steps"), _grid, ""),
}
