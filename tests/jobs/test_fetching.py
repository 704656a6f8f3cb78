"""Fetching over real TLS: what is asked, what is followed, and what is refused."""

import gzip
import socket
from ssl import create_default_context

import pytest

from booking.core.web_address import WebAddress
from booking.jobs.connecting import FetchFailed
from booking.jobs.fetching import Validators, fetch
from tests.jobs.fetched import ADDRESS, CALENDAR, PATH, failing, redirect
from tests.support.calendar_server import HOST, PUBLIC, an_answer


def test_the_body_and_what_the_answer_says_of_itself_are_given(server):
    server.says(PATH, an_answer(200, CALENDAR, ETag='"v1"', Last_Modified="Mon, 03 May 2027 08:00:00 GMT"))

    fetched = fetch(ADDRESS, network=server.network())

    assert fetched.body == CALENDAR
    assert fetched.validators == Validators('"v1"', "Mon, 03 May 2027 08:00:00 GMT")
    (request,) = server.requests
    assert request.startswith(f"GET {PATH} HTTP/1.1\r\nHost: {HOST}\r\n")
    assert "User-Agent: Mozilla/5.0" in request
    for private in ("Cookie", "Authorization", "Referer", "If-None-Match"):
        assert private not in request


def test_it_asks_whether_anything_is_new_and_takes_no_for_an_answer(server):
    server.says(PATH, an_answer(304))
    known = Validators('"v1"', "Mon, 03 May 2027 08:00:00 GMT")

    fetched = fetch(ADDRESS, known, server.network())

    assert fetched.body is None
    assert fetched.validators == known
    assert 'If-None-Match: "v1"' in server.requests[0]
    assert "If-Modified-Since: Mon, 03 May 2027 08:00:00 GMT" in server.requests[0]


def test_nothing_new_is_no_answer_to_a_question_that_was_not_asked(server):
    server.says(PATH, an_answer(304))

    assert failing(server.network()) == "fetch.status"


@pytest.mark.parametrize("said", ['"a\tb"', "no quotes", '"' + "x" * 300 + '"'])
def test_a_validator_that_could_not_be_sent_back_is_forgotten(server, said):
    server.says(PATH, an_answer(200, CALENDAR, ETag=said))

    assert fetch(ADDRESS, network=server.network()).validators == Validators()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429, 500, 503, 204, 206])
def test_any_other_answer_is_a_failure_that_tells_the_status(server, status):
    server.says(PATH, an_answer(status, CALENDAR if status != 204 else b""))

    with pytest.raises(FetchFailed) as failed:
        fetch(ADDRESS, network=server.network())

    assert (failed.value.code, failed.value.facts) == ("fetch.status", {"status": status})


def test_packed_answers_are_unpacked(server):
    server.says(PATH, an_answer(200, gzip.compress(CALENDAR), Content_Encoding="gzip"))

    assert fetch(ADDRESS, network=server.network()).body == CALENDAR


def test_answers_in_pieces_are_put_together(server):
    pieces = b"".join(b"%x\r\n%s\r\n" % (1, CALENDAR[n : n + 1]) for n in range(len(CALENDAR))) + b"0\r\n\r\n"
    server.says(PATH, an_answer(200, pieces, Content_Length="", Transfer_Encoding="chunked"))

    assert fetch(ADDRESS, network=server.network()).body == CALENDAR


# --- machines ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "machines",
    [
        ["127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["169.254.169.254"], ["10.0.0.1"], ["192.168.1.1"],
        ["172.20.0.1"], ["100.64.0.1"], ["fc00::1"], ["fe80::1%eth0"], ["0.0.0.0"], ["64:ff9b::7f00:1"],
        ["2002:7f00:1::"], [PUBLIC, "127.0.0.1"], ["10.0.0.1", PUBLIC],
    ],
)  # fmt: skip
def test_a_name_that_leads_inward_with_any_of_its_machines_is_never_connected_to(server, machines):
    assert failing(server.network(*machines)) == "fetch.inward"
    assert server.connected == []


def test_the_name_is_looked_up_once_and_the_machine_that_was_checked_is_the_one_asked(server):
    """Rebinding: a second look-up would lead inward."""
    server.says(PATH, an_answer(200, CALENDAR))
    answers = [[PUBLIC], ["127.0.0.1"]]

    fetched = fetch(ADDRESS, network=server.network(look_up=lambda _host: answers.pop(0)))

    assert fetched.body == CALENDAR
    assert server.connected == [PUBLIC]
    assert answers == [["127.0.0.1"]]


def test_after_a_redirect_to_the_same_name_its_machines_are_checked_anew(server):
    server.says(PATH, redirect(f"https://{HOST}/again.ics"))
    answers = [[PUBLIC], ["169.254.169.254"]]

    assert failing(server.network(look_up=lambda _host: answers.pop(0))) == "fetch.inward"
    assert server.connected == [PUBLIC]


def test_a_name_without_machines_is_told(server):
    def nobody(_host):
        raise socket.gaierror

    assert failing(server.network(look_up=nobody)) == "fetch.no_such_server"


def test_a_machine_that_does_not_answer_gives_way_to_the_next(server):
    server.says(PATH, an_answer(200, CALENDAR))
    network = server.network("93.184.216.34", "93.184.216.35")

    def connect(machine, seconds):
        if machine == "93.184.216.34":
            raise ConnectionRefusedError
        return network.connect(machine, seconds)

    fetched = fetch(ADDRESS, network=server.network("93.184.216.34", "93.184.216.35", connect=connect))

    assert fetched.body == CALENDAR


def test_no_machine_that_answers_is_told(server):
    def connect(_machine, _seconds):
        raise ConnectionRefusedError

    assert failing(server.network(connect=connect)) == "fetch.no_answer"


def test_a_certificate_of_another_name_is_refused(server):
    elsewhere = WebAddress.read("https://calendar.example.com/private-key/room.ics")

    assert failing(server.network(), elsewhere) == "fetch.certificate"
    assert server.requests == []


def test_a_certificate_that_nobody_vouches_for_is_refused(server):
    assert failing(server.network(trust=create_default_context)) == "fetch.certificate"
    assert server.requests == []


# --- redirects --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_to_another_public_server_are_followed(server, status):
    server.says(PATH, redirect("https://other.example.org/there.ics", status))
    server.says("/there.ics", an_answer(200, CALENDAR))

    assert fetch(ADDRESS, network=server.network()).body == CALENDAR
    assert "Host: other.example.org" in server.requests[1]


@pytest.mark.parametrize(
    ("to", "code"),
    [
        (f"http://{HOST}/plain.ics", "address.not_https"),
        ("https://127.0.0.1/inside.ics", "address.host"),
        ("https://[::1]/inside.ics", "address.host"),
        ("https://2130706433/inside.ics", "address.host"),
        ("https://localhost/inside.ics", "address.host"),
        (f"https://{HOST}:8443/other.ics", "address.port"),
        (f"https://kari:secret@{HOST}/a.ics", "address.userinfo"),
        ("file:///etc/passwd", "address.not_https"),
    ],
)
def test_redirects_inward_or_to_anything_but_https_are_not(server, to, code):
    server.says(PATH, redirect(to))

    assert failing(server.network()) == code
    assert len(server.requests) == 1


def test_five_redirects_are_followed_and_no_sixth(server):
    for n in range(6):
        server.says(f"/{n}", redirect(f"/{n + 1}"))
    server.says("/6", an_answer(200, CALENDAR))

    assert fetch(WebAddress.read(f"https://{HOST}/1"), network=server.network()).body == CALENDAR
    assert failing(server.network(), WebAddress.read(f"https://{HOST}/0")) == "fetch.too_many_redirects"
