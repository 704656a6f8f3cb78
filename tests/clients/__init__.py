"""What calendar programs see of the feeds, against what the database holds."""
