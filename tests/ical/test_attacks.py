"""Calendars that somebody made to hurt: refused, or read within bounds, in a process that the kernel ends."""

import resource
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.core.timespan import TimeSpan
from booking.ical import sifting
from booking.ical.apart import USUAL, Limits, read_apart
from booking.ical.bounds import MOST_OCTETS
from booking.ical.reading import UnreadableCalendar

NOW = datetime(2027, 5, 3, 8, 0, tzinfo=UTC)
WITHIN = TimeSpan(NOW - timedelta(days=1), NOW + timedelta(days=400))
OSLO = ZoneInfo("Europe/Oslo")
GOOD = "UID:good\nDTSTART:20270504T080000Z\nDTEND:20270504T090000Z"
AT = "DTSTART:20270501T000000Z\nDTEND:20270501T010000Z"


def calendar(*events, head=""):
    body = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{body}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def read(data, **limits):
    return read_apart(data, OSLO, WITHIN, limits=Limits(**limits) if limits else USUAL)


def uids(reading):
    return [event.uid for event in reading.events]


def codes(reading):
    return [trouble.code for trouble in reading.troubles]


ONE_EVENT_TOO_WILD = {
    "every second": f"UID:a\n{AT}\nRRULE:FREQ=SECONDLY",
    "every second since 1970": "UID:a\nDTSTART:19700101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY",
    "every minute": f"UID:a\n{AT}\nRRULE:FREQ=MINUTELY",
    "every hour": f"UID:a\n{AT}\nRRULE:FREQ=HOURLY;COUNT=5",
    "every nought days": f"UID:a\n{AT}\nRRULE:FREQ=DAILY;INTERVAL=0",
    "many times a day": f"UID:a\n{AT}\nRRULE:FREQ=DAILY;BYHOUR={','.join(map(str, range(24)))}",
    "since the year 1": "UID:a\nDTSTART:00010101T000000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY",
    "a hundred thousand dates": f"UID:a\n{AT}\nRDATE:{','.join(['20270501T000000Z'] * 100_000)}",
    "a hundred thousand lines of dates": f"UID:a\n{AT}\n" + "RDATE:20270501T000000Z\n" * 100_000,
    "twenty thousand dates left out": (
        f"UID:a\n{AT}\nRRULE:FREQ=DAILY\nEXDATE:{','.join(['20270501T000000Z'] * 20_000)}"
    ),
}


@pytest.mark.parametrize("event", ONE_EVENT_TOO_WILD.values(), ids=ONE_EVENT_TOO_WILD)
def test_an_event_that_repeats_beyond_measure_is_left_out_and_the_others_are_read(event):
    reading = read(calendar(event, GOOD))

    assert uids(reading) == ["good"]
    assert codes(reading) == ["import.wild_rule"]


ONE_EVENT_BROKEN = {
    "no start": "UID:a\nDTEND:20270501T010000Z",
    "no sense": "UID:a\nDTSTART:yesterday\nDTEND:tomorrow",
    "before it starts": "UID:a\nDTSTART:20270504T100000Z\nDTEND:20270504T090000Z",
    "no UID": AT,
    "a line without end": f"UID:{'x' * 200_000}\n{AT}",
    "folded a million times": "UID:a\n " + "\n ".join("xx" for _ in range(200_000)) + f"\n{AT}",
    "length beyond time": "UID:a\nDTSTART:20270504T100000Z\nDURATION:P999999999999D",
    "a rule without sense": f"UID:a\n{AT}\nRRULE:FREQ=DAILY;BYMONTH=13;COUNT=x",
}


@pytest.mark.parametrize("event", ONE_EVENT_BROKEN.values(), ids=ONE_EVENT_BROKEN)
def test_an_event_that_makes_no_sense_is_counted_and_the_others_are_read(event):
    reading = read(calendar(event, GOOD))

    assert uids(reading) == ["good"]
    assert len(reading.troubles) == 1


@pytest.mark.parametrize(
    "rule",
    ["FREQ=DAILY", "FREQ=DAILY;COUNT=2000000000", "FREQ=DAILY;UNTIL=99991231T235959Z", "FREQ=WEEKLY;UNTIL=99991231"],
)
def test_what_repeats_for_ever_is_read_as_far_as_the_window(rule):
    reading = read(calendar(f"UID:a\n{AT}\nRRULE:{rule}"))

    assert reading.troubles == ()
    assert 50 <= len(reading.events) <= 402
    assert all(event.span.overlaps(WITHIN) for event in reading.events)


def test_an_event_may_end_in_the_year_9999():
    reading = read(calendar("UID:a\nDTSTART:20270501T000000Z\nDTEND:99991231T235959Z", GOOD))

    assert uids(reading) == ["a", "good"]


def test_bytes_of_nothing_are_nothing():
    reading = read(calendar("UID:a\0\nDTSTART:2027\x000504T080000Z\nDTEND:20270504T090000Z"))

    assert uids(reading) == ["a"]


def test_what_is_nested_in_an_event_is_neither_read_nor_an_event():
    inner = "BEGIN:VALARM\nBEGIN:VEVENT\nUID:inner\nEND:VEVENT\nDTSTART:20280101T000000Z\nEND:VALARM\n"

    reading = read(calendar(f"UID:a\n{inner}BEGIN:VEVENT\nUID:b\nEND:VEVENT\n{AT[:20]}04T080000Z\nDURATION:PT1H", GOOD))

    assert uids(reading) in (["good"], ["a", "good"])
    assert "inner" not in uids(reading)
    assert "b" not in uids(reading)


@pytest.mark.parametrize("name", ["VEVENT", "VALARM", "VTIMEZONE", "X-WHATEVER"])
@pytest.mark.parametrize("ends", [0, 50_000])
def test_a_hundred_thousand_beginnings_are_no_way_down(name, ends):
    data = "BEGIN:VCALENDAR\n" + f"BEGIN:{name}\n" * 100_000 + f"END:{name}\n" * ends

    with pytest.raises(UnreadableCalendar) as refused:
        read(data.encode())

    assert refused.value.code == "import.no_calendar"


def test_calendars_inside_calendars_are_not_gone_into():
    nested = b"BEGIN:VCALENDAR\n" * 100_000 + b"END:VCALENDAR\n" * 100_000

    assert read(nested).events == ()


WHOLE_FILE = {
    "a page to sign in": (b"<html><body>Sign in</body></html>", "import.no_calendar"),
    "nothing": (b"", "import.no_calendar"),
    "noise": (bytes(range(256)) * 1000, "import.no_calendar"),
    "half of one": (calendar(GOOD)[:-20], "import.no_calendar"),
    "a line of twenty megabytes": (calendar(f"{GOOD}\nDESCRIPTION:{'x' * 20_000_000}"), "import.too_large"),
    "one octet too many": (calendar(GOOD).ljust(MOST_OCTETS + 1), "import.too_large"),
    "more events than anybody has": (
        calendar(*[f"UID:{n}\n{AT}\nRRULE:FREQ=DAILY" for n in range(20_001)]),
        "import.too_many",
    ),
}


@pytest.mark.parametrize(("data", "code"), WHOLE_FILE.values(), ids=WHOLE_FILE)
def test_a_file_that_is_none_is_refused_with_its_reason(data, code):
    with pytest.raises(UnreadableCalendar) as refused:
        read(data)

    assert refused.value.code == code


def test_a_line_of_almost_five_megabytes_that_nobody_asks_for_costs_nothing():
    reading = read(calendar(f"{GOOD}\nDESCRIPTION:{'x' * 4_900_000}"))

    assert uids(reading) == ["good"]


ENDLESS = calendar(*[f"UID:{n}\nDTSTART:19700101T000000Z\nDURATION:PT1H\n"
                     "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" for n in range(3_000)])  # fmt: skip


def test_the_kernel_ends_the_process_when_its_seconds_are_used_up():
    """All that was spent on it is within the limit and the moment it takes to be ended."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(UnreadableCalendar) as refused:
        read(ENDLESS)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)

    assert refused.value.code == "import.too_heavy"
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime <= USUAL.cpu_seconds + 1


def test_the_clock_on_the_wall_ends_it_too():
    with pytest.raises(UnreadableCalendar) as refused:
        read(ENDLESS, cpu_seconds=60, wall_seconds=1)

    assert refused.value.code == "import.too_heavy"


def test_memory_has_an_end():
    with pytest.raises(UnreadableCalendar) as refused:
        read(calendar(*[f"UID:{n}\n{AT}" for n in range(20_000)]), cpu_seconds=60, memory=60 * 1024 * 1024)

    assert refused.value.code == "import.too_heavy"


def test_titles_and_people_stay_with_whoever_wrote_them():
    private = f"{GOOD}\nSUMMARY:Secret\nDESCRIPTION:Secret\nLOCATION:Secret\nORGANIZER:mailto:secret@example.org"
    data = calendar(f"{private}\nBEGIN:VALARM\nDESCRIPTION:Secret\nEND:VALARM", head="X-WR-CALNAME:Secret\n")

    assert b"ecret" not in sifting.sift(data, with_titles=False).data
    (event,) = read(data).events
    assert (event.title, event.email) == ("", "")
    (asked,) = read_apart(data, OSLO, WITHIN, with_titles=True).events
    assert (asked.title, asked.email) == ("Secret", "secret@example.org")


# --- what is odd and meant well ---------------------------------------------------------------------------------------


def starts(reading):
    return [f"{event.span.starts_at:%m-%d %H:%M}" for event in reading.events]


@pytest.mark.parametrize(
    ("head", "start", "unknown", "utc"),
    [
        ("", "DTSTART:20270504T100000", False, "05-04 08:00"),
        ("X-WR-TIMEZONE:America/New_York\n", "DTSTART:20270504T100000", False, "05-04 14:00"),
        ("", "DTSTART;TZID=Middle Earth:20270504T100000", True, "05-04 08:00"),
        ("", "DTSTART;TZID=W. Europe Standard Time:20270504T100000", False, "05-04 08:00"),
        ("", "DTSTART;TZID=Europe/London:20270504T100000", False, "05-04 09:00"),
    ],
)
def test_times_without_a_zone_we_know_are_read_by_the_calendar_or_by_the_clocks_here(head, start, unknown, utc):
    reading = read(calendar(f"UID:a\n{start}\nDURATION:PT1H", head=head))

    assert starts(reading) == [utc]
    assert [event.unknown_zone for event in reading.events] == [unknown]


def test_a_zone_of_exchange_that_begins_in_1601_is_followed():
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Customized\n"
        "BEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\n"
        "BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n"
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
    )
    event = "UID:a\nDTSTART;TZID=Customized:20270504T100000\nDTEND;TZID=Customized:20270504T110000"

    assert starts(read(calendar(event, head=zone))) == ["05-04 08:00"]


def test_a_last_day_that_is_only_a_date_counts_to_its_end():
    event = "UID:a\nDTSTART:20270504T080000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20270506"

    assert starts(read(calendar(event))) == ["05-04 08:00", "05-05 08:00", "05-06 08:00"]


@pytest.mark.parametrize("mark", ["STATUS:TENTATIVE", "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"])
def test_tentative_events_are_known_by_their_status_and_by_outlooks_own_word(mark):
    (event,) = read(calendar(f"{GOOD}\n{mark}")).events

    assert event.tentative


@pytest.mark.parametrize("mark", ["TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"])
def test_events_that_are_marked_as_free_take_no_time(mark):
    reading = read(calendar(f"{GOOD}\n{mark}"))

    assert reading.events == ()
    assert [(trouble.code, trouble.harmless) for trouble in reading.troubles] == [("import.transparent", True)]


def test_years_of_history_are_dropped_unread_and_one_date_that_was_moved_is_kept():
    old = [f"UID:{n}\nDTSTART:20200101T080000Z\nDTEND:20200101T090000Z" for n in range(19_000)]
    series = "UID:s\nDTSTART:20200101T080000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;UNTIL=20270510T000000Z"
    moved = "UID:s\nRECURRENCE-ID:20270505T080000Z\nDTSTART:20270506T120000Z\nDURATION:PT1H"

    reading = read(calendar(*old, series, moved, GOOD))

    assert reading.troubles == ()
    assert starts(reading) == ["05-04 08:00", "05-06 12:00"]
