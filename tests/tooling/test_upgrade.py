"""`make upgrade` on an installation of its own: the new version runs, or the old one runs again with its data."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.support import server

ROOT = Path(__file__).parents[2]
PARTS = [
    "booking",
    "migrations",
    "templates",
    "scripts",
    "requirements",
    "Makefile",
    "config.py",
    "wsgi.py",
    ".gitignore",
]
MIGRATION = '''"""A later version's migration."""

from alembic import op

revision = "later"
down_revision = "{head}"


def upgrade() -> None:
    op.execute("CREATE TABLE later (id INTEGER)")
    op.execute("UPDATE site SET name = 'After'")
    {then}


def downgrade() -> None:
    op.drop_table("later")
'''
SERVICE = """
import os, signal, subprocess, sys, time
from pathlib import Path

def has_ended(pid):
    try:
        return ") Z " in Path(f"/proc/{{pid}}/stat").read_text()  # ended, and nobody has asked how
    except FileNotFoundError:
        return True

note = Path({note!r})
if note.exists():
    pid = int(note.read_text())
    note.unlink()
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and not has_ended(pid):
        time.sleep(0.05)
if sys.argv[1] == "restart":
    if Path("refuses-to-start").exists():
        sys.exit("this version refuses to start")
    env = dict(line.split("=", 1) for line in Path(".env").read_text().splitlines())
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", {port!r}]
    command += ["--workers-kill-timeout", "3", "wsgi:app"]
    with open({log!r}, "ab") as log:
        child = subprocess.Popen(command, env=os.environ | env, stdout=log, stderr=log, start_new_session=True)
    note.write_text(str(child.pid))
"""


@dataclass
class Installation:
    """A copy of the service as it would stand on a server, with a start and stop command of its own."""

    home: Path
    data: Path
    url: str
    env: dict[str, str]

    def run(self, *command: object) -> subprocess.CompletedProcess[str]:
        parts = [str(part) for part in command]
        return subprocess.run(
            parts, cwd=self.home, env=self.env, check=False, capture_output=True, text=True, timeout=120
        )

    def commit(self, message: str) -> str:
        for command in (
            ["add", "-A"],
            ["-c", "user.name=t", "-c", "user.email=t@example.invalid", "commit", "-qm", message],
        ):
            done = self.run("git", *command)
            assert done.returncode == 0, done.stderr
        return self.revision()

    def revision(self) -> str:
        return self.run("git", "rev-parse", "HEAD").stdout.strip()

    def add_migration(self, then: str = "") -> None:
        note = self.home / "migrations" / "HEAD"
        migration = MIGRATION.format(head=note.read_text().strip(), then=then)
        (self.home / "migrations/versions/later.py").write_text(migration)
        note.write_text("later\n")

    def ask(self, sql: str) -> object:
        connection = sqlite3.connect(self.data)
        with connection:
            found = connection.execute(sql).fetchone()
        connection.close()
        return found and found[0]

    def is_ready(self) -> bool:
        with urlopen(f"{self.url}/readyz", timeout=5) as answer:
            return answer.status == 200


@pytest.fixture
def installation(tmp_path) -> Iterator[Installation]:
    home, data, port = tmp_path / "samrom", tmp_path / "samrom.db", str(server.free_port())
    home.mkdir()
    for name in PARTS:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, home / name)
    (home / ".venv").symlink_to(Path(sys.executable).parents[1])
    (home / ".make").mkdir()
    for stamp in ("venv", "run", "catalogues"):
        (home / ".make" / stamp).touch()
    (home / ".gitignore").write_text((home / ".gitignore").read_text() + ".venv\n")
    (home / ".env").write_text(f"SECRET_KEY={'s' * 40}\nDATABASE_URL=sqlite:///{data}\n")
    service = tmp_path / "service.py"
    service.write_text(SERVICE.format(note=str(tmp_path / "pid"), port=port, log=str(tmp_path / "log")))
    url = f"http://127.0.0.1:{port}"
    yield from running(Installation(home, data, url, settings(service, url)))


def settings(service: Path, url: str) -> dict[str, str]:
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "SAMROM_", "PREVIOUS"))
    }
    return inherited | {
        "SAMROM_STOP": f"{sys.executable} {service} stop",
        "SAMROM_RESTART": f"{sys.executable} {service} restart",
        "SAMROM_READY": f"{url}/readyz",
        "SAMROM_PATIENCE": "60",
        "SECRET_KEY": "s" * 40,
    }


def running(installed: Installation) -> Iterator[Installation]:
    """Installed, with one site named Before, and serving."""
    installed.run("git", "init", "-q")
    installed.env["PREVIOUS"] = installed.commit("the version before")
    installed.env["DATABASE_URL"] = f"sqlite:///{installed.data}"
    made = installed.run(sys.executable, "-m", "flask", "--app", "wsgi", "init")
    assert made.returncode == 0, made.stderr
    installed.ask("UPDATE site SET name = 'Before'")
    started = installed.run(*installed.env["SAMROM_RESTART"].split())
    assert started.returncode == 0, started.stderr
    server.wait_until_it_answers(f"{installed.url}/readyz", None, installed.data.with_name("log"))
    yield installed
    installed.run(*installed.env["SAMROM_STOP"].split())


def test_the_new_version_runs_and_a_backup_is_kept(installation):
    installation.add_migration()
    new = installation.commit("the version after")

    done = installation.run("make", "upgrade")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "The new version runs." in done.stdout
    assert installation.is_ready()
    assert installation.ask("SELECT name FROM site") == "After"
    assert installation.revision() == new
    assert list((installation.home / "instance/backups").iterdir())


def test_when_a_migration_fails_the_old_version_runs_again(installation):
    installation.add_migration(then="raise RuntimeError('this migration cannot be done')")
    installation.commit("the version after")

    done = installation.run("make", "upgrade")

    assert done.returncode != 0
    assert "this migration cannot be done" in done.stdout
    assert "The old version" in done.stdout
    assert installation.is_ready()
    assert installation.ask("SELECT name FROM site") == "Before"
    assert installation.revision() == installation.env["PREVIOUS"]


def test_when_the_new_version_does_not_start_the_old_one_runs_again_with_its_data(installation):
    installation.add_migration()
    (installation.home / "refuses-to-start").touch()
    installation.commit("the version after")

    done = installation.run("make", "upgrade")

    assert done.returncode != 0
    assert "The old version" in done.stdout
    assert installation.is_ready()
    assert installation.ask("SELECT name FROM site") == "Before"
    assert installation.ask("SELECT count(*) FROM sqlite_master WHERE name = 'later'") == 0


def test_when_it_never_gets_ready_and_nobody_knows_what_ran_before_a_person_is_called(installation):
    del installation.env["PREVIOUS"]
    installation.env |= {"SAMROM_READY": f"http://127.0.0.1:{server.free_port()}/readyz", "SAMROM_PATIENCE": "1"}

    done = installation.run("make", "upgrade")

    assert done.returncode != 0
    assert "did not say that the service is ready" in done.stdout
    assert "PREVIOUS=<revision>" in done.stdout
    assert "The data from before is in" in done.stdout
