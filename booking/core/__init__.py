"""The pure heart: times, rules and verdicts, with no clock, database or web in sight."""
