"""The import contracts hold, and they bite: a forbidden import planted in a copy is found."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).parent / "lint-imports"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LINT, "--no-cache"], cwd=folder, check=False, capture_output=True, text=True)


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(
        ROOT / "booking", tmp_path / "booking", ignore=shutil.ignore_patterns("static", "__pycache__", "*.po")
    )
    for name in ("pyproject.toml", "config.py", "wsgi.py"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_imports_point_inward():
    judged = lint(ROOT)

    assert judged.returncode == 0, judged.stdout


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("core/timespan.py", "import sqlalchemy"),
        ("core/judge.py", "from booking.models import people"),
        ("core/opening.py", "import icalendar"),
        ("ical/__init__.py", "from booking.db import db"),
        ("models/bookings.py", "from booking.services import locks"),
        ("services/locks.py", "from booking.web import health"),
        ("services/locks.py", "import flask"),
        ("services/locks.py", "from booking import clock"),
        ("services/locks.py", "import icalendar"),
        ("permissions.py", "import wtforms"),
        ("web/health.py", "from booking import admin"),
        ("web/health.py", "import holidays"),
        ("services/locks.py", "import config"),
    ],
)
def test_a_forbidden_import_is_found(copy, where, line):
    module = copy / "booking" / where
    module.write_text(f"{module.read_text()}\n{line}\n")

    judged = lint(copy)

    assert judged.returncode == 1
    assert "BROKEN" in judged.stdout
