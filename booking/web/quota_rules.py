"""A resource's rules about how much, windows held for groups, and who may book, in plain language."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from booking import wording
from booking.core.limits import Limit
from booking.core.params import Access, OnBehalf
from booking.core.quota_params import Concurrent, OwnGap, Quota, Reserved
from booking.core.settings import Effective
from booking.http.language import language
from booking.http.words import gettext as _
from booking.wording.limits import limit_text, weekly_text

HOURS = ("R23", "R25")


def quota_rules(settings: Mapping[str, Effective], groups: Mapping[int, str]) -> Iterator[tuple[str, str, str]]:
    """The code, the field that says where it was decided, and the words; empty where nothing is."""
    for code in ("R22", "R23", "R24", "R25"):
        params = settings[code].params
        for limit in params.limits if isinstance(params, Quota) else ():
            yield code, "limits", _limit(limit, hours=code in HOURS)
    yield "R26", "minutes", _gap(settings["R26"].params)
    yield "R27", "most", _at_once(settings["R27"].params)
    yield "R16", "windows", _held(settings["R16"].params, groups)
    yield "R39", "allowed", _in_person(settings["R39"].params)


def access_words(params: Access, groups: Mapping[int, str]) -> str:
    """Who may book directly, by approval and not at all."""
    said = []
    if params.groups:
        said.append(_("Only for %(groups)s.", groups=_names(params.groups, groups)))
    if params.approval_groups:
        said.append(_("By approval for %(groups)s.", groups=_names(params.approval_groups, groups)))
    if params.refused_groups:
        said.append(_("Not for %(groups)s.", groups=_names(params.refused_groups, groups)))
    others = {
        "directly": _("Everybody else books directly."),
        "approval": _("Everybody else by approval."),
        "refused": _("Nobody else."),
    }
    if params.others:
        said.append(others[params.others])
    return " ".join(said)


def _limit(limit: Limit, *, hours: bool) -> str:
    return _("At most %(limit)s.", limit=limit_text(limit, language(), hours=hours))


def _gap(params: object) -> str:
    if not isinstance(params, OwnGap) or params.minutes is None:
        return ""
    time = wording.length(timedelta(minutes=params.minutes), language())
    return _("At least %(time)s between a member’s own bookings.", time=time)


def _at_once(params: object) -> str:
    if not isinstance(params, Concurrent) or params.most is None:
        return ""
    return _("A member holds at most %(number)s at the same time.", number=params.most)


def _held(params: object, groups: Mapping[int, str]) -> str:
    if not isinstance(params, Reserved) or not params.windows:
        return ""
    time = wording.length(timedelta(hours=params.release_hours), language())
    return _(
        "Held for %(groups)s %(hours)s. What is left is for everybody from %(time)s before.",
        groups=_names(params.groups, groups),
        hours=weekly_text(params.windows, language()),
        time=time,
    )


def _in_person(params: object) -> str:
    return "" if not isinstance(params, OnBehalf) or params.allowed else _("Whoever uses it books it in person.")


def _names(ids: tuple[int, ...], groups: Mapping[int, str]) -> str:
    return ", ".join(groups[group] for group in ids if group in groups)
