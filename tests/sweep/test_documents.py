"""The documents speak of files, addresses and codes that exist."""

import re
from pathlib import Path

import pytest
from flask import Flask

from booking.wording.refusals import REFUSALS
from booking.wording.sentences import SENTENCES

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
PATH = re.compile(r"`((?:booking|templates|migrations|tests|docs|deploy|scripts|bench|requirements)/[\w./-]*)`")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_and_link_leads_somewhere(document: Path) -> None:
    text = document.read_text()
    lost = [path for path in PATH.findall(text) if not (ROOT / path).exists()]
    lost += [link for link in LINK.findall(text) if not (document.parent / link).exists()]

    assert lost == []


def test_the_stable_addresses_exist(sqlite_app: Flask) -> None:
    routes = {
        (method, re.sub(r"<[^>]+>", "<>", rule.rule))
        for rule in sqlite_app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    text = (ROOT / "docs" / "interfaces.md").read_text()
    promised = {
        (method, re.sub(r"<[^>]+>", "<>", re.split(r"[\[?]", path)[0]))
        for method, path in re.findall(r"`(GET|POST) (/[^`\s]*)`", text)
    }

    assert len(promised) > 20
    assert promised - routes == set()


def test_the_codes_that_are_documented_are_those_that_can_be_said() -> None:
    text = (ROOT / "docs" / "interfaces.md").read_text()
    documented = set(re.findall(r"`(R\d\d\.\w+)`", text))
    said = {code.partition(":")[0] for code in (*SENTENCES, *REFUSALS) if re.match(r"R\d\d\.", code)}

    assert documented == said
