"""The letter to those who look after a resource whose bookings a calendar elsewhere now lies over."""

from booking.jobs.reading import Content, Gone, Kind, Reading
from booking.models import Booking
from booking.services.catalogue import resource_by_slug
from booking.services.external_clashes import TAKEN_ELSEWHERE
from booking.wording import N_


def _taken_elsewhere(reading: Reading) -> Content:
    """How many, where, and in which calendar; which ones stands on the page, for those who may read them by then."""
    facts = reading.message.facts
    if reading.session.get(Booking, reading.message.booking_id or 0) is None:
        raise Gone
    card = resource_by_slug(reading.session, facts["slug"])
    lead = reading.ngettext(
        "%(num)s booking of %(where)s lies under a time that is taken in “%(calendar)s”.",
        "%(num)s bookings of %(where)s lie under times that are taken in “%(calendar)s”.",
        facts["clashes"], where=facts["name"], calendar=facts["calendar"],
    )  # fmt: skip
    there = f"{reading.house.base_url}/admin/resources/{card.slug}/calendars#clashes"
    values = {
        "lead": lead,
        "more": [],
        "message": "",
        "rows": [(reading.gettext("Where"), f"{card.name}, {card.address or card.site_name}")],
        "dates": [],
        "button": (reading.gettext("Look at these"), there),
        "links": [],
        "note": "",
    }
    return Content(values, {"place": card.name})


ELSEWHERE_LETTERS = {TAKEN_ELSEWHERE: Kind(N_("Taken elsewhere: %(place)s"), "about", _taken_elsewhere)}
