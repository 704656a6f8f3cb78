"""What one test run makes once and all its workers share: the first to ask makes it, the others wait and read."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.support import postgres

VARIABLE = "SAMROM_TEST_HOME"


def open_home() -> None:
    """Called by the controller before its workers start; they inherit the variable."""
    os.environ[VARIABLE] = tempfile.mkdtemp(prefix="samrom-")


def home() -> Path:
    """The folder of this run."""
    return Path(os.environ[VARIABLE])


def close_home() -> None:
    """Stops what runs there and removes it."""
    postgres.stop(home() / "postgres")
    shutil.rmtree(home())


def once(name: str, make: Callable[[], str]) -> str:
    """What `make` answered the first time anyone in this run asked for `name`."""
    answer = home() / name
    with (home() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not answer.exists():
            answer.write_text(make())
    return answer.read_text()
