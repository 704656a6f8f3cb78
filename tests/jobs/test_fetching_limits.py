"""Fetching over real TLS: where size and time end, and what is no whole answer."""

import gzip
import threading
import zlib

import pytest

from booking.ical.bounds import MOST_OCTETS
from tests.jobs.fetched import CALENDAR, PATH, failing
from tests.support.calendar_server import PUBLIC, an_answer

# --- size and time ----------------------------------------------------------------------------------------------------


def test_a_body_beyond_the_limit_is_cut_off_whatever_its_length_was_said_to_be(server):
    def endless(connection):
        connection.sendall(an_answer(200, Content_Length=""))
        while True:
            connection.sendall(b"x" * 65_536)

    server.says(PATH, endless)

    assert failing(server.network(), seconds=60) == "import.too_large"


def test_a_piece_of_less_than_no_length_is_not_read_to_its_end(server):
    sent = []

    def endless(connection):
        connection.sendall(an_answer(200, b"-1\r\n", Content_Length="", Transfer_Encoding="chunked"))
        while sum(sent) < 20 * MOST_OCTETS:
            connection.sendall(b"x" * 65_536)
            sent.append(65_536)

    server.says(PATH, endless)

    assert failing(server.network(), seconds=60) == "import.too_large"
    assert sum(sent) < 5 * MOST_OCTETS


def test_a_bomb_is_cut_off_while_it_unpacks(server):
    bomb = gzip.compress(b"\0" * (10 * MOST_OCTETS))
    server.says(PATH, an_answer(200, bomb, Content_Encoding="gzip"))

    assert len(bomb) < MOST_OCTETS // 50
    assert failing(server.network()) == "import.too_large"


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "compress"])
def test_other_packings_are_refused(server, encoding):
    server.says(PATH, an_answer(200, zlib.compress(CALENDAR), Content_Encoding=encoding))

    assert failing(server.network()) == "fetch.encoding"


@pytest.mark.parametrize(
    "answer",
    [
        an_answer(200, CALENDAR[:10], Content_Length=str(len(CALENDAR))),
        an_answer(200, b"5\r\nBEGIN\r\n", Content_Length="", Transfer_Encoding="chunked"),
        an_answer(200, gzip.compress(CALENDAR)[:-9], Content_Encoding="gzip"),
        an_answer(200, b"not packed at all", Content_Encoding="gzip"),
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"",
    ],
    ids=[
        "short",
        "a piece missing",
        "half unpacked",
        "not packed",
        "no HTTP",
        "many headers",
        "long header",
        "nothing",
    ],
)
def test_half_an_answer_is_none(server, answer):
    """Half a calendar would free what the other half has taken."""
    server.says(PATH, answer)

    assert failing(server.network()) == "fetch.broken"


@pytest.mark.parametrize("after", ["nothing", "the head", "every letter"])
def test_a_server_that_dawdles_is_left_when_the_time_for_everything_is_over(server, after):
    over = threading.Event()

    def dawdle(connection):
        whole = an_answer(200, CALENDAR * 100)
        head = len(whole) - len(CALENDAR) * 100
        if after == "the head":
            connection.sendall(whole[:head])
        if after == "every letter":
            for letter in whole:
                connection.sendall(bytes([letter]))
                over.wait(0.02)
        over.wait(30)

    server.says(PATH, dawdle)

    assert failing(server.network(), seconds=0.5) == "fetch.too_slow"
    over.set()


def test_a_name_that_takes_for_ever_to_look_up_is_given_up(server):
    over = threading.Event()

    def dawdle(_host):
        over.wait(30)
        return [PUBLIC]

    assert failing(server.network(look_up=dawdle), seconds=0.3) == "fetch.too_slow"
    over.set()
