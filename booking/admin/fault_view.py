"""An open fault in words, as the overview and the pages of maintenance show it."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from booking import wording
from booking.http.language import language
from booking.services.catalogue import ResourceCard
from booking.services.faults import FaultLine


@dataclass(frozen=True, slots=True)
class FaultView:
    """What is wrong with what, since when, and how it stands."""

    href: str
    place: str
    what: str
    state_kind: str
    state: str
    reported: str
    iso: str


def fault_view(fault: FaultLine, card: ResourceCard, now: datetime) -> FaultView:
    """The fault in words."""
    kind, state = _state(fault, card, now)
    when = wording.moment(fault.reported_at, language(), card.zone)
    who = fault.reported_by
    return FaultView(
        url_for("admin_faults.show", public_id=fault.public_id),
        fault.place,
        fault.what,
        kind,
        state,
        str(_("%(who)s, %(when)s", who=who, when=when)) if who else when,
        fault.reported_at.astimezone(card.zone).isoformat(),
    )


def _state(fault: FaultLine, card: ResourceCard, now: datetime) -> tuple[str, str]:
    if fault.out_since is None:
        return "quiet", str(_("Can be used"))
    if fault.is_safety:
        return "refused", str(_("Closed for safety"))
    if fault.expected_back is None:
        return "refused", str(_("Out of service"))
    back = wording.moment(fault.expected_back, language(), card.zone)
    if fault.expected_back <= now:
        return "refused", str(_("Out of service, should have been back %(when)s", when=back))
    return "waiting", str(_("Out of service, expected back %(when)s", when=back))
