"""What people type is read as they mean it."""

from datetime import date, datetime, time

import pytest

from booking.web.reading import read_clock, read_day, read_number, read_span_token, read_wall, span_token
from tests.factories import span_at

DAY = date(2027, 3, 2)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("9", time(9)),
        ("09", time(9)),
        ("900", time(9)),
        ("0900", time(9)),
        ("9.00", time(9)),
        ("9:05", time(9, 5)),
        (" 09:30 ", time(9, 30)),
        ("0", time(0)),
        ("23:59", time(23, 59)),
    ],
)
def test_a_time_may_be_written_in_many_ways(typed, meant):
    assert read_clock(typed) == (meant, False)


@pytest.mark.parametrize("typed", ["", "25", "24:01", "9:60", "9:5", "nine", "12345", "-1", "9,30", "٩"])
def test_what_is_no_time_is_none(typed):
    assert read_clock(typed) is None


@pytest.mark.parametrize("typed", ["24", "2400", "24:00", "24.00"])
def test_the_end_of_the_day_is_the_next_midnight(typed):
    assert read_wall(DAY, typed) == datetime(2027, 3, 3)


@pytest.mark.parametrize("typed", ["2027-03-02", "02.03.2027", "2.3.2027", " 2027-03-02 "])
def test_a_day_is_read_as_fields_and_people_write_it(typed):
    assert read_day(typed) == DAY


@pytest.mark.parametrize("typed", ["", "2027-02-30", "tomorrow", "02/03/2027", "0001-01-01", "9999-12-31"])
def test_what_is_no_day_is_none(typed):
    assert read_day(typed) is None


@pytest.mark.parametrize(("typed", "number"), [("8", 8), (" 12 ", 12), ("9999", 9999), ("0", None), ("10000", None)])
def test_a_number_of_people_is_one_to_many(typed, number):
    assert read_number(typed) == number


@pytest.mark.parametrize("typed", ["", "-1", "1.5", "eight", "٨", "1e3"])
def test_what_is_no_number_is_none(typed):
    assert read_number(typed) is None


def test_a_button_carries_its_span_exactly():
    span = span_at("2027-10-31 01:00-02:30")

    assert read_span_token(span_token(span)) == span


@pytest.mark.parametrize(
    "token",
    ["", "/", "20270302T090000Z", "20270302T100000Z/20270302T090000Z", "x/y", "00010101T000000Z/00010101T010000Z"],
)
def test_a_token_that_is_not_ours_is_none(token):
    assert read_span_token(token) is None
