"""Reads the plan of maintenance and the decisions about bookings, and says what stands in their fields."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from booking.admin import reading
from booking.admin.frame import Typed
from booking.core.errors import InvalidInput
from booking.core.outages import Effect
from booking.core.repeats import Repeat, spans
from booking.core.timespan import TimeSpan
from booking.services.alternatives import Alternative
from booking.services.outages import Plan
from booking.services.triage import Affected, Choice, Decision

PLAN_FIELDS = ("reason", "effect", "start_date", "start", "end_date", "end", "every_weeks", "until")


def read_plan(form: Mapping[str, str], zone: ZoneInfo) -> Plan:
    """Raises InvalidInput."""
    effect = form.get("effect", "")
    if effect not in set(Effect):
        raise InvalidInput("effect", "setting.not_a_choice")
    starts, ends = reading.wall_span(form)
    repeat = _read_repeat(form)
    recipe = repeat.to_json(starts.date()) if repeat else None
    return Plan(tuple(spans(starts, ends, repeat, zone)), Effect(effect), form.get("reason", "").strip(), recipe)


def _read_repeat(form: Mapping[str, str]) -> Repeat | None:
    weeks, until = form.get("every_weeks", "").strip(), form.get("until", "").strip()
    if not until:
        if weeks not in ("", "1"):
            raise InvalidInput("until", "setting.required")
        return None
    number = reading.optional_number(weeks, "every_weeks")
    return Repeat(1 if number is None else number, reading.day(until, "until"))


def read_decisions(form: Typed, found: Iterable[Affected]) -> dict[str, Decision]:
    """A booking's own choice, or else the one for all; only bookings that the page had shown. Raises InvalidInput."""
    return {each.public_id: _read_decision(form, each) for each in found if f"version-{each.public_id}" in form}


def _read_decision(form: Typed, each: Affected) -> Decision:
    name = f"choice-{each.public_id}"
    version = reading.number(form.get(f"version-{each.public_id}", ""))
    seen = version if isinstance(version, int) else 0
    if each.choices == (Choice.KEEP,):
        return Decision(seen, Choice.KEEP)
    text = form.get(name, "") or form.get("all", "")
    if text == Choice.MOVE:
        text = form.get(f"first-{each.public_id}", "")
    if not text:
        return Decision(seen)
    if text in (Choice.KEEP, Choice.CANCEL):
        return Decision(seen, Choice(text))
    resource_id, span = move_of(text, name)
    return Decision(seen, Choice.MOVE, resource_id, span)


def move_value(resource_id: int, span: TimeSpan) -> str:
    """A way to move a booking, as forms carry it."""
    return f"{Choice.MOVE} {resource_id} {int(span.starts_at.timestamp())} {int(span.ends_at.timestamp())}"


def move_of(text: str, field: str) -> tuple[int, TimeSpan]:
    """The resource and the span. Raises InvalidInput."""
    parts = text.split(" ")
    numbers = [int(part) for part in parts[1:] if part.isdecimal() and len(part) < 12]
    if len(parts) != 4 or parts[0] != Choice.MOVE or len(numbers) != 3 or numbers[1] >= numbers[2]:
        raise InvalidInput(field, "setting.not_a_choice")
    starts_at, ends_at = (datetime.fromtimestamp(number, UTC) for number in numbers[1:])
    return numbers[0], TimeSpan(starts_at, ends_at)


def values_of(offered: Iterable[Alternative]) -> list[str]:
    """The ways to move a booking, first the one that "move all" means."""
    return [move_value(one.card.id, one.span) for one in offered]
