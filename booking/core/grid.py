"""The grid of minutes by the local clock, and the nearest point on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


def on_grid(instant: datetime, step_minutes: int, zone: ZoneInfo) -> bool:
    return not _past_grid(instant, step_minutes, zone)


def up_to_grid(instant: datetime, step_minutes: int, zone: ZoneInfo) -> datetime:
    """The first point on the grid that is not before the instant."""
    past = _past_grid(instant, step_minutes, zone)
    return instant + timedelta(minutes=step_minutes) - past if past else instant


def down_to_grid(instant: datetime, step_minutes: int, zone: ZoneInfo) -> datetime:
    return instant - _past_grid(instant, step_minutes, zone)


def nearest_on_grid(instant: datetime, step_minutes: int, zone: ZoneInfo) -> datetime:
    down = down_to_grid(instant, step_minutes, zone)
    return down if instant - down < timedelta(minutes=step_minutes) / 2 else up_to_grid(instant, step_minutes, zone)


def _past_grid(instant: datetime, step_minutes: int, zone: ZoneInfo) -> timedelta:
    local = instant.astimezone(zone)
    past_hour = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return past_hour % timedelta(minutes=step_minutes)
