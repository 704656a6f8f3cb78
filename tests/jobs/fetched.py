"""A calendar behind real TLS, and how tests fetch it in vain."""

import pytest

from booking.core.web_address import WebAddress
from booking.jobs.connecting import FetchFailed
from booking.jobs.fetching import fetch
from tests.support.calendar_server import HOST, an_answer

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
ADDRESS = WebAddress.read(f"https://{HOST}/private-key/room.ics")
PATH = ADDRESS.target


def failing(network, address=ADDRESS, seconds=10.0):
    with pytest.raises(FetchFailed) as failed:
        fetch(address, network=network, seconds=seconds)
    assert "private-key" not in f"{failed.value!r} {failed.value} {failed.value.facts}"
    return failed.value.code


def redirect(to, status=302):
    return an_answer(status, Location=to)
