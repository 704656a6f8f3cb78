"""Who may book, how many people, and what goes along or stands in the way: what these rules say for themselves."""

from flask_babel import lazy_gettext as _l

from booking.core.params import Access, Companions, Overlap, OwnClash, People
from booking.core.settings import Effective
from booking.http.words import gettext as _
from booking.web.policy.entry import Names, Policy, Told, named, nothing, params_of


def _access(found: Effective, names: Names) -> Told:
    params = params_of(found, Access)
    if params.groups:
        yield _("Only for %(groups)s.", groups=named(params.groups, names, "group")), "groups"
    if params.approval_groups:
        yield _("By approval for %(groups)s.", groups=named(params.approval_groups, names, "group")), "approval_groups"
    if params.refused_groups:
        yield _("Not for %(groups)s.", groups=named(params.refused_groups, names, "group")), "refused_groups"
    if params.others:
        yield _others(params.others), "others"


def _others(how: str) -> str:
    return {
        "directly": _("Everybody else books directly."),
        "approval": _("Everybody else by approval."),
        "refused": _("Nobody else."),
    }[how]


def _companions(found: Effective, names: Names) -> Told:
    params, known = params_of(found, Companions), names.get("resource", {})
    if params.needs:
        listed = [(known.get(id_, "?"), number) for id_, number in params.needs]
        needed = ", ".join(f"{number} × {name}" if number > 1 else name for name, number in listed)
        yield _("Needs %(resources)s for the whole time, in the same booking.", resources=needed), "needs"


def _own_clash(found: Effective, _names: Names) -> Told:
    if params_of(found, OwnClash).mode == "refuse":
        yield _("Not while you have something else booked."), "mode"


def _people(found: Effective, _names: Names) -> Told:
    params = params_of(found, People)
    if params.fire_limit is not None:
        yield _("The fire limit is %(number)s people.", number=params.fire_limit), "fire_limit"
    if params.seats is not None:
        yield _("Has %(number)s seats. More people than that is told, and not refused.", number=params.seats), "seats"
    if params.least is not None:
        yield _("Meant for at least %(number)s people.", number=params.least), "least"


def _overlap(found: Effective, _names: Names) -> Told:
    if not params_of(found, Overlap).pending_blocks:
        yield _("Requests for the same time compete until one of them is approved."), "pending_blocks"


POLICY = {
    "R30": Policy(_l("Who may book"), _access, _l("Every member, as long as the membership lasts.")),
    "R04": Policy(_l("In use"), nothing, _l("Can be booked while it is in use.")),
    "R05": Policy(_l("One at a time"), _overlap, _l("Never two bookings at once. A request holds the time, too.")),
    "R07": Policy(_l("People"), _people, _l("More people than seats is told, and not refused.")),
    "R08": Policy(_l("What goes along"), _companions, _l("Needs nothing beside it.")),
    "R09": Policy(_l("Your other bookings"), _own_clash, _l("You are told when you have something else booked then.")),
}
