"""The words of a feed in its own language, whatever the language of whoever asks."""

from functools import lru_cache

from booking.services.feed_keys import Kind
from booking.services.feeds import Words
from booking.wording import N_, translate

OF_A_PLACE = "{what}, {site}"
NAMES = {
    Kind.MEMBER: N_("My bookings, {site}"),
    Kind.APPROVALS: N_("Requests to answer, {site}"),
    Kind.EVENTS: N_("What is on: {what}"),
}
DESCRIPTIONS = {
    Kind.MEMBER: N_("Your bookings at {site}. Change them there, not in the calendar."),
    Kind.APPROVALS: N_("Requests that wait for your answer at {site}."),
    Kind.EVENTS: N_("What is open to everybody, from {site}."),
}
BOOKINGS_OF = N_("Bookings of {what}, from {site}. Change them there, not in the calendar.")
CANCELLED = N_("Cancelled:")
BUSY = N_("Busy")
ON_HOLD = N_("On hold:")
ANSWERED = N_("Answered:")
MAINTENANCE = N_("Maintenance:")
SET_UP = N_("Set-up")
CLEAN_UP = N_("Clean-up")


@lru_cache(maxsize=32)
def words_of(kind: Kind, language: str) -> Words:
    """The names have places for what the feed is of, and for what the service is called."""
    name = translate(NAMES[kind], language) if kind in NAMES else OF_A_PLACE
    about = translate(DESCRIPTIONS.get(kind, BOOKINGS_OF), language)
    others = (CANCELLED, BUSY, ON_HOLD, ANSWERED, MAINTENANCE, SET_UP, CLEAN_UP)
    return Words(name, about, *(translate(msgid, language) for msgid in others))
