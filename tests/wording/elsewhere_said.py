"""What is said of a time that a calendar elsewhere has taken: when, by its name, and never what for."""

from booking.core.outages import BusyElsewhere
from tests.core.world import a_room, span, verdict

HOUR = span("2026-11-24 10:00", "11:00")

SAID_OF_ELSEWHERE = [
    (verdict(HOUR, a_room(busy_elsewhere=(BusyElsewhere(HOUR, "Innocamp", "Teknobyen"),))),
     "Teknobyen is taken in the calendar “Innocamp” Tue 24 November 2026, 10:00–11:00. Choose another time."),
]  # fmt: skip
