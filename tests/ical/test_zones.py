"""VTIMEZONE: two yearly rules that say what zoneinfo says."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil import tz

from booking.ical.zones import NoYearlyRule, has_vtimezone, vtimezone

HALF_HOUR = timedelta(minutes=30)
ZONES = ["Europe/Oslo", "Europe/London", "Europe/Dublin", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "UTC"]


def as_read(name: str) -> tz.tzlocal:
    """The zone as dateutil understands our VTIMEZONE."""
    return tz.tzical(StringIO(vtimezone(name).decode())).get(name)


@pytest.mark.parametrize("name", ZONES)
def test_a_zone_says_what_zoneinfo_says_from_2026_to_2030(name):
    theirs, ours = ZoneInfo(name), as_read(name)
    walls = (datetime(2026, 1, 1, tzinfo=theirs) + n * HALF_HOUR for n in range(5 * 365 * 48))

    plain = (wall for wall in walls if wall.utcoffset() == wall.replace(fold=1).utcoffset())
    differing = [wall for wall in plain if wall.replace(tzinfo=ours).utcoffset() != wall.utcoffset()]

    assert differing == []


def test_oslo_is_written_as_rules_and_never_as_dates():
    oslo = vtimezone("Europe/Oslo").decode().split("\r\n")

    assert oslo[:2] == ["BEGIN:VTIMEZONE", "TZID:Europe/Oslo"]
    assert oslo[oslo.index("BEGIN:DAYLIGHT") :][:6] == [
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T020000",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "TZNAME:CEST",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    ]
    assert oslo[oslo.index("BEGIN:STANDARD") :][:6] == [
        "BEGIN:STANDARD",
        "DTSTART:19701025T030000",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "TZNAME:CET",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    ]
    assert not any(line.startswith("RDATE") for line in oslo)


def test_icalendar_reads_the_nights_when_the_clock_changes_as_we_meant_them():
    zone = icalendar.Timezone.from_ical(vtimezone("Europe/Oslo")).to_tz(lookup_tzid=False)

    before, after = (datetime(2027, 3, 28, hour, 30, tzinfo=UTC).astimezone(zone) for hour in (0, 1))

    assert (before.hour, after.hour) == (1, 3)


@pytest.mark.parametrize("name", ["America/Nuuk", "Asia/Gaza", "Africa/Casablanca", "Africa/El_Aaiun"])
def test_a_zone_whose_clock_changes_oddly_or_leaves_its_rule_is_refused(name):
    assert not has_vtimezone(name)
    with pytest.raises(NoYearlyRule):
        vtimezone(name)
