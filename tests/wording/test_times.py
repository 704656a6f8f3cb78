"""One formatter of times: days, spans, clock times, hours and lengths in British English, bokmål and nynorsk."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from booking.core.timespan import TimeSpan
from booking.wording import clock, hours_text, length, moment, when, when_compact
from tests.core.world import OSLO, at, span

HOUR = ("2026-11-24 10:00", "11:00")


@pytest.mark.parametrize(
    ("times", "locale", "said"),
    [
        (HOUR, "en", "Tue 24 November 2026, 10:00–11:00"),
        (HOUR, "nb", "tirsdag 24. november 2026 kl. 10.00–11.00"),
        (HOUR, "nn", "tysdag 24. november 2026 kl. 10.00–11.00"),
        (("2026-11-24 20:00", "2026-11-25 00:00"), "en", "Tue 24 November 2026, 20:00–24:00"),
        (("2026-11-24 00:00", "2026-11-25 00:00"), "en", "Tue 24 November 2026"),
        (("2027-03-28 00:00", "2027-03-29 00:00"), "nb", "søndag 28. mars 2027"),
        (("2027-03-25 00:00", "2027-03-30 00:00"), "en", "Thu 25 March 2027 – Mon 29 March 2027"),
        (
            ("2026-11-27 09:00", "2026-11-30 12:00"),
            "en",
            "Fri 27 November 2026, 09:00 – Mon 30 November 2026, 12:00",
        ),
        (
            ("2026-11-27 09:00", "2026-11-30 12:00"),
            "nb",
            "fredag 27. november 2026 kl. 09.00 – mandag 30. november 2026 kl. 12.00",
        ),
        (("2026-12-31 22:00", "2027-01-01 02:00"), "en", "Thu 31 December 2026, 22:00 – Fri 1 January 2027, 02:00"),
    ],
)
def test_a_span_is_said_in_full(times: tuple[str, str], locale: str, said: str) -> None:
    assert when(span(*times), locale, OSLO) == said


@pytest.mark.parametrize(
    ("times", "locale", "said"),
    [
        (HOUR, "en", "Tue 24 Nov 10:00–11:00"),
        (HOUR, "nb", "tir. 24. nov. 10.00–11.00"),
        (HOUR, "nn", "tys. 24. nov. 10.00–11.00"),
        (("2026-11-24 22:00", "2026-11-25 06:00"), "en", "Tue 24 Nov 22:00 – Wed 25 Nov 06:00"),
        (("2026-11-24 00:00", "2026-11-25 00:00"), "en", "Tue 24 Nov 00:00–24:00"),
    ],
)
def test_a_span_is_said_shortly(times: tuple[str, str], locale: str, said: str) -> None:
    assert when_compact(span(*times), locale, OSLO) == said


def test_a_doubled_hour_says_which_time_round() -> None:
    first, second = at("2027-10-31 02:30"), at("2027-10-31 02:30", fold=1)

    assert when(TimeSpan(first, second), "en", OSLO) == (
        "Sun 31 October 2027, 02:30 (the first time)–02:30 (the second time)"
    )
    assert clock(second, "en", OSLO) == "02:30 (the second time)"
    assert clock(second + timedelta(minutes=30), "en", OSLO) == "03:00"


def test_the_clocks_are_those_of_the_zone() -> None:
    assert when(span(*HOUR), "en", ZoneInfo("UTC")) == "Tue 24 November 2026, 09:00–10:00"
    assert moment(at("2026-07-01 08:00"), "nb", OSLO) == "onsdag 1. juli 2026 kl. 08.00"


@pytest.mark.parametrize(
    ("minutes", "en", "nb"),
    [
        (0, "0 minutes", "0 minutter"),
        (1, "1 minute", "1 minutt"),
        (45, "45 minutes", "45 minutter"),
        (60, "1 hour", "1 time"),
        (90, "1 hour 30 minutes", "1 time 30 minutter"),
        (480, "8 hours", "8 timer"),
        (24 * 60, "24 hours", "24 timer"),
        (3 * 24 * 60, "3 days", "3 døgn"),
        (3 * 24 * 60 + 60, "73 hours", "73 timer"),
    ],
)
def test_lengths(minutes: int, en: str, nb: str) -> None:
    assert (length(timedelta(minutes=minutes), "en"), length(timedelta(minutes=minutes), "nb")) == (en, nb)


def test_opening_hours() -> None:
    assert hours_text([["07:00", "15:00"], ["17:00", "24:00"]], "en") == "07:00–15:00 and 17:00–24:00"
    assert hours_text([["07:00", "15:00"]], "nb") == "07.00–15.00"


@pytest.mark.parametrize("locale", ["en", "en_GB", "EN", "de", Locale("en", "GB"), Locale("de")])
def test_every_other_language_is_british_english(locale: str | Locale) -> None:
    assert when(span(*HOUR), locale, OSLO).startswith("Tue 24 November")


@pytest.mark.parametrize("locale", ["nb", "nb_NO", "no", Locale("nb")])
def test_norwegian_by_any_of_its_names(locale: str | Locale) -> None:
    assert when(span(*HOUR), locale, OSLO).startswith("tirsdag 24. november")
