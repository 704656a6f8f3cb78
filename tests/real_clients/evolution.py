"""Evolution Data Server, which Evolution and GNOME Calendar show: it subscribes to a feed on a D-Bus of its own."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.support.parsers import Occurrence, read_moment

CHILD = Path(__file__).with_name("evolution_child.py")
SYSTEM_PYTHON = "/usr/bin/python3"  # gi belongs to it, not to our environment


@dataclass(frozen=True, slots=True)
class Evolution:
    """A running data server with one subscription."""

    process: subprocess.Popen[str]
    log: Path

    def subscribe(self, url: str) -> None:
        """Fetches for the first time."""
        self._ask("subscribe", url)

    def refresh(self) -> None:
        """Asks for the feed anew, as its reload does."""
        self._ask("refresh")

    def occurrences(self, start: datetime, end: datetime) -> set[Occurrence]:
        """What its programs would show."""
        found = self._ask("occurrences", int(start.timestamp()), int(end.timestamp()))
        return {Occurrence(uid, read_moment(a), read_moment(b), status, title) for uid, a, b, status, title in found}

    def _ask(self, *command: object) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"Evolution Data Server is gone:\n{self.log.read_text()}")
        return json.loads(line)["answer"]


@contextmanager
def evolution(folder: Path) -> Iterator[Evolution]:
    """Started with everything it keeps in `folder`, and stopped."""
    home, log = folder / "evolution", folder / "evolution.log"
    run = home / "run"
    run.mkdir(parents=True, mode=0o700)
    places = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "CACHE")}
    env = {
        **os.environ,
        **places,
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(run),
        "TZ": "Europe/Oslo",
        "GSETTINGS_BACKEND": "memory",
    }
    command = ["dbus-run-session", "--", SYSTEM_PYTHON, str(CHILD)]
    with log.open("wb") as said:
        process = subprocess.Popen(
            command,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            start_new_session=True,
        )
    try:
        yield Evolution(process, log)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate()
