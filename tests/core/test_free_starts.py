"""The sweep for free starts, against trying every minute."""

from hypothesis import given
from hypothesis import strategies as st

from booking.core.free_starts import free_starts, united
from tests.core.world import quick

small = st.integers(0, 60)


@st.composite
def windows(draw):
    edges = sorted(draw(st.sets(small, max_size=8)))
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False) if a < b]


busies = st.lists(st.tuples(st.integers(-20, 70), st.integers(1, 15)).map(lambda each: (each[0], sum(each)))).map(
    sorted
)


def by_trying(windows, busy, length, before, after):
    """Every start for which nothing stands in the way, one by one."""
    return {
        start
        for start in range(-30, 90)
        if any(opens <= start and start + length <= closes for opens, closes in windows)
        and not any(begins < start + length + after and start - before < ends for begins, ends in busy)
    }


def listed(stretches):
    return [start for first, last in stretches for start in range(first, last + 1)]


@quick
@given(windows(), busies, st.integers(1, 12), st.integers(0, 5), st.integers(0, 5))
def test_the_sweep_finds_what_trying_every_minute_finds(windows, busy, length, before, after):
    found = listed(free_starts(windows, busy, length, before, after))

    assert found == sorted(by_trying(windows, busy, length, before, after))


@quick
@given(windows(), st.lists(busies, min_size=1, max_size=3), st.integers(1, 12))
def test_a_pool_is_free_when_any_unit_is(windows, units, length):
    found = listed(united(each for busy in units for each in free_starts(windows, busy, length)))

    assert found == sorted(set().union(*(by_trying(windows, busy, length, 0, 0) for busy in units)))


def test_touching_is_free_and_set_up_is_kept():
    assert list(free_starts([(0, 10)], [(4, 6)], 4)) == [(0, 0), (6, 6)]
    assert list(free_starts([(0, 10)], [(4, 6)], 2, before=1, after=1)) == [(0, 1), (7, 8)]
