"""The worker, what arrives by mail, and calendars that are fetched from elsewhere."""
