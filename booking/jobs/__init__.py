"""The worker and what it does without anybody waiting: mail, reminders, calendars that others keep."""
