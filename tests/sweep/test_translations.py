"""The catalogues say everything in bokmål and nynorsk, gaps kept, and no page of theirs falls back to English."""

import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter
from urllib.parse import urlsplit

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

from booking import create_app
from tests.support import databases

ROOT = Path(__file__).parents[2]
LANGUAGES = ("nb", "nn")
SAME = frozenset(
    line
    for each in sorted(Path(__file__).parent.glob("same_in_nynorsk*.txt"))
    for line in each.read_text().splitlines()
)
PASSWORD = "demo-passord"
SPOKEN = {"aria-label", "title", "placeholder", "alt", "data-copied", "data-ask"}
SHORTEST_LEFTOVER = 13
SILENT = {"script", "style", "head"}


def catalogue(language: str) -> Catalog:
    with (ROOT / f"booking/translations/{language}/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale=language)


CATALOGUES = {language: catalogue(language) for language in LANGUAGES}


def forms(words: object) -> list[str]:
    """A sentence in all its plural forms."""
    return [str(each) for each in words] if isinstance(words, list | tuple) else [str(words)]


def messages(language: str) -> Iterator[tuple[Message, list[str], list[str]]]:
    """Each message, what it is in English, and what it is in the language."""
    for message in CATALOGUES[language]:
        if message.id:
            yield message, forms(message.id), forms(message.string)


def gaps(words: str) -> set[str]:
    named = set(re.findall(r"%\((\w+)\)s", words))
    return named | {name for _, name, _, _ in Formatter().parse(words.replace("%(", "(")) if name}


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What the code and the templates say today, found by the project's own script."""
    template = tmp_path_factory.mktemp("translations") / "messages.pot"
    script = (ROOT / "scripts/translations.sh").read_text()
    options = re.search(r"-q (extract .*?) --no-location", script)[1].split()
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", *options, "-o", str(template), "."]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with template.open("rb") as file:
        return read_po(file)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_has_every_sentence_and_no_other(language: str, extracted: Catalog) -> None:
    said = {(message.context, *forms(message.id)) for message in extracted if message.id}
    known = {(message.context, *english) for message, english, _ in messages(language)}

    assert said - known == set()
    assert known - said == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    unsaid = [english for message, english, ours in messages(language) if message.fuzzy or not all(ours)]

    assert unsaid == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_gap_is_kept(language: str) -> None:
    lost = [
        (english, ours)
        for _, english, ours in messages(language)
        if any(gaps(words) != gaps(english[-1]) for words in ours)
    ]

    assert lost == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_spaces_and_marks_at_the_edges_are_kept(language: str) -> None:
    def edges(words: str) -> tuple[bool, bool, str]:
        last = words.removesuffix(" kl.")[-1:]
        return words[:1] == " ", last == " ", last if last in ".?!:…" else ""

    changed = [
        (english, ours)
        for _, english, ours in messages(language)
        if any(edges(words) != edges(english[-1]) for words in ours)
    ]

    assert changed == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_the_house_are_used(language: str) -> None:
    foreign = re.compile(r"\bbook(e|er|et|ing|inger|ingar|ingen)?\b|[“”]|'", re.IGNORECASE)
    dialect = re.compile(
        r"\b(ikkje|ein|frå|berre)\b" if language == "nb" else r"\b(ikke|jeg|bare|hva|hvor|noen|være)\b"
    )
    slips = [words for _, _, ours in messages(language) for words in ours if foreign.search(words)]
    slips += [words for _, _, ours in messages(language) for words in ours if dialect.search(words.lower())]

    assert slips == []


def test_nynorsk_is_bokmal_only_where_both_write_so() -> None:
    bokmål = {(message.context, *english): ours for message, english, ours in messages("nb")}
    same = {
        words
        for message, english, ours in messages("nn")
        for words in ours
        if words in bokmål[(message.context, *english)] and any(letter.isalpha() for letter in _literal(words))
    }

    assert same - SAME == set()
    assert SAME - same == set()


def _literal(words: str) -> str:
    return re.sub(r"%\(\w+\)s|\{\w+\}", "", words)


# --- the pages as they are read --------------------------------------------------------------------------------------


class Reading(HTMLParser):
    """What a page says, to eyes and to ears, and where it leads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.links: list[str] = []
        self.language = ""
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        self.said += [value for name, value in attrs if name in SPOKEN and value]
        self.links += [value for name, value in attrs if tag == "a" and name == "href" and value]
        self.language = dict(attrs).get("lang") or "" if tag == "html" else self.language

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.said.append(" ".join(data.split()))


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo district, read through the application itself."""
    folder = tmp_path_factory.mktemp("district")
    with databases.fresh("sqlite", folder, name="demo", fill=databases.with_demo, demo=True) as url:
        yield create_app(databases.a_config(url, demo=True))


def reader(app: Flask, email: str, language: str) -> FlaskClient:
    client = app.test_client()
    client.get(f"/login?lang={language}")
    if email:
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)[1]
        form = {"email": email, "password": PASSWORD, "csrf_token": token}
        assert client.post("/login", data=form).status_code == 303
    return client


def walk(app: Flask, client: FlaskClient, start: str) -> dict[str, Reading]:
    """One page of every endpoint that links lead to."""
    paths, seen = [start], {}
    urls = app.url_map.bind("localhost")
    for path in paths:
        if not urls.test(urlsplit(path).path, "GET"):
            continue
        endpoint = urls.match(urlsplit(path).path, "GET")[0]
        if endpoint in seen or endpoint in {"static", "bookings.ics"}:
            continue
        answer = client.get(path)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            seen[endpoint] = Reading(answer.text)
            paths += [link for link in seen[endpoint].links if link.startswith("/") and "lang=" not in link]
    return seen


def leftovers(language: str) -> list[str]:
    """Pieces of English long enough to be told from Norwegian words and names."""
    found = []
    for _, english, ours in messages(language):
        pieces = {piece.strip() for words in english for piece in re.split(r"%\(\w+\)s|\{\w+\}", words)}
        found += [piece for piece in pieces if len(piece) >= SHORTEST_LEFTOVER and piece not in " ".join(ours)]
    return found


READERS = [("", "/", 6), ("medlem1@example.invalid", "/", 12), ("admin@example.invalid", "/admin", 18)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("email", "start", "least"), READERS, ids=["visitor", "member", "admin"])
def test_no_page_falls_back_to_english(district: Flask, language: str, email: str, start: str, least: int) -> None:
    read = walk(district, reader(district, email, language), start)
    english = leftovers(language)
    left = {
        endpoint: found
        for endpoint, reading in read.items()
        if (found := [piece for piece in english for words in reading.said if piece in words])
    }

    assert len(read) >= least
    assert {reading.language for reading in read.values()} == {language}
    assert left == {}
