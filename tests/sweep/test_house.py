"""What must hold in every file of the house: size, a word on what lives there, and nothing left lying about."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 60
COUNTED = {".py", ".html", ".txt", ".css", ".js"}
LISTS = {path.name for path in (ROOT / "requirements").glob("*.txt")} | {"same_in_nynorsk.txt"}  # words, not code
TEXT = COUNTED | {".md", ".toml", ".cfg", ".ini", ".sh", ".service", ".timer", ".conf", ".yml", ".mako", ".po", ""}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def kept_files() -> list[Path]:
    """Every file that is, or is about to be, under version control."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return [ROOT / name for name in sorted(filter(None, names)) if (ROOT / name).is_file()]


FILES = kept_files()
WRITTEN = [path for path in FILES if path.suffix in COUNTED and path.name not in LISTS]
TREES = {path: ast.parse(path.read_text()) for path in FILES if path.suffix == ".py"}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(tree: ast.AST) -> list[Function]:
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def test_no_file_is_too_long():
    too_long = {named(path): count for path in WRITTEN if (count := len(path.read_text().splitlines())) > MOST_LINES}

    assert WRITTEN
    assert too_long == {}


def test_no_function_is_too_long():
    too_long = [
        f"{named(path)}:{node.lineno} {node.name}"
        for path, tree in TREES.items()
        for node in functions(tree)
        if node.end_lineno - node.lineno >= MOST_LINES_OF_A_FUNCTION
    ]

    assert too_long == []


def test_every_module_says_what_lives_in_it():
    silent = [named(path) for path, tree in TREES.items() if not ast.get_docstring(tree)]

    assert silent == []


def test_nothing_is_left_to_do_later():
    marks = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
    left = [named(path) for path in FILES if path.suffix in TEXT and marks.search(path.read_text())]

    assert left == []


def test_no_file_knows_the_machine_it_was_written_on():
    machine = re.compile(
        r"(?<![\w.])/(" + "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me/[a-z]+", "Use" + "rs")) + r")/"
    )
    knowing = [named(path) for path in FILES if path.suffix in TEXT and machine.search(path.read_text())]

    assert knowing == []


def test_no_file_names_a_package_registry():
    registry = re.compile(r"pypi\.org|pythonhosted|/simple/?\b|--(extra-)?index-url|registry\.npmjs", re.IGNORECASE)
    allowed = {Path(__file__), ROOT / "tests/tooling/test_locks.py"}
    naming = [named(path) for path in FILES if path.suffix in TEXT and registry.search(path.read_text())]

    assert set(naming) <= {named(path) for path in allowed}


def test_no_secret_is_kept():
    secret = re.compile(r"BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}|\bgh[pousr]_[A-Za-z0-9]{30}|xox[bp]-\w{10}")
    telling = [named(path) for path in FILES if path.suffix in TEXT and secret.search(path.read_text())]

    assert telling == []
    assert not [named(path) for path in FILES if path.name == ".env" or "instance" in path.parts]


def test_every_test_asserts():
    silent = [
        f"{named(path)}:{node.lineno} {node.name}"
        for path, tree in TREES.items()
        if path.name.startswith("test_")
        for node in functions(tree)
        if node.name.startswith("test_") and not claims(node)
    ]

    assert silent == []


def claims(test: Function) -> bool:
    """Whether a test asserts by itself, expects an error, or calls something that is named as an assertion."""
    return any(
        isinstance(node, ast.Assert) or (isinstance(node, ast.Call) and expects(node)) for node in ast.walk(test)
    )


def expects(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    return name == "pytest.raises" or name.startswith("expect") or name.split(".")[-1].startswith("assert_")


@pytest.mark.parametrize(
    ("home", "allowed"),
    [("core", {"dateutil", "booking.core"}), ("ical", {"icalendar", "recurring_ical_events", "dateutil"})],
)
def test_what_is_pure_imports_almost_nothing(home, allowed):
    allowed = allowed | {f"booking.{home}", "booking.core"}
    foreign = [
        f"{named(path)}: {module}"
        for path, tree in TREES.items()
        if path.is_relative_to(ROOT / "booking" / home)
        for module in imports(tree)
        if module.split(".")[0] not in sys.stdlib_module_names
        and not any(module == name or module.startswith(f"{name}.") for name in allowed)
    ]

    assert foreign == []


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("icalendar", ["booking/ical"]),
        ("recurring_ical_events", ["booking/ical"]),
        ("holidays", ["booking/services"]),
        ("flask_sqlalchemy", ["booking/db.py"]),
    ],
)
def test_some_libraries_have_one_home(library, homes):
    users = {
        named(path)
        for path, tree in TREES.items()
        if path.is_relative_to(ROOT / "booking") or path.parent == ROOT
        if any(module.split(".")[0] == library for module in imports(tree))
    }

    assert {user for user in users if not user.startswith(tuple(homes))} == set()


def imports(tree: ast.AST) -> list[str]:
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    return names + [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
