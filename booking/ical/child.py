"""The process in which foreign calendars are read. It is started by its path, reads one file, answers, and is gone.

It has no environment, no database and no network to lose, and the kernel ends it when it takes too much time or memory.
Its answer is one line of JSON: a reading, or the code of why there is none.
"""

import json
import resource
import sys
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo


def _limit(cpu_seconds: int, memory: int) -> None:
    """From here on: the kernel sends SIGXCPU, which ends the process, and refuses more memory."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _without_the_house() -> None:
    """`import booking` would build the whole service first, which takes longer than reading most calendars."""
    package = ModuleType("booking")
    package.__path__ = [str(Path(__file__).parents[1])]
    sys.modules["booking"] = package


def _read(asked: dict[str, Any], data: bytes) -> dict[str, Any]:
    from booking.core.timespan import TimeSpan  # noqa: PLC0415 - limited before anything is loaded
    from booking.ical import bounds, reading, sifting  # noqa: PLC0415

    starts_at, ends_at = (datetime.fromisoformat(asked[name]) for name in ("from", "to"))
    zone = ZoneInfo(asked["zone"])
    from_day = None if asked["with_titles"] else starts_at.date()
    sifted = sifting.sift(data, with_titles=asked["with_titles"], from_day=from_day)
    if sifted.events > bounds.MOST_EVENTS:  # and the rest was not even looked at
        return {"code": "import.too_many", "facts": {"most": bounds.MOST_EVENTS}}
    try:
        found = reading.read_calendar(sifted.data, zone, TimeSpan(starts_at, ends_at))
    except reading.UnreadableCalendar as refused:
        return {"code": refused.code, "facts": dict(refused.facts)}
    troubles = [[each.uid, each.title, each.code, each.harmless] for each in found.troubles]
    return {
        "events": [
            [
                each.uid, each.recurrence, each.span.starts_at.timestamp(), each.span.ends_at.timestamp(),
                each.title, each.email, each.cancelled, each.unknown_zone, each.tentative,
            ]
            for each in found.events
        ],
        "troubles": [*troubles, *(["", "", code, False] for code in sifted.left_out)],
    }  # fmt: skip


def main() -> None:
    asked = json.loads(sys.argv[1])
    _limit(asked["cpu_seconds"], asked["memory"])
    _without_the_house()
    try:
        answer = _read(asked, sys.stdin.buffer.read())
    except (MemoryError, RecursionError):
        answer = {"code": "import.too_heavy", "facts": {}}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
