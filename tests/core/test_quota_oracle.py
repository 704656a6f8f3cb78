"""R22 and R23 against an oracle that looks at every minute: the period it is in, and whether it counts."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from booking.core.localtime import local_day
from booking.core.timespan import TimeSpan
from booking.core.usage import Use
from tests.core.quota_world import limit, quota_room, use
from tests.core.test_quota_rules import PEAKS, asked
from tests.core.world import OLA, OSLO, each_minute, near, quick, spans


@st.composite
def worlds(draw: st.DrawFn) -> tuple[TimeSpan, list[Use], str, int, bool]:
    what = draw(spans(longest=30 * 60))
    uses = [
        use(draw(near(what, reach=30 * 60)), member=draw(st.sampled_from((1, OLA))), number=number)
        for number in range(draw(st.integers(0, 4)))
    ]
    per = draw(st.sampled_from(("day", "week", "month", "rolling")))
    return what, uses, per, draw(st.integers(1, 3)) if per == "rolling" else 0, draw(st.booleans())


@quick
@given(worlds(), st.integers(1, 12))
def test_minute_by_minute(world: tuple[TimeSpan, list[Use], str, int, bool], amount: int) -> None:
    """The oracle looks at every minute: the period it is in, and whether it counts."""
    what, uses, per, days, peak = world
    line = limit(amount, per, **({"days": days} if days else {}), **({"windows": PEAKS} if peak else {}))
    bookings = [what, *(each.span for each in uses if each.member_id == 1)]
    minutes, counts = tallied(bookings, per, days, peak)

    found = asked(what, quota_room("R23", [line], *uses))
    counted = asked(what, quota_room("R22", [line], *uses))

    own = {period for period, (_, numbers) in counts.items() if 0 in numbers}
    assert found.refused == any(minutes[period] > amount * 60 for period in own)
    assert counted.refused == any(len(counts[period][1]) > amount for period in own)


def tallied(
    bookings: list[TimeSpan], per: str, days: int, peak: bool
) -> tuple[dict[object, int], dict[object, tuple[object, set[int]]]]:
    """Minutes by period, and the bookings that have any there."""
    minutes: dict[object, int] = {}
    counts: dict[object, tuple[object, set[int]]] = {}
    for number, booking in enumerate(bookings):
        for minute in each_minute(booking):
            if peak and not 8 <= minute.astimezone(OSLO).hour < 11:
                continue
            day = local_day(minute, OSLO)
            for period in named(day, per, days):
                minutes[period] = minutes.get(period, 0) + 1
                counts.setdefault(period, (period, set()))[1].add(number)
    return minutes, counts


def named(day: date, per: str, days: int) -> list[object]:
    """Names of all periods the day belongs to."""
    if per == "rolling":
        return [day - timedelta(days=n) for n in range(days)]
    return [{"day": day, "week": day.isocalendar()[:2], "month": (day.year, day.month)}[per]]
