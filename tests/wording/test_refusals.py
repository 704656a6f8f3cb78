"""Every refusal of the domain has a title and a sentence, and the translators' words are found in the right order."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

import booking.core
from booking.core import errors
from booking.core.errors import BookingConflict, BookingRefused, DomainError, InvalidInput, NotFound, WrongState
from booking.core.scope import Scope, ScopeKind
from booking.core.verdict import Verdict
from booking.wording import error_sentence, error_title, origin, translate, translating
from booking.wording.refusals import REFUSALS
from booking.wording.sentences import SENTENCES
from tests.core.world import OSLO, a_room, span, taken, verdict

HOUR = span("2026-11-24 10:00", "11:00")
SOURCE = Path(booking.core.__path__[0]).resolve().parent
RAISED = re.compile(
    r'InvalidInput\([^()]*?, *"([a-z_]+\.[a-z_]+)"|^ +code(?:: str)? = "([A-Za-z0-9_]+\.[a-z_]+)"', re.MULTILINE
)


def raised_codes() -> set[str]:
    sources = [path.read_text() for path in SOURCE.rglob("*.py")]
    return {code for source in sources for pair in RAISED.findall(source) for code in pair if code}


def test_every_code_that_is_raised_has_a_sentence() -> None:
    codes = raised_codes()

    assert {"access.denied", "setting.not_a_number", "booking.changed"} <= codes
    assert codes - REFUSALS.keys() - SENTENCES.keys() == set()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NotFound(kind="resource"), "We cannot find it. It may have been removed, or it is not shown to you."),
        (BookingConflict(), "Somebody else was faster and took that time. Choose another time."),
        (InvalidInput("hours", "setting.out_of_range", {"least": 0, "most": 48}), "Enter a number from 0 to 48."),
        (InvalidInput("email"), "We could not read this. Check it and try again."),
        (WrongState(state="begun"), "The booking has begun, so it cannot be cancelled. Change its end instead."),
        (WrongState(state="expired"), "This can no longer be done, because something has changed. See how it is now."),
        (DomainError(), "This cannot be done. Go back and try another way."),
    ],
)
def test_refusals_are_said(error: DomainError, said: str) -> None:
    assert error_sentence(error, "en") == said


def test_a_refused_booking_gives_every_reason_where_the_zone_is_known() -> None:
    refused = BookingRefused(verdict(HOUR, a_room(taken=(taken(HOUR),), state="retired")))

    assert error_sentence(refused, "en", OSLO) == (
        "Teknobyen cannot be booked. Choose another. "
        "Teknobyen is taken Tue 24 November 2026, 10:00–11:00. Choose another time."
    )
    assert error_sentence(refused, "en") == "The booking cannot stand as you asked. Change the time or the resource."


def test_every_kind_of_refusal_can_be_said_with_a_title() -> None:
    plain = [
        errors.NotAllowed,
        errors.NotFound,
        errors.Stale,
        errors.BookingConflict,
        errors.WrongState,
        errors.KeyReused,
    ]
    for error in (*(kind() for kind in plain), BookingRefused(Verdict()), InvalidInput("name")):
        assert error_sentence(error, "nb")
        assert error_title(error, "nb")


def test_where_a_value_is_set() -> None:
    assert origin(Scope(ScopeKind.SITE, 1, "Sluppen"), "en") == "set for the whole of Sluppen"
    assert all(origin(Scope(kind, 1, "Sluppen"), "en") for kind in ScopeKind)


@pytest.fixture
def catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bokmål has two sentences, nynorsk one of them."""
    for locale, words in (("nb", {"Yes": "Ja", "I": "Jeg"}), ("nn", {"I": "Eg"})):
        catalogue = Catalog(locale=locale)
        for msgid, msgstr in words.items():
            catalogue.add(msgid, msgstr)
        folder = tmp_path / locale / "LC_MESSAGES"
        folder.mkdir(parents=True)
        with (folder / "messages.mo").open("wb") as file:
            write_mo(file, catalogue)
    monkeypatch.setattr(translating, "CATALOGUES", tmp_path)


@pytest.mark.usefixtures("catalogues")
@pytest.mark.parametrize(
    ("msgid", "locale", "said"),
    [
        ("I", "nb", "Jeg"), ("I", "nn", "Eg"), ("I", "en", "I"), ("Yes", "nn", "Ja"), ("No", "nn", "No"),
        ("No", "nb", "No"),         ("Yes", "no", "Ja"), ("Yes", "fr", "Yes"),
    ],
)  # fmt: skip
def test_nynorsk_falls_back_to_bokmal_and_that_to_english(msgid: str, locale: str, said: str) -> None:
    assert translate(msgid, locale) == said
