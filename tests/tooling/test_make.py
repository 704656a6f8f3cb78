"""The commands of the Makefile and the README: they exist, are listed, and say in one sentence what is missing."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from booking.cli import COMMANDS
from booking.jobs.commands import COMMANDS as OF_THE_WORKER

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    ROOT / "deploy/README.md",
]
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))


def run(*command: object, **env: str) -> subprocess.CompletedProcess[str]:
    settings = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")} | env
    return subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=settings, check=False, capture_output=True, text=True
    )


def commands_in(document: Path) -> str:
    """What a document tells the reader to type: its code, in blocks and in lines."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", document.read_text(), re.DOTALL))


def test_help_lists_every_command():
    listed = set(re.findall(r"make ([a-z-]+)", run("make", "help").stdout))

    assert listed == TARGETS - {"lint"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_make_command_in_the_documents_exists(document):
    named = set(re.findall(r"\bmake ([a-z-]+)", commands_in(document)))

    assert named <= TARGETS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_flask_command_in_the_documents_exists(document):
    named = set(re.findall(r"flask --app wsgi ([a-z-]+)", commands_in(document)))

    assert named <= {command.name for command in (*COMMANDS, *OF_THE_WORKER)} | {"db", "routes"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_between_the_documents_leads_somewhere(document):
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", document.read_text())

    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("target", sorted(TARGETS - {"help"}))
def test_make_knows_how_to_reach_every_target(target):
    planned = run("make", "--dry-run", target)

    assert planned.returncode == 0, planned.stderr


def test_ci_runs_make_check_and_nothing_else():
    script = (ROOT / ".ci/run").read_text()

    assert os.access(ROOT / ".ci/run", os.X_OK)
    assert re.findall(r"\bmake .*", script) == ["make check"]


@pytest.mark.parametrize(
    ("module", "variable"),
    [("tests.support.postgres", "PG_BINDIR"), ("tests.support.browser", "BOOKING_CHROMIUM")],
)
def test_without_postgresql_or_a_browser_the_suite_fails_with_one_sentence(module, variable, tmp_path):
    asked = run(sys.executable, "-m", module, **{variable: str(tmp_path / "nowhere")})

    assert asked.returncode == 1
    assert asked.stderr.count("\n") == 1
    assert variable in asked.stderr


def test_without_a_fit_python_it_says_how_to_get_one():
    asked = run("sh", "scripts/find_python.sh", PYTHON="no-such-python")

    assert asked.returncode == 1
    assert asked.stderr.count("\n") == 1
    assert "3.11" in asked.stderr


def test_a_long_step_shows_its_time_and_a_failed_one_its_output():
    fine = run(sys.executable, "scripts/step.py", "Trying", sys.executable, "-c", "print('noise')")
    failed = run(sys.executable, "scripts/step.py", "Trying", sys.executable, "-c", "raise SystemExit('the reason')")

    assert (fine.returncode, fine.stdout) == (0, "Trying ... done in 0 s\n")
    assert (failed.returncode, failed.stdout) == (1, "Trying ... failed in 0 s\n")
    assert failed.stderr == "the reason\n"
