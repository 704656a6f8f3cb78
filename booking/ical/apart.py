"""Reads foreign calendars in a process of their own, which can be ended: no file of others takes the service's time.

Time on the processor and memory are limited by the kernel, time on the wall by us. The process starts without an
environment, so that there is no secret in it.
"""

import json
import signal
import subprocess  # nosec - the program is ours, and its arguments are a list
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from booking.core.timespan import TimeSpan
from booking.ical.bounds import MOST_OCTETS
from booking.ical.reading import ForeignEvent, Reading, Trouble, UnreadableCalendar

CHILD = Path(__file__).with_name("child.py")
KILLED = frozenset({-signal.SIGXCPU, -signal.SIGKILL})


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take: seconds on the processor and on the wall, and octets of memory."""

    cpu_seconds: int = 2
    wall_seconds: int = 10
    memory: int = 512 * 1024 * 1024


USUAL = Limits()
OF_OPERATORS = Limits(cpu_seconds=30, wall_seconds=60)  # whoever runs commands knows the file, and waits for it


def read_apart(
    data: bytes, zone: ZoneInfo, within: TimeSpan, *, with_titles: bool = False, limits: Limits = USUAL
) -> Reading:
    """What `read_calendar` finds; without titles and e-mail addresses unless they are asked for.

    Raises UnreadableCalendar, with `import.too_heavy` when the file takes more than the limits allow.
    """
    if len(data) > MOST_OCTETS:
        raise UnreadableCalendar("import.too_large", most=MOST_OCTETS // 1_000_000)
    asked = {
        "zone": zone.key,
        "from": within.starts_at.isoformat(),
        "to": within.ends_at.isoformat(),
        "with_titles": with_titles,
        "cpu_seconds": limits.cpu_seconds,
        "memory": limits.memory,
    }
    return _as_reading(_answer(asked, data, limits))


def _answer(asked: dict[str, Any], data: bytes, limits: Limits) -> dict[str, Any]:
    command = [sys.executable, "-I", "-X", "utf8", str(CHILD), json.dumps(asked)]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=limits.wall_seconds, env={}, check=False
        )  # fmt: skip
    except subprocess.TimeoutExpired as slow:
        raise UnreadableCalendar("import.too_heavy") from slow
    if done.returncode in KILLED:
        raise UnreadableCalendar("import.too_heavy")
    if done.returncode != 0:
        raise UnreadableCalendar("import.unexpected", what=_name_of_error(done.stderr))
    answer: dict[str, Any] = json.loads(done.stdout)
    if "code" in answer:
        raise UnreadableCalendar(answer["code"], **answer["facts"])
    return answer


def _name_of_error(said: bytes) -> str:
    """The name of what went wrong, never its message: that may quote the calendar."""
    last = said.decode(errors="replace").strip().rpartition("\n")[2]
    name = last.partition(":")[0].rpartition(".")[2]
    return name if name.isidentifier() else "?"


def _as_reading(answer: dict[str, Any]) -> Reading:
    events = tuple(
        ForeignEvent(uid, recurrence, _span(starts, ends), title, email, cancelled, unknown_zone, tentative)
        for uid, recurrence, starts, ends, title, email, cancelled, unknown_zone, tentative in answer["events"]
    )
    return Reading(events, tuple(Trouble(*each) for each in answer["troubles"]))


def _span(starts: float, ends: float) -> TimeSpan:
    return TimeSpan(datetime.fromtimestamp(starts, UTC), datetime.fromtimestamp(ends, UTC))
