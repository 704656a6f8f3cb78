"""When somebody must say yes, and who sees names and titles: what these rules say for themselves."""

from babel.lists import format_list
from flask_babel import lazy_gettext as _l

from booking.core.approval_params import Approval, Visibility
from booking.core.settings import Effective
from booking.http.language import locale
from booking.http.words import gettext as _
from booking.web.policy.entry import Names, Policy, Told, length, named, params_of


def _approval(found: Effective, names: Names) -> Told:
    cases = list(_cases(params_of(found, Approval), names))
    if params_of(found, Approval).always:
        yield _("Every booking needs approval."), "always"
    elif cases:
        told = format_list([words for words, _value in cases], style="or", locale=locale())
        yield _("Needs approval: %(cases)s.", cases=told), cases[0][1]


def _cases(params: Approval, names: Names) -> Told:
    if params.first_time:
        yield _("a first booking"), "first_time"
    if params.groups:
        yield _("members outside %(groups)s", groups=named(params.groups, names, "group")), "groups"
    if params.longer_than_minutes is not None:
        yield _("longer than %(time)s", time=length(params.longer_than_minutes)), "longer_than_minutes"
    if params.evenings:
        begins, ends = f"{params.day_begins:%H:%M}", f"{params.day_ends:%H:%M}"
        yield _("before %(begins)s or after %(ends)s", begins=begins, ends=ends), "evenings"
    if params.weekends:
        yield _("on Saturdays and Sundays"), "weekends"
    if params.most_dates is not None:
        yield _("a series of more than %(number)s dates", number=params.most_dates), "most_dates"


def _visibility(found: Effective, _names: Names) -> Told:
    widest = params_of(found, Visibility).widest
    if widest == "organisation":
        yield _("Names and titles are shown to the organisation’s own members at most."), "widest"
    elif widest == "public":
        yield _("What happens here may be announced to everybody, if whoever books wants so."), "widest"
    elif widest == "private":
        yield _("Names and titles are shown to nobody but whoever booked and those who manage it."), "widest"


POLICY = {
    "R38": Policy(_l("Approval"), _approval, _l("Nobody has to say yes.")),
    "R40": Policy(_l("Who sees it"), _visibility, _l("You choose who sees the title.")),
}
