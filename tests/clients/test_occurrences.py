"""Every independent reader sees in our feeds the occurrences that the database holds, whatever is in it."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from tests.clients.conftest import Fetched
from tests.clients.corpus import CASES, CROWD, cases_of
from tests.clients.oracle import MOST
from tests.clients.scene import NOW
from tests.clients.subscriptions import SUBSCRIPTIONS
from tests.support.parsers import PARSERS, Occurrence, as_seen

FROM, TO = NOW - timedelta(days=800), NOW + timedelta(days=800)
BESIDE = ("set-up-", "clean-up-")
KINDS_OF_PARTS = {b"BEGIN:VCALENDAR", b"BEGIN:VTIMEZONE", b"BEGIN:STANDARD", b"BEGIN:DAYLIGHT", b"BEGIN:VEVENT"}


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("name", SUBSCRIPTIONS)
def test_a_reader_sees_what_the_database_holds(feeds: Mapping[str, Fetched], kind: str, parser: str, name: str) -> None:
    expected = as_seen(parser, feeds[name].expected)

    seen = PARSERS[parser](feeds[name].data, FROM, TO)

    assert differences(seen, expected, cases_of(kind)) == []
    assert len(seen) == len(expected) > 0


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b"DTSTART;TZID=Europe/Oslo:20270305T100000", b"DTSTART;TZID=Europe/Oslo:20270305T090000"),
        (b"DTEND;VALUE=DATE:20270518", b"DTEND;VALUE=DATE:20270519"),
        (b"SUMMARY:I rommet\r\n", b"SUMMARY:I rom\r\n"),
        (b"STATUS:CANCELLED", b"STATUS:CONFIRMED"),
    ],
)
def test_a_reader_would_notice_if_it_were_otherwise(
    feeds: Mapping[str, Fetched], parser: str, right: bytes, wrong: bytes
) -> None:
    feed = feeds["a room"]
    assert feed.data.count(right) == 1

    seen = PARSERS[parser](feed.data.replace(right, wrong), FROM, TO)

    assert len(as_seen(parser, feed.expected) - seen) == len(seen - as_seen(parser, feed.expected)) == 1


def differences(seen: set[Occurrence], expected: set[Occurrence], cases: Mapping[str, list[str]]) -> list[str]:
    """What is missing and what is too much, by the name of its case."""
    named = {uid: name for name, uids in cases.items() for uid in uids}
    wrong = [("missing", each) for each in expected - seen] + [("too much", each) for each in seen - expected]
    return sorted(f"{named.get(each.uid, '')}: {how} {tuple(map(str, each[1:]))}" for how, each in wrong)


@pytest.mark.parametrize("name", SUBSCRIPTIONS)
def test_there_are_as_many_components_as_bookings(feeds: Mapping[str, Fetched], name: str) -> None:
    lines = feeds[name].data.replace(b"\r\n ", b"").split(b"\r\n")

    begun = [line for line in lines if line.upper().startswith(b"BEGIN:")]

    standing = [each for each in feeds[name].expected if each.status != "CANCELLED" and not each.uid.startswith(BESIDE)]
    assert set(begun) - {b"BEGIN:VALARM"} <= KINDS_OF_PARTS
    assert begun.count(b"BEGIN:VEVENT") == len(feeds[name].expected)
    assert begun.count(b"BEGIN:VALARM") == (len(standing) if SUBSCRIPTIONS[name].alarms else 0)
    assert begun.count(b"BEGIN:VCALENDAR") == 1


@pytest.mark.parametrize("name", SUBSCRIPTIONS)
def test_the_first_uid_in_a_feed_is_an_events(feeds: Mapping[str, Fetched], name: str) -> None:
    """vdirsyncer takes a calendar's own for that of every event in it, and keeps one."""
    assert feeds[name].data.index(b"\r\nUID:") > feeds[name].data.index(b"\r\nBEGIN:VEVENT")


def test_the_corpus_is_as_large_and_as_varied_as_it_says(feeds: Mapping[str, Fetched], kind: str) -> None:
    cases, shown = cases_of(kind), {each.uid: each for feed in feeds.values() for each in feed.expected}

    assert len(cases) == len(CASES) >= 60
    assert [name for name, uids in cases.items() if not uids] == []
    untold = {name for name, uids in cases.items() if not set(uids) & set(shown)}
    assert untold == {"cancelled so long ago that it is told no more"}
    assert {each.status for each in shown.values()} == {"CONFIRMED", "TENTATIVE", "CANCELLED"}
    assert len(feeds["mine, 2,000 bookings"].expected) == MOST < CROWD
