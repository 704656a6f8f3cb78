"""Invitations by mail: libical finds nothing wrong in any form of them, and every reader sees the same dates."""

from datetime import UTC, datetime

import pytest

from tests.support.libical import problems
from tests.support.messages import SAMPLES
from tests.support.parsers import PARSERS, Occurrence, as_seen

FROM, TO = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 6, 1, tzinfo=UTC)
BY = "recurring-ical-events"
COUNTS = {"series": 8, "series with changes": 7, "nights over a clock change": 4, "hand-picked": 5}


@pytest.mark.parametrize("name", SAMPLES)
def test_libical_finds_nothing_wrong_in_an_invitation(name: str) -> None:
    assert problems(SAMPLES[name]) == []


def occurrences(name: str, parser: str) -> set[Occurrence]:
    return PARSERS[parser](SAMPLES[name], FROM, TO)


@pytest.mark.parametrize("parser", [each for each in PARSERS if each != BY])
@pytest.mark.parametrize("name", COUNTS)
def test_every_reader_sees_the_same_dates_of_a_series(name: str, parser: str) -> None:
    expected = occurrences(name, BY)

    assert len(expected) == COUNTS[name]
    assert occurrences(name, parser) == as_seen(parser, expected)


@pytest.mark.parametrize("parser", [each for each in PARSERS if each != BY])
@pytest.mark.parametrize("name", ["confirmed", "requested", "of two things", "over a clock change", "odd zone"])
def test_every_reader_sees_the_same_single_meeting(name: str, parser: str) -> None:
    expected = occurrences(name, BY)

    assert len(expected) == 1
    assert occurrences(name, parser) == as_seen(parser, expected)
