"""How much each may have, what is held for whom, and booking for others: what these rules say for themselves."""

from flask_babel import lazy_gettext as _l

from booking.core.params import OnBehalf
from booking.core.quota_params import Concurrent, OwnGap, Quota, Reserved
from booking.core.settings import Effective
from booking.http.language import language
from booking.http.words import gettext as _
from booking.web.policy.entry import Names, Policy, Told, length, named, params_of
from booking.wording.limits import limit_text, weekly_text


def _bookings(found: Effective, _names: Names) -> Told:
    yield from _limits(found, hours=False)


def _hours(found: Effective, _names: Names) -> Told:
    yield from _limits(found, hours=True)


def _limits(found: Effective, *, hours: bool) -> Told:
    for limit in found.params.limits if isinstance(found.params, Quota) else ():
        yield _("At most %(limit)s.", limit=limit_text(limit, language(), hours=hours)), "limits"


def _own_gap(found: Effective, _names: Names) -> Told:
    minutes = params_of(found, OwnGap).minutes
    if minutes is not None:
        yield _("At least %(time)s between a member’s own bookings.", time=length(minutes)), "minutes"


def _concurrent(found: Effective, _names: Names) -> Told:
    most = params_of(found, Concurrent).most
    if most is not None:
        yield _("A member holds at most %(number)s at the same time.", number=most), "most"


def _reserved(found: Effective, names: Names) -> Told:
    params = params_of(found, Reserved)
    if params.windows:
        said = _(
            "Held for %(groups)s %(hours)s. What is left is for everybody from %(time)s before.",
            groups=named(params.groups, names, "group"),
            hours=weekly_text(params.windows, language()),
            time=length(params.release_hours * 60),
        )
        yield said, "windows"


def _on_behalf(found: Effective, _names: Names) -> Told:
    if not params_of(found, OnBehalf).allowed:
        yield _("Whoever uses it books it in person."), "allowed"


NO_LIMIT = _l("There is no such limit.")

POLICY = {
    "R16": Policy(_l("Held for a group"), _reserved, _l("No hours are held for anybody.")),
    "R22": Policy(_l("Number of bookings"), _bookings, NO_LIMIT),
    "R23": Policy(_l("Hours"), _hours, NO_LIMIT),
    "R24": Policy(_l("Bookings that lie ahead"), _bookings, NO_LIMIT),
    "R25": Policy(_l("Hours that lie ahead"), _hours, NO_LIMIT),
    "R26": Policy(_l("Between your bookings"), _own_gap, _l("Your bookings may follow each other.")),
    "R27": Policy(_l("At the same time"), _concurrent, _l("You may hold several at the same time.")),
    "R39": Policy(
        _l("Booking for others"), _on_behalf, _l("You can book for somebody who has named you under Delegates.")
    ),
}
