"""The nights when the clock changes, the missing and the doubled hour, and places with clocks of their own."""

from booking.core.recurrence import Every, Recurrence
from tests.clients.scene import Scene, case, wall

SPRING, AUTUMN = "2027-03-28", "2027-10-31"
LAST_SPRING, LAST_AUTUMN = "2026-03-29", "2026-10-25"


@case("a night in which the clock goes forward")
def _(scene: Scene) -> None:
    for evening in ("2026-03-28", "2027-03-27"):
        scene.book(scene.room(), f"{evening} 23:00-07:00", "Nattkjøring")


@case("a night in which the clock goes back")
def _(scene: Scene) -> None:
    for evening in ("2026-10-24", "2027-10-30"):
        scene.book(scene.room(), f"{evening} 23:00-06:00", "Nattkjøring")


@case("until the clock jumps, and from there on")
def _(scene: Scene) -> None:
    for day in (LAST_SPRING, SPRING):
        room = scene.room()
        scene.book(room, f"{day} 01:00-01:59")
        scene.book(room, f"{day} 03:00-04:00")


@case("over nothing but the missing hour")
def _(scene: Scene) -> None:
    scene.book(scene.room(), f"{SPRING} 01:30-03:30", "En time, men ikke på klokka")


@case("the doubled hour, the first time and the second")
def _(scene: Scene) -> None:
    for day in (LAST_AUTUMN, AUTUMN):
        room = scene.room()
        for fold in (0, 1):
            scene.book_wall(room, wall(f"{day} 02:10-02:50", fold, fold), f"Gang {fold + 1}")


@case("from the first half past two to the second")
def _(scene: Scene) -> None:
    scene.book_wall(scene.room(), wall(f"{AUTUMN} 02:30-02:45", 0, 1), "En time og et kvarter")


@case("into the doubled hour, and out of it")
def _(scene: Scene) -> None:
    room = scene.room()
    scene.book_wall(room, wall(f"{AUTUMN} 01:00-02:00", end_fold=0), "Til to, første gang")
    scene.book_wall(room, wall(f"{AUTUMN} 02:00-04:00", start_fold=1), "Fra to, andre gang")


@case("days on end over a change of the clock")
def _(scene: Scene) -> None:
    room = scene.room()
    scene.book(room, "2027-03-26 12:00-2027-03-30 12:00", "Måling")
    scene.book(room, "2027-10-29 00:00-2027-11-01 00:00", "Måling")


@case("from one winter to the next")
def _(scene: Scene) -> None:
    scene.book(scene.room(), "2027-01-11 08:00-2027-12-01 16:00", "Utlån")


@case("nine o'clock each week, in summer and in winter")
def _(scene: Scene) -> None:
    room = scene.room()
    scene.series(room, "2027-03-02 09:00-10:00", Recurrence(Every.WEEK, count=6))
    scene.series(room, "2027-10-12 09:00-10:00", Recurrence(Every.WEEK, count=6))


@case("each Saturday night over both changes of the clock")
def _(scene: Scene) -> None:
    scene.series(scene.room(), "2027-03-13 23:00-07:00", Recurrence(Every.WEEK, count=36), "Nattevakt")


@case("each Sunday from three o'clock, which the clock jumps to once")
def _(scene: Scene) -> None:
    scene.series(scene.room(), "2027-03-14 03:00-04:00", Recurrence(Every.WEEK, count=4))


@case("New York, whose clock changes on other days")
def _(scene: Scene) -> None:
    room = scene.room("America/New_York")
    for at in ("2027-03-13 22:00-04:00", "2027-03-15 09:00-10:00", "2027-11-06 22:00-04:00", "2027-11-08 09:00-10:00"):
        scene.book(room, at, "Transatlantic")
    scene.book_wall(scene.room("America/New_York"), wall("2027-11-07 01:10-01:50", 1, 1), "The second half past one")


@case("Kolkata, half an hour off and without summer time")
def _(scene: Scene) -> None:
    room = scene.room("Asia/Kolkata")
    for at in ("2027-01-15 09:30-10:15", "2027-07-15 09:30-10:15", "2027-03-27 23:00-07:00"):
        scene.book(room, at, "ठीक है")


@case("Casablanca, where the clock goes back for Ramadan")
def _(scene: Scene) -> None:
    room = scene.room("Africa/Casablanca")
    for at in ("2027-02-06 22:00-06:00", "2027-02-20 10:00-11:00", "2027-03-13 22:00-06:00", "2027-06-01 10:00-11:00"):
        scene.book(room, at, "رمضان")


@case("a place that keeps UTC")
def _(scene: Scene) -> None:
    room = scene.room("UTC")
    for at in ("2027-01-15 09:00-10:00", "2027-03-27 23:00-07:00", "2027-07-15 00:00-01:00"):
        scene.book(room, at)


@case("Lord Howe, whose summer is half an hour")
def _(scene: Scene) -> None:
    room = scene.room("Australia/Lord_Howe")
    for at in ("2027-04-03 22:00-04:00", "2027-07-01 09:00-10:00", "2027-10-02 22:00-04:00", "2027-12-01 09:00-10:00"):
        scene.book(room, at)


@case("Dublin, whose winter is the exception, and Chatham far east")
def _(scene: Scene) -> None:
    for zone in ("Europe/Dublin", "Pacific/Chatham"):
        room = scene.room(zone)
        for at in ("2027-01-15 09:00-10:00", "2027-07-15 09:00-10:00", "2027-03-27 22:00-06:00"):
            scene.book(room, at)


@case("Nuuk, whose clock changes before midnight")
def _(scene: Scene) -> None:
    room = scene.room("America/Nuuk")
    for at in ("2027-01-15 09:00-10:00", "2027-03-27 20:00-00:30", "2027-07-15 09:00-10:00"):
        scene.book(room, at)
