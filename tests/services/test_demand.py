"""Unmet demand: counted in coarse groups, on both databases."""

from datetime import date, timedelta

from booking.services.demand import coarse, count, unmet

TODAY = date(2027, 3, 1)


def looked(people=8, hours=2, **more):
    about = {"site": "", "kind": "space", "features": ["video", "hybrid"], **more}
    return coarse(people=people, length=timedelta(hours=hours), **about)


def test_searches_fall_into_groups():
    assert looked(5) == looked(8) != looked(9)
    assert looked(hours=1.5) == looked(hours=2) != looked(hours=3)
    assert looked(None).people == 0
    assert looked(500).people == 41
    assert looked(hours=20).minutes == looked(hours=14).minutes
    assert looked().features == "hybrid,video"


def test_the_same_is_counted_on_and_the_most_wanted_comes_first(change):
    with change() as session:
        for people, day in ((3, TODAY), (8, TODAY), (7, TODAY), (6, TODAY - timedelta(days=1)), (8, date(2026, 1, 1))):
            count(session, day, looked(people))
    with change() as session:
        found = unmet(session, TODAY - timedelta(days=30))

    assert [(each.looked.people, each.times) for each in found] == [(5, 3), (2, 1)]
