"""Letters about a fault: to those who look after the resource, and to whoever reported it."""

from collections.abc import Callable
from datetime import datetime

from booking import wording
from booking.jobs.reading import Content, Gone, Reading
from booking.models import Fault, Member
from booking.services import fault_news
from booking.services.catalogue import ResourceCard, resources_by_id
from booking.wording import N_

REPORTED = N_("A fault at %(place)s")
Words = Callable[[Reading, dict[str, object]], str]


def reported(reading: Reading) -> Content:
    """Who reported it, and in their own words what is wrong."""
    if reading.message.facts.get("is_dangerous"):
        return _about(reading, N_("%(who)s reported a dangerous fault at %(place)s."))
    return _about(reading, N_("%(who)s reported a fault at %(place)s."))


def out(reading: Reading) -> Content:
    """It is out of service, perhaps until an expected moment."""
    if "back" in reading.message.facts:
        return _about(reading, N_("%(place)s is out of service, expected back %(when)s."))
    return _about(reading, N_("%(place)s is out of service because of the fault that was reported."))


def usable(reading: Reading) -> Content:
    """It can be used all the same."""
    return _about(reading, N_("%(place)s can be used, though its fault is not fixed yet."))


def fixed(reading: Reading) -> Content:
    """It is as it should be."""
    return _about(reading, N_("The fault at %(place)s is fixed."))


def _about(reading: Reading, lead: str) -> Content:
    facts, session = reading.message.facts, reading.session
    fault = session.get(Fault, facts["fault_id"])
    if fault is None:
        raise Gone
    card = resources_by_id(session, [fault.resource_id])[fault.resource_id]
    who = session.get(Member, facts["by"]) if facts.get("by") else None
    gaps: dict[str, object] = {
        "place": card.name,
        "who": who.name if who else reading.gettext("Somebody"),
        "when": _back(reading, card),
    }
    values = {
        "lead": reading.gettext(lead, **gaps),
        "more": [],
        "message": reading.message.text or "",
        "rows": [(reading.gettext("Where"), f"{card.name}, {card.address or card.site_name}")],
        "dates": [],
        "button": _way_on(reading, fault, card),
        "links": [],
        "note": "",
    }
    return Content(values, gaps)


def _back(reading: Reading, card: ResourceCard) -> str:
    back = reading.message.facts.get("back")
    return wording.moment(datetime.fromisoformat(back), reading.language, card.zone) if back else ""


def _way_on(reading: Reading, fault: Fault, card: ResourceCard) -> tuple[str, str]:
    """Those who look after the place go on to the fault, its reporter to the place."""
    base = reading.house.base_url
    if reading.member_id in fault_news.looked_after_by(reading.session, reading.now, card):
        return reading.gettext("Look at the fault"), f"{base}/admin/faults/{fault.public_id}"
    return reading.gettext("Look at %(place)s", place=card.name), f"{base}/resources/{card.slug}"
