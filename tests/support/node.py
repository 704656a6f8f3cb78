"""Node for the calendar readers that are written in JavaScript: Playwright's own, and npm to install them once."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(__file__).parent / "node"
NOT_INSTALLED = "The calendar readers are missing: run `make .make/readers`."
MISSING = "npm is missing, which fetches calendar readers for the tests: install it (`apt install npm`)."


def node() -> Path:
    """The Node that comes with Playwright: its version is locked with ours, and it needs no other install."""
    package = find_spec("playwright")
    if package is None or package.origin is None:
        sys.exit("Playwright is missing, whose Node the tests use: run `make test`.")
    return Path(package.origin).parent / "driver" / "node"


def npm() -> Path:
    """The npm on PATH, installed by apt first (as root on Debian); stops with one sentence when there is none."""
    if not shutil.which("npm") and os.geteuid() == 0 and shutil.which("apt-get"):
        apt_install("npm")
    return Path(shutil.which("npm") or sys.exit(MISSING))


def apt_install(*packages: str) -> None:
    """May fail: whoever calls looks whether what it needs is there."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(install, check=False, env=quiet)


def run(script: str, *arguments: str, **env: str) -> str:
    """What one of our scripts prints. Raises RuntimeError with its own words when it fails."""
    if not (FOLDER / "node_modules").exists():
        raise RuntimeError(NOT_INSTALLED)
    command = [str(node()), str(FOLDER / script), *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env={**os.environ, **env})
    if done.returncode != 0:
        raise RuntimeError(f"{script} failed:\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(subprocess.run([npm(), "ci", "--prefix", FOLDER], check=False).returncode)
