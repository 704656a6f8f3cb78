"""The demo district: places, people, rules and bookings to try the service with. Rooms and rules are illustrative."""

from booking.demo.load import NotEmpty, load_demo

__all__ = ["NotEmpty", "load_demo"]
