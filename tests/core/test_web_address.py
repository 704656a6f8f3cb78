"""Which addresses of calendars can be taken at all, and which machines may be asked: every known way inward is shut."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.errors import InvalidInput
from booking.core.web_address import WebAddress, is_public

REFUSED = {
    "": "setting.required",
    "http://calendar.example.org/a.ics": "address.not_https",
    "file:///etc/passwd": "address.not_https",
    "ftp://calendar.example.org/a.ics": "address.not_https",
    "gopher://calendar.example.org/a.ics": "address.not_https",
    "javascript:alert(1)": "address.not_https",
    "calendar.example.org/a.ics": "address.not_https",
    "//calendar.example.org/a.ics": "address.not_https",
    "https://": "address.host",
    "https:///a.ics": "address.host",
    "https://localhost/a.ics": "address.host",
    "https://localhost./a.ics": "address.host",
    "https://intranet/a.ics": "address.host",
    "https://127.0.0.1/a.ics": "address.host",
    "https://127.1/a.ics": "address.host",
    "https://2130706433/a.ics": "address.host",
    "https://0x7f000001/a.ics": "address.host",
    "https://0x7f.0.0.1/a.ics": "address.host",
    "https://0177.0.0.1/a.ics": "address.host",
    "https://169.254.169.254/latest/meta-data": "address.host",
    "https://①②⑦.⓪.⓪.①/a.ics": "address.host",
    "https://１２７.0.0.1/a.ics": "address.host",
    "https://[::1]/a.ics": "address.host",
    "https://[::ffff:127.0.0.1]/a.ics": "address.host",
    "https://[fe80::1%25eth0]/a.ics": "address.host",
    "https://8.8.8.8/a.ics": "address.host",
    "https://example.org.1/a.ics": "address.host",
    "https://-a.example.org/a.ics": "address.host",
    "https://a..example.org/a.ics": "address.host",
    "https://" + "a" * 64 + ".example.org/a.ics": "address.host",
    "https://kari@calendar.example.org/a.ics": "address.userinfo",
    "https://kari:secret@calendar.example.org/a.ics": "address.userinfo",
    "https://calendar.example.org@127.0.0.1/a.ics": "address.userinfo",
    "https://calendar.example.org:22/a.ics": "address.port",
    "https://calendar.example.org:80/a.ics": "address.port",
    "https://calendar.example.org:0/a.ics": "address.port",
    "https://calendar.example.org:99999/a.ics": "address.unreadable",
    "https://calendar.example.org:x/a.ics": "address.unreadable",
    "https://calendar.example.org/a\r\nHost: inside/b.ics": "address.unreadable",
    "https://calendar.example.org/a b.ics": "address.unreadable",
    "https://calendar.example.org\\@127.0.0.1/a.ics": "address.unreadable",
    "https://calendar.example.org/\x00.ics": "address.unreadable",
    "https://[calendar.example.org/a.ics": "address.unreadable",
    "https://calendar.example.org/" + "a" * 2000: "address.unreadable",
}


@pytest.mark.parametrize(("typed", "code"), REFUSED.items(), ids=lambda each: ascii(each)[:50])
def test_what_is_no_public_https_address_is_refused(typed, code):
    with pytest.raises(InvalidInput) as refused:
        WebAddress.read(typed)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("https://calendar.example.org/a.ics", "https://calendar.example.org/a.ics"),
        (" webcal://Calendar.Example.ORG/a.ics ", "https://calendar.example.org/a.ics"),
        ("webcals://calendar.example.org", "https://calendar.example.org/"),
        ("https://calendar.example.org:443/a.ics#here", "https://calendar.example.org/a.ics"),
        ("https://calendar.example.org./a.ics?key=1&x=%2F", "https://calendar.example.org/a.ics?key=1&x=%2F"),
        ("https://blåbær.example.org/møterom.ics", "https://xn--blbr-roah.example.org/m%C3%B8terom.ics"),
        (
            "https://outlook.office365.com/owa/calendar/a@example.org/b/reachcalendar.ics",
            "https://outlook.office365.com/owa/calendar/a@example.org/b/reachcalendar.ics",
        ),
    ],
)
def test_a_public_address_is_read_as_https(typed, read):
    assert WebAddress.read(typed).text == read


def test_a_redirect_is_read_by_the_same_rules():
    here = WebAddress.read("https://calendar.example.org/a/b.ics")

    assert here.follow("c.ics").text == "https://calendar.example.org/a/c.ics"
    assert here.follow("//other.example.org/c.ics").text == "https://other.example.org/c.ics"
    for inward in (
        "http://calendar.example.org/",
        "https://127.0.0.1/",
        "file:///etc/passwd",
        "https://u@b.example.org/",
    ):
        with pytest.raises(InvalidInput):
            here.follow(inward)


def test_the_secret_is_in_nothing_that_is_printed():
    address = WebAddress.read("https://calendar.example.org/private-0123456789/basic.ics?token=abcdefgh")

    assert address.masked == "calendar.example.org/…efgh"
    assert WebAddress.read("https://calendar.example.org/private-0123456789/room.ics").masked == (
        "calendar.example.org/…room.ics"
    )
    assert WebAddress.read("https://calendar.example.org/abcdefgh").masked == "calendar.example.org/…"
    assert repr(address) == str(address) == "<calendar.example.org/…>"


INSIDE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "169.254.169.254",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "fc00::1",
    "fd12::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:c0a8:101::",
    "2001::1",
    "2001:db8::1",
    "100::1",
    "3fff::1",
    "localhost",
    "127.1",
    "2130706433",
    "0x7f000001",
    "017700000001",
]


@pytest.mark.parametrize("machine", INSIDE)
def test_no_machine_of_our_own_network_may_be_asked_in_whatever_form(machine):
    assert not is_public(machine)


@pytest.mark.parametrize("machine", ["8.8.8.8", "40.101.1.2", "172.32.0.1", "100.128.0.1", "2a00:1450:400f:80d::200e"])
def test_the_machines_of_the_net_may_be_asked(machine):
    assert is_public(machine)


@given(st.integers(0, 2**32 - 1))
def test_an_address_inside_an_address_is_no_way_in(number):
    inner = ipaddress.IPv4Address(number)

    for wrapped in (
        f"::ffff:{inner}",
        f"::{inner}",
        f"64:ff9b::{inner}",
        str(ipaddress.IPv6Address((0x2002 << 112) + (number << 80))),
    ):
        assert not is_public(wrapped)
