"""Odd days: midnight, the year's end, week 53, the leap day, many days, kits, and single minutes."""

from datetime import timedelta

from booking.core.recurrence import Every, Recurrence
from tests.clients.scene import NOW, Scene, case, wall


@case("until midnight and from midnight")
def _(scene: Scene) -> None:
    room = scene.room()
    scene.book(room, "2027-04-07 22:00-00:00", "Til midnatt")
    scene.book(room, "2027-04-08 00:00-02:00", "Fra midnatt")
    scene.book(room, "2027-04-09 23:59-00:01", "Over midnatt")


@case("a whole day by the clock")
def _(scene: Scene) -> None:
    room = scene.room()
    for day in ("2027-04-10", "2027-03-28", "2027-10-31"):
        scene.book(room, f"{day} 00:00-00:00", "Hele døgnet")


@case("several days")
def _(scene: Scene) -> None:
    scene.book(scene.room(), "2027-06-01 09:00-2027-06-04 15:30", "Messe")


@case("over the end of the year")
def _(scene: Scene) -> None:
    room = scene.room()
    scene.book(room, "2026-12-31 20:00-02:00", "Nyttår")
    scene.book(room, "2027-12-31 23:30-00:30", "Nyttår")


@case("week 53 and the days around it")
def _(scene: Scene) -> None:
    room = scene.room()
    for day in ("2026-12-28", "2027-01-01", "2027-01-03", "2027-01-04"):
        scene.book(room, f"{day} 10:00-11:00", "Uke 53")


@case("the leap day")
def _(scene: Scene) -> None:
    room = scene.room()
    scene.book(room, "2028-02-28 22:00-02:00", "Inn i skuddagen")
    scene.book(room, "2028-02-29 10:00-11:00", "Skuddag")
    scene.book(room, "2028-02-29 23:00-01:00", "Ut av skuddagen")


@case("the 31st of each month that has one")
def _(scene: Scene) -> None:
    scene.series(scene.room(), "2027-03-31 08:00-09:00", Recurrence(Every.MONTH_DATE, count=6))


@case("the last Friday of each month")
def _(scene: Scene) -> None:
    rule = Recurrence(Every.MONTH_WEEKDAY, nth=-1, count=8)
    scene.series(scene.room(), "2027-03-26 14:00-15:00", rule, "Fredagskaffe")


@case("a minute, and a minute after")
def _(scene: Scene) -> None:
    room = scene.room()
    scene.book(room, "2027-04-12 10:00-10:01", "Kort")
    scene.book(room, "2027-04-12 10:01-10:02", "Like etter")


@case("a kit of three resources, and one of them moved")
def _(scene: Scene) -> None:
    rooms = tuple(scene.room(name=name) for name in ("Mikroskop, stort", "Benk; våt", "Kjøler\\3"))
    kept = scene.book(rooms, "2027-04-13 10:00-12:00", "")
    moved = scene.book(rooms, "2027-04-14 10:00-12:00", "Prøver")
    scene.change(moved, wall=wall("2027-04-14 13:00-15:00"))
    assert kept != moved


@case("running as the feed is read")
def _(scene: Scene) -> None:
    room = scene.room()
    scene.book(room, "2027-03-01 09:00-12:00", "Pågår")


@case("at the edges of the year that is shown, and beyond them")
def _(scene: Scene) -> None:
    room = scene.room()
    for day in ("2026-02-27", "2026-03-01", "2026-03-02", "2028-03-06", "2028-03-07", "2028-03-08"):
        scene.book(room, f"{day} 11:00-12:00", "I vinduet eller ikke")


@case("booked a moment before the feed is read")
def _(scene: Scene) -> None:
    with scene.later(NOW - timedelta(minutes=5)):
        scene.book(scene.room(), "2027-03-01 15:00-16:00", "Nettopp bestilt")
