"""Finds the calendar programs, or installs them by apt (as root on Debian); says in one sentence what is missing."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.real_clients.evolution import SYSTEM_PYTHON
from tests.real_clients.khal import PROGRAMS
from tests.support.node import apt_install

PACKAGES = (
    "thunderbird", "evolution-data-server", "gir1.2-ecal-2.0", "gir1.2-edataserver-1.2", "python3-gi", "dbus",
)  # fmt: skip
ECAL = "import gi; gi.require_version('ECal', '2.0'); gi.require_version('EDataServer', '1.2')"
MISSING = f"Calendar programs are missing ({{}}): install them (`apt install {' '.join(PACKAGES)}`)."
FOUND: Mapping[str, Callable[[], bool]] = {
    "thunderbird": lambda: shutil.which("thunderbird") is not None,
    "evolution-data-server": lambda: Path("/usr/libexec/evolution-source-registry").exists(),
    "gir1.2-ecal-2.0": lambda: _succeeds(SYSTEM_PYTHON, "-c", ECAL),
    "dbus": lambda: shutil.which("dbus-run-session") is not None,
}
VERSIONS = (
    ("thunderbird", "--version"),
    ("dpkg-query", "--show", "evolution-data-server"),
    (str(PROGRAMS / "khal"), "--version"),
    (str(PROGRAMS / "vdirsyncer"), "--version"),
)


def provide() -> None:
    """Returns when all of them are there."""
    if _missing() and os.geteuid() == 0 and shutil.which("apt-get"):
        apt_install(*PACKAGES)
    if missing := _missing():
        sys.exit(MISSING.format(", ".join(missing)))


def _missing() -> list[str]:
    return [name for name, is_there in FOUND.items() if not is_there()]


def _succeeds(*command: str) -> bool:
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    provide()
    for command in VERSIONS:
        print(subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip().replace("\t", " "))
