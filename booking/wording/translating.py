"""Finds the translation of a msgid in the catalogues: nynorsk falls back to bokmål, and that to English."""

from __future__ import annotations

from functools import cache
from gettext import NullTranslations
from pathlib import Path

from babel import Locale
from babel.support import Translations

CATALOGUES = Path(__file__).parent.parent / "translations"
FALLBACKS = {"nb": ("nb",), "nn": ("nn", "nb"), "en": ("en",)}
BABEL_LOCALES = {"nb": Locale("nb"), "nn": Locale("nn"), "en": Locale("en", "GB")}


def N_(msgid: str) -> str:  # noqa: N802  # the name that extraction looks for
    """Marks a msgid in a table for the translators, and changes nothing."""
    return msgid


def language(locale: str | Locale) -> str:
    """nb, nn or en, whatever way the locale is given; English for a language we do not speak."""
    tag = (locale.language if isinstance(locale, Locale) else locale)[:2].lower()
    return {"no": "nb"}.get(tag, tag) if tag in (*FALLBACKS, "no") else "en"


def babel_locale(locale: str | Locale) -> Locale:
    """English means British English, so that weeks begin on Monday and clocks show 13:30."""
    return BABEL_LOCALES[language(locale)]


def translate(msgid: str, locale: str | Locale) -> str:
    return catalogue(language(locale)).gettext(msgid)


def catalogue(spoken: str) -> NullTranslations:
    """All texts in nb, nn or en."""
    return _loaded(spoken, CATALOGUES)


@cache
def _loaded(spoken: str, folder: Path) -> NullTranslations:
    first, *others = (Translations.load(str(folder), [each]) for each in FALLBACKS[spoken])
    for other in others:
        first.add_fallback(other)
    return first
