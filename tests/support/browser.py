"""Finds a Chromium for the browser tests, or fetches one; says in one sentence what to do when it cannot."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
MISSING = "A browser is missing: install Chromium (`apt install chromium`) or set BOOKING_CHROMIUM to one."


def find() -> Path | None:
    """The Chromium to drive: the chosen one, one on PATH, or the one Playwright has fetched."""
    if chosen := os.environ.get("BOOKING_CHROMIUM"):
        return Path(chosen) if os.access(chosen, os.X_OK) else None
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    return Path(on_path) if on_path else fetched()


def fetched() -> Path | None:
    """Playwright's own browser, wherever it keeps it."""
    caches = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    found = sorted(caches.glob("chromium-*/chrome-linux*/chrome"))
    return found[-1] if found else None


def launch_options() -> dict[str, object]:
    """What Playwright needs to start it; stops with one sentence when there is no browser."""
    path = find()
    if path is None:
        sys.exit(MISSING)
    return {"executable_path": str(path), "args": FLAGS}


def is_slip(kind: str, text: str) -> bool:
    """Whether a line in a page's console is a fault of ours; a refused form (422) is not."""
    return kind == "error" and not text.startswith("Failed to load resource")


def provide() -> Path:
    """Finds a browser, or installs one by apt (as root on Debian) or by Playwright; each may fail, the end counts."""
    steps = [apt_install] if os.geteuid() == 0 and shutil.which("apt-get") else []
    for step in (*steps, playwright_install):
        if os.environ.get("BOOKING_CHROMIUM") or find():
            break
        step()
    return find() or sys.exit(MISSING)


def apt_install() -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    subprocess.run(install, check=False, env=quiet)


def playwright_install() -> None:
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


if __name__ == "__main__":
    print(provide())
