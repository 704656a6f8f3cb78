"""The calendar format."""
