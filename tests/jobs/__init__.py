"""Work that nobody waits for: fetching calendars from elsewhere."""
