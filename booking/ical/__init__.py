"""The calendar format, pure: bookings as plain views go in, iCalendar bytes come out."""
