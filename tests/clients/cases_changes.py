"""Bookings and series to which something happened: moved, renamed, cancelled, asked for, answered."""

from datetime import date, timedelta

from booking.core.recurrence import Every, Recurrence
from booking.core.request import Item
from booking.services.series_cancelling import cancel_series
from booking.services.series_reading import Reach
from booking.services.series_wishes import SKIP
from tests.clients.scene import NOW, Scene, case, wall

TUESDAYS = Recurrence(Every.WEEK, count=8)
ANEW = "2027-05-11 12:30-13:30"


@case("moved, twice within a second")
def _(scene: Scene) -> None:
    kept = scene.book(scene.room(), "2027-04-15 10:00-11:00")
    scene.change(kept, wall=wall("2027-04-15 12:00-13:00"))
    scene.clock -= timedelta(minutes=1)
    scene.change(kept, wall=wall("2027-04-16 14:00-16:00"))


@case("moved to another room, which its name tells")
def _(scene: Scene) -> None:
    room, other = scene.room(name="Gammelt rom"), scene.room(name="Nytt rom, ærlig talt")
    kept = scene.book(room, "2027-04-19 10:00-11:00", "")
    scene.change(kept, items=(Item(other.id),))


@case("moved out of summer time, and into it")
def _(scene: Scene) -> None:
    room = scene.room()
    out = scene.book(room, "2027-10-20 10:00-11:00", "Ut av sommeren")
    scene.change(out, wall=wall("2027-11-03 10:00-11:00"))
    into = scene.book(room, "2027-03-24 10:00-11:00", "Inn i sommeren")
    scene.change(into, wall=wall("2027-03-31 10:00-11:00"))


@case("renamed, and the name taken away")
def _(scene: Scene) -> None:
    renamed = scene.book(scene.room(), "2027-04-20 10:00-11:00", "Gammelt navn")
    scene.change(renamed, title="Nytt navn: årsmøte, del 2")
    unnamed = scene.book(scene.room(name="Møterom Blåbær"), "2027-04-21 10:00-11:00", "Snart uten navn")
    scene.change(unnamed, title="")


@case("cancelled lately")
def _(scene: Scene) -> None:
    booked = scene.book(scene.room(), "2027-04-22 10:00-11:00", "Blir ikke noe av")
    with scene.later(NOW - timedelta(days=3)):
        scene.cancel(booked)


@case("cancelled so long ago that it is told no more")
def _(scene: Scene) -> None:
    booked = scene.book(scene.room(), "2027-04-23 10:00-11:00", "For lengst avlyst")
    with scene.later(NOW - timedelta(days=45)):
        scene.cancel(booked)


@case("cancelled over a change of the clock")
def _(scene: Scene) -> None:
    booked = scene.book(scene.room(), "2027-10-30 22:00-05:00", "Avlyst natt")
    with scene.later(NOW - timedelta(days=2)):
        scene.cancel(booked)


@case("asked for and not answered yet")
def _(scene: Scene) -> None:
    with scene.later(NOW - timedelta(hours=2)):
        scene.book(scene.asking_room(), "2027-04-26 10:00-11:00", "Spurt om")


@case("asked for and approved")
def _(scene: Scene) -> None:
    with scene.later(NOW - timedelta(hours=2)):
        scene.approve(scene.book(scene.asking_room(), "2027-04-27 10:00-11:00", "Godkjent"))


@case("asked for and declined")
def _(scene: Scene) -> None:
    with scene.later(NOW - timedelta(hours=2)):
        scene.decline(scene.book(scene.asking_room(), "2027-04-28 10:00-11:00", "Avslått"))


@case("asked for, and given up by whoever asked")
def _(scene: Scene) -> None:
    with scene.later(NOW - timedelta(hours=2)):
        scene.cancel(scene.book(scene.asking_room(), "2027-04-29 10:00-11:00", "Trukket"))


@case("a series of requests, one answered each way")
def _(scene: Scene) -> None:
    with scene.later(NOW - timedelta(hours=2)):
        first = scene.series(scene.asking_room(), "2027-05-03 10:00-11:00", Recurrence(Every.DAY, count=4))
        dates = scene.dates(first)
        scene.approve(dates[0])
        scene.decline(dates[1])


@case("a series with dates moved and taken away by hand")
def _(scene: Scene) -> None:
    room = scene.room()
    dates = scene.dates(scene.series(room, "2027-03-09 13:00-14:00", TUESDAYS, "Serie"))
    scene.change(dates[2], wall=wall("2027-03-24 15:00-16:30"))
    scene.change(dates[3], title="Serie, men annerledes")
    with scene.later(NOW - timedelta(days=1)):
        scene.cancel(dates[4])
    scene.change(dates[5], wall=wall("2027-04-13 09:00-10:00"))


@case("a series moved as a whole")
def _(scene: Scene) -> None:
    first = scene.series(scene.room(), "2027-03-10 13:00-14:00", TUESDAYS, "Flyttet serie")
    scene.change_series(first, "2027-03-11 15:00-16:00", Reach.ALL)


@case("a series moved from one date on")
def _(scene: Scene) -> None:
    dates = scene.dates(scene.series(scene.room(), "2027-03-12 08:00-09:00", TUESDAYS, "Delt serie"))
    scene.change_series(dates[4], "2027-04-09 10:15-11:45", Reach.FOLLOWING)


@case("a series renamed from one date on")
def _(scene: Scene) -> None:
    dates = scene.dates(scene.series(scene.room(), "2027-09-07 08:00-09:00", TUESDAYS, "Før"))
    scene.change_series(dates[3], "2027-09-28 08:00-09:00", Reach.FOLLOWING, title="Etter: ny tid, samme rom")


@case("a series cancelled from one date on")
def _(scene: Scene) -> None:
    dates = scene.dates(scene.series(scene.room(), "2027-06-07 08:00-09:00", TUESDAYS, "Slutter tidlig"))
    with scene.later(NOW - timedelta(days=1)):
        cancel_series(scene.session, scene.now, scene.acting(scene.kari), dates[5], Reach.FOLLOWING)


@case("a series that leaves dates out")
def _(scene: Scene) -> None:
    left_out = {date(2027, 5, 18): SKIP, date(2027, 6, 1): SKIP}
    scene.series(scene.room(), ANEW, TUESDAYS, "Ikke hver uke", choices=left_out)


@case("a series of chosen dates")
def _(scene: Scene) -> None:
    dates = (date(2027, 4, 30), date(2027, 5, 2), date(2027, 8, 14), date(2027, 12, 24))
    scene.series(scene.room(), "2027-04-30 17:00-18:00", Recurrence(Every.DATES, dates=dates), "Utvalgte dager")
