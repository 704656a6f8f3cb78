"""Upgrades a server in place, once the new version's files have arrived (by `git pull` or otherwise).

Installs the new dependencies, stops, backs up, migrates, starts, and asks /readyz. When anything fails it returns to
the revision that ran before (PREVIOUS, or the one noted at the last upgrade), with the data as it was, and says so.
SAMROM_STOP, SAMROM_RESTART, SAMROM_READY and SAMROM_USER say how this server is run; see deploy/README.md.
"""

import os
import pwd
import shlex
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
NOTE = ROOT / "instance" / "revision"
DEFAULTS = {
    "SAMROM_STOP": "systemctl stop samrom",
    "SAMROM_RESTART": "systemctl restart samrom",
    "SAMROM_READY": "http://127.0.0.1:8000/readyz",
    "SAMROM_PATIENCE": "30",
    "BACKUP_DIR": str(ROOT / "instance" / "backups"),
}


class Failed(Exception):
    """A step did not work; carries one sentence."""


def main() -> int:
    """0 when the new version runs, 1 when the old one runs again, 2 when a person has to look."""
    settings = read_settings()
    backup = None
    try:
        install(settings)
        run("Stopping", shlex.split(settings["SAMROM_STOP"]), settings)
        backup = back_up(settings)
        flask("Migrating", ["init"], settings)
        start(settings)
    except Failed as failure:
        print(failure)
        return go_back(backup, settings)
    note_revision()
    print(f"The new version runs. The data from before is in {backup}.")
    return 0


def read_settings() -> dict[str, str]:
    """The environment, completed by the lines of .env and by the defaults."""
    file = ROOT / ".env"
    lines = file.read_text().splitlines() if file.exists() else []
    pairs = [line.split("=", 1) for line in lines if "=" in line and not line.lstrip().startswith("#")]
    kept = {name.strip(): value.strip().strip("\"'") for name, value in pairs if value.strip()}
    return DEFAULTS | kept | {name: value for name, value in os.environ.items() if value}


def install(settings: dict[str, str]) -> None:
    run("Installing what this version needs", ["make", ".make/run", ".make/catalogues"], settings)


def back_up(settings: dict[str, str]) -> Path:
    """After the stop, so that no answered booking is missing in it."""
    folder = Path(settings["BACKUP_DIR"])
    file = folder / f"before-upgrade-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}"
    if not folder.exists():
        folder.mkdir(parents=True)
        if user := service_user(settings):
            os.chown(folder, user.pw_uid, user.pw_gid)
    flask("Backing up", ["backup", str(file)], settings)
    return file


def start(settings: dict[str, str]) -> None:
    """Raises Failed unless the service says that it is ready."""
    run("Starting", shlex.split(settings["SAMROM_RESTART"]), settings)
    deadline = time.monotonic() + float(settings["SAMROM_PATIENCE"])
    while time.monotonic() < deadline:
        try:
            with urlopen(settings["SAMROM_READY"], timeout=5):  # nosec B310
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise Failed(f"{settings['SAMROM_READY']} did not say that the service is ready.")


def go_back(backup: Path | None, settings: dict[str, str]) -> int:
    """The old files, the old dependencies, the old data."""
    previous = settings.get("PREVIOUS") or (NOTE.read_text().strip() if NOTE.exists() else "")
    if not previous:
        print("It is not known what ran before: run `make upgrade PREVIOUS=<revision>` to be taken back there.")
        return say_where(backup)
    try:
        run(f"Returning to {previous}", ["git", "checkout", "-q", previous], settings)
        install(settings)
        if backup:
            run("Stopping", shlex.split(settings["SAMROM_STOP"]), settings)
            flask("Restoring the data", ["restore", "--yes", str(backup)], settings)
        start(settings)
    except Failed as failure:
        print(failure)
        return say_where(backup)
    print(f"The upgrade failed. The old version ({previous}) runs again, with the data from before.")
    return 1


def say_where(backup: Path | None) -> int:
    if backup:
        print(f"The data from before is in {backup}; `flask --app wsgi restore` puts it back.")
    print("Please look into it: the service may be down.")
    return 2


def flask(title: str, command: list[str], settings: dict[str, str]) -> None:
    """Runs one of the application's commands as the service's own user, so that the files stay its own."""
    user = service_user(settings)
    run(title, [str(ROOT / ".venv/bin/python"), "-m", "flask", "--app", "wsgi", *command], settings, user=user)


def service_user(settings: dict[str, str]) -> pwd.struct_passwd | None:
    """The user to become, when root runs this and one is named."""
    name = settings.get("SAMROM_USER")
    return pwd.getpwnam(name) if name and os.geteuid() == 0 else None


def run(title: str, command: list[str], env: dict[str, str], user: pwd.struct_passwd | None = None) -> None:
    """Raises Failed, with the command's own words, when it does not succeed."""
    print(f"{title} ...", flush=True)
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    try:
        done = subprocess.run(command, cwd=ROOT, env=env, check=False, capture_output=True, text=True, **identity)
    except OSError as missing:
        raise Failed(f"{title} failed: {missing}.") from missing
    if done.returncode != 0:
        raise Failed(f"{title} failed:\n{done.stdout}{done.stderr}".rstrip())


def note_revision() -> None:
    """Remembers what runs now, for the next upgrade's way back."""
    asked = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, check=False, capture_output=True, text=True)
    if asked.returncode == 0:
        NOTE.parent.mkdir(exist_ok=True)
        NOTE.write_text(asked.stdout)


if __name__ == "__main__":
    sys.exit(main())
