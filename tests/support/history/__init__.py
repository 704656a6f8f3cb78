"""A long random history of bookings, made by many processes at once, and what must be true of it in the end."""
