"""khal, which shows in a terminal what vdirsyncer has fetched; both in an environment of their own."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.support.parsers import Moment, Occurrence

ROOT = Path(__file__).parents[2]
PROGRAMS = ROOT / ".make" / "clients-venv" / "bin"
FIELDS = ("start-long-full", "end-long-full", "all-day", "status", "title")
DAY = timedelta(days=1)
FETCHING = """
[general]
status_path = "{folder}/status/"

[pair feed]
a = "ours"
b = "theirs"
collections = null
conflict_resolution = "a wins"
partial_sync = "revert"

[storage ours]
type = "http"
url = "{url}"

[storage theirs]
type = "filesystem"
path = "{folder}/events/"
fileext = ".ics"
"""
SHOWING = """
[calendars]
[[feed]]
path = {folder}/events/
readonly = True

[locale]
timeformat = %H:%M:%S
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%dT%H:%M:%S
longdatetimeformat = %Y-%m-%dT%H:%M:%S
local_timezone = UTC
default_timezone = UTC

[sqlite]
path = {folder}/khal.db
"""


@dataclass(frozen=True, slots=True)
class Khal:
    """One pair of a feed and a folder. To events from the web vdirsyncer gives UIDs of its own: a hash of the text."""

    folder: Path

    def subscribe(self, url: str) -> None:
        """Fetches for the first time."""
        (self.folder / "events").mkdir()
        for name, template in (("vdirsyncer", FETCHING), ("khal", SHOWING)):
            (self.folder / name).write_text(template.format(folder=self.folder, url=url))
        self._run("vdirsyncer", "discover")
        self.refresh()

    def refresh(self) -> None:
        """Fetches anew, as a timer would."""
        self._run("vdirsyncer", "sync")

    def occurrences(self, start: datetime, end: datetime) -> set[Occurrence]:
        """What it would list, with empty UIDs."""
        fields = [part for name in FIELDS for part in ("--json", name)]
        said = self._run("khal", "list", "--once", *fields, f"{start:%Y-%m-%d}", f"{end:%Y-%m-%d}")
        return set(self._read(said))

    def _read(self, said: str) -> Iterator[Occurrence]:
        for line in said.split("\n"):
            for found in json.loads(line or "[]"):
                starts, ends, all_day, status, title = (found[name] for name in FIELDS)
                whole = all_day == "True"
                yield Occurrence("", _moment(starts, whole), _moment(ends, whole, DAY), status.strip(), title)

    def _run(self, program: str, *arguments: str) -> str:
        command = [PROGRAMS / program, "-c", self.folder / program, *arguments]
        env = {**os.environ, "HOME": str(self.folder), "TZ": "UTC"}
        done = subprocess.run(command, env=env, input="y\n" * 9, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed:\n{done.stdout}{done.stderr}")
        return done.stdout


def _moment(words: str, all_day: bool, inclusive: timedelta = timedelta()) -> Moment:
    """khal's last day of a whole-day event is still within it."""
    if all_day:
        return date.fromisoformat(words[:10]) + inclusive
    return datetime.fromisoformat(words).replace(tzinfo=UTC)
