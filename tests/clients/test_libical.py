"""libical finds nothing wrong in our feeds, and would find it if there were."""

from collections.abc import Mapping

import pytest

from tests.clients.conftest import Fetched
from tests.clients.subscriptions import SUBSCRIPTIONS
from tests.support.libical import problems

PUBLISHED = (b"PRODID:", b"METHOD:PUBLISH\r\nPRODID:")
BY_SOMEBODY = (b"\r\nBEGIN:VEVENT\r\n", b"\r\nBEGIN:VEVENT\r\nORGANIZER:mailto:rom@example.invalid\r\n")


@pytest.mark.parametrize("name", SUBSCRIPTIONS)
def test_libical_finds_nothing_wrong_in_a_feed(feeds: Mapping[str, Fetched], name: str) -> None:
    assert problems(feeds[name].data) == []


@pytest.mark.parametrize("name", SUBSCRIPTIONS)
def test_nor_when_it_is_taken_for_published_as_outlook_takes_it(feeds: Mapping[str, Fetched], name: str) -> None:
    data = feeds[name].data.replace(*PUBLISHED, 1).replace(*BY_SOMEBODY)

    assert problems(data) == []


def an_invitation(method: str = "REQUEST", without: str = "", **changes: str) -> bytes:
    """A message in order, but for what is taken out or changed."""
    lines = {
        "UID": "1@example.invalid",
        "DTSTAMP": "20270301T090000Z",
        "DTSTART": "20270302T090000Z",
        "DTEND": "20270302T100000Z",
        "ORGANIZER": "mailto:rom@example.invalid",
        "ATTENDEE": "mailto:kari@example.invalid",
        "SEQUENCE": "1",
        "SUMMARY": "Styremøte",
    }
    event = "".join(f"{name}:{value}\r\n" for name, value in {**lines, **changes}.items() if name != without)
    head = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Samrom//EN\r\nMETHOD:{method}\r\n"
    return f"{head}BEGIN:VEVENT\r\n{event}END:VEVENT\r\nEND:VCALENDAR\r\n".encode()


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_a_message_in_order_has_no_problems(method: str) -> None:
    assert problems(an_invitation(method)) == []


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (an_invitation(without="ORGANIZER"), "ORGANIZER"),
        (an_invitation(without="ATTENDEE"), "ATTENDEE"),
        (an_invitation(without="UID"), "UID"),
        (an_invitation("CANCEL", without="SEQUENCE"), "SEQUENCE"),
        (an_invitation("PUBLISH"), "ATTENDEE"),
        (an_invitation(DTSTART="tomorrow"), "DTSTART"),
        (an_invitation(RRULE="FREQ=NEVER"), "RRULE"),
        (an_invitation().replace(b"VERSION:2.0\r\n", b""), "VERSION"),
        (an_invitation().replace(b"Styre", b"Sty\0re"), "NUL"),
        (b"no calendar", "no calendar"),
        (b"", "no calendar"),
    ],
)
def test_a_message_with_a_fault_has_problems_that_name_it(data: bytes, named: str) -> None:
    assert any(named in said for said in problems(data))
