"""What a manager writes to everybody with bookings, in each receiver's language around the manager's own words."""

from datetime import date

from booking import wording
from booking.jobs.reading import Content, Gone, Kind, Reading
from booking.models import Booking, Member
from booking.services.messages import NEWS
from booking.wording import N_


def _news(reading: Reading) -> Content:
    """Raises Gone when nothing is left to say it about."""
    message, _ = reading.message, reading.gettext
    facts = message.facts
    booking = reading.session.get(Booking, message.booking_id or 0)
    if booking is None or message.text is None:
        raise Gone
    by = reading.session.get(Member, facts["by"])
    heading, _blank, words = message.text.partition("\n\n")
    gaps = {"who": by.name if by else _("A manager"), "place": facts["place"]}
    if facts["first_day"] == facts["last_day"]:
        day = _day(reading, "first_day")
        lead = _("%(who)s writes to everybody with a booking of %(place)s on %(day)s:", **gaps, day=day)
    else:
        days = {"first": _day(reading, "first_day"), "last": _day(reading, "last_day")}
        lead = _("%(who)s writes to everybody with a booking of %(place)s from %(first)s to %(last)s:", **gaps, **days)
    values = {
        "lead": lead,
        "heading": heading,
        "lines": words.splitlines(),
        "booking_url": f"{reading.house.base_url}/bookings/{booking.public_id}",
    }
    return Content(values, {"place": facts["place"], "subject": heading})


def _day(reading: Reading, name: str) -> str:
    return wording.day_text(date.fromisoformat(reading.message.facts[name]), reading.language)


NEWS_LETTERS = {NEWS: Kind(N_("%(place)s: %(subject)s"), "news", _news)}
