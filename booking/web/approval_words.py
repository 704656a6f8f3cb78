"""A resource's rules of approval and visibility in plain language."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from babel.lists import format_list

from booking import wording
from booking.core.approval_params import Approval, Visibility
from booking.core.scope import DEFAULT_SCOPE, Scope
from booking.core.settings import Effective
from booking.http.language import language, locale
from booking.http.words import gettext as _

WHEN = ("always", "first_time", "groups", "longer_than_minutes", "evenings", "weekends", "most_dates")


def approval_words(setting: Effective, group_names: Mapping[int, str]) -> str:
    """When somebody must say yes; nothing where nobody asks."""
    params = setting.params
    if not isinstance(params, Approval):
        return ""
    if params.always:
        return _("Every booking needs approval.")
    told = list(_cases(params, group_names))
    return _("Needs approval: %(cases)s.", cases=format_list(told, style="or", locale=locale())) if told else ""


def approval_scope(setting: Effective) -> Scope:
    """The nearest level that asks for any of it."""
    return next((part.scope for part in setting.parts if any(part.params.get(name) for name in WHEN)), DEFAULT_SCOPE)


def visibility_words(params: object) -> str:
    """Who sees names and titles at most, when that is not every member."""
    if not isinstance(params, Visibility) or params.widest == "members":
        return ""
    if params.widest == "organisation":
        return _("Names and titles are shown to the organisation’s own members at most.")
    return _("Names and titles are shown to nobody but whoever booked and those who manage it.")


def _cases(params: Approval, group_names: Mapping[int, str]) -> Iterator[str]:
    if params.first_time:
        yield _("a first booking")
    if params.groups:
        names = ", ".join(group_names[group] for group in params.groups if group in group_names)
        yield _("members outside %(groups)s", groups=names)
    if params.longer_than_minutes is not None:
        length = wording.length(timedelta(minutes=params.longer_than_minutes), language())
        yield _("longer than %(time)s", time=length)
    if params.evenings:
        yield _(
            "before %(begins)s or after %(ends)s", begins=f"{params.day_begins:%H:%M}", ends=f"{params.day_ends:%H:%M}"
        )
    if params.weekends:
        yield _("on Saturdays and Sundays")
    if params.most_dates is not None:
        yield _("a series of more than %(number)s dates", number=params.most_dates)
