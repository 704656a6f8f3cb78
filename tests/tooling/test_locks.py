"""The lock files: exact versions, hashes for all, no addresses, and in step with pyproject.toml."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ["bootstrap.txt", "run.txt", "dev.txt", "clients.txt"]


def locked(name: str) -> dict[str, str]:
    """What a lock file pins: name -> version."""
    text = (ROOT / "requirements" / name).read_text()
    return {
        canonicalize_name(found[1]): found[2] for found in re.finditer(r"^([\w.-]+)==([\w.+-]+)", text, re.MULTILINE)
    }


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_no_address(name):
    text = (ROOT / "requirements" / name).read_text()

    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host", text)


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_one_exact_version_and_a_hash(name):
    text = (ROOT / "requirements" / name).read_text()
    entries = re.split(r"\n(?=[a-zA-Z])", "\n".join(line for line in text.splitlines() if not line.startswith("#")))

    assert len(entries) == len(locked(name))
    assert all("--hash=sha256:" in entry for entry in entries)


def test_what_pyproject_asks_for_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    run, dev = locked("run.txt"), locked("dev.txt")

    for asked in map(Requirement, project["project"]["dependencies"]):
        assert asked.specifier.contains(run[canonicalize_name(asked.name)])
    for asked in map(Requirement, project["dependency-groups"]["dev"]):
        assert asked.specifier.contains(dev[canonicalize_name(asked.name)])


def test_development_runs_the_versions_that_production_runs():
    run, dev = locked("run.txt"), locked("dev.txt")

    assert {name: dev.get(name) for name in run} == run


def test_no_lock_of_another_kind_is_kept():
    assert not [name for name in ("uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock") if (ROOT / name).exists()]


READERS = ROOT / "tests" / "support" / "node"


def test_the_lock_of_the_calendar_readers_holds_hashes_and_no_address():
    text = (READERS / "package-lock.json").read_text()
    packages = {name: about for name, about in json.loads(text)["packages"].items() if name}

    assert packages
    assert not re.search(r"://|resolved", text)
    assert all(about["integrity"].startswith("sha512-") for about in packages.values())


def test_the_calendar_readers_are_asked_for_by_exact_versions_that_are_locked():
    asked = json.loads((READERS / "package.json").read_text())["dependencies"]
    packages = json.loads((READERS / "package-lock.json").read_text())["packages"]

    assert {name: packages[f"node_modules/{name}"]["version"] for name in asked} == asked
