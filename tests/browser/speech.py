"""Pages as they are heard: ARIA snapshots kept in files, with what differs from day to day left out."""

import difflib
import os
import re
from pathlib import Path

from playwright.sync_api import Locator

FOLDER = Path(__file__).parent / "snapshots"
WEEKDAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:\w*day)?"
MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)\w*"
MASKS = (
    (r"\w+://127\.0\.0\.1:\d+", "ADDRESS"),
    (r"(/bookings/|/feeds/|/people/|organisation=)[\w-]{22,}", r"\1ID"),
    (r"\d{4}-\d\d-\d\d", "DATE"),
    (rf"(?:{WEEKDAY} )?\b\d{{1,2}} {MONTH}(?: \d{{4}})?", "DAY"),
    (r"\b(?:today|tomorrow|Today|Tomorrow)\b", "DAY"),
    (r"[Ww]eeks? \d+(?: and \d+)?", "WEEK"),
    (r"DAY,? \d\d:\d\d(?!–)", "MOMENT"),
    (r"at \d\d:\d\d\.", "at TIME."),
    (r"\bin \d+ (?:min|hours?|days?|weeks?|months?)\b", "SOON"),
)


def said(part: Locator) -> str:
    """What a screen reader has to work with; the same line said several times over stands once."""
    text = part.aria_snapshot()
    for pattern, name in MASKS:
        text = re.sub(pattern, name, text)
    lines = text.splitlines()
    return "\n".join(line for line, before in zip(lines, [None, *lines], strict=False) if line != before) + "\n"


def differences(name: str, part: Locator) -> list[str]:
    """What is said otherwise than the file of this name has it; UPDATE_SNAPSHOTS=1 writes the file anew."""
    path, now = FOLDER / f"{name}.yml", said(part)
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(now, encoding="utf-8")
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    return list(difflib.unified_diff(kept.splitlines(), now.splitlines(), f"snapshots/{name}.yml", "now", lineterm=""))
