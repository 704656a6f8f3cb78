"""What rooms and sites have of their own: maintenance, set-up, who may know of bookings, and at last closures."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from booking.core.outages import Effect
from booking.core.request import Item
from booking.models import Building, Resource
from booking.services.catalogue import resources_by_id
from booking.services.closures import add_closure
from booking.services.outages import Plan, lay_outage
from booking.services.scopes import where
from tests.clients.cases_texts import COMPONENTS, SCIENTIST
from tests.clients.scene import NOW, THE_ROOM, Scene, case, wall
from tests.support.deciding import set_rule


def _close(scene: Scene, kind: str, id_: int, when: str, name: str, zone: str = "Europe/Oslo") -> None:
    span = wall(when).resolve(ZoneInfo(zone))
    add_closure(scene.session, scene.now, scene.nils, where(scene.session, kind, id_), span, name)


@case("the room itself, booked, closed by all that it lies in, and maintained")
def _(scene: Scene) -> None:
    building = Building(slug="bygget", name="Bygget", site_id=scene.site().id)
    scene.session.add(building)
    scene.session.flush()
    category_id = scene.category({"nb": "Saler", "en": "Halls"})
    room = scene.room(slug=THE_ROOM, name="Rommet, 2. etg", building_id=building.id, category_id=category_id)
    scene.book(room, "2027-03-05 10:00-11:00", "I rommet")
    scene.book(room, "2027-03-08 10:00-11:00", "")
    scene.book(room, "2027-03-27 20:00-06:00", "I rommet om natta")
    with scene.later(NOW - timedelta(days=1)):
        scene.cancel(scene.book(room, "2027-03-09 10:00-11:00", "Avlyst i rommet"))
    for kind, id_ in (("building", building.id), ("category", category_id), ("resource", room.id)):
        _close(scene, kind, id_, f"2027-07-{len(kind):02} 00:00-00:00", f"Closed: {kind}")
    _maintain(scene, room, "2027-04-05 08:00-12:00", "Filter; nytt", Effect.BLOCK)
    _maintain(scene, room, "2027-04-06 00:00-00:00", "Hele dagen", Effect.BLOCK)
    _maintain(scene, room, "2027-04-07 08:00-12:00", "Bare til opplysning", Effect.NOTICE)


def _maintain(scene: Scene, room: Resource, when: str, reason: str, effect: Effect) -> None:
    span = wall(when).resolve(ZoneInfo("Europe/Oslo"))
    card = resources_by_id(scene.session, [room.id])[room.id]
    lay_outage(scene.session, scene.now, scene.nils, card, Plan((span,), effect, reason), {})


@case("moved out of the room, and into it")
def _(scene: Scene) -> None:
    (room,) = (each for each in scene.session.query(Resource) if each.slug == THE_ROOM)
    into = scene.book(scene.room(), "2027-03-15 10:00-11:00", "Flyttet inn")
    scene.change(into, items=(Item(room.id),))


@case("set-up and clean-up, also over a change of the clock and of a request")
def _(scene: Scene) -> None:
    room, asked = scene.room(name="Salen"), scene.asking_room(name="Aulaen")
    for each in (room, asked):
        set_rule(scene.session, "resource", each.id, "R06", {"before_minutes": 45, "after_minutes": 30})
    scene.book(room, "2027-05-20 10:00-12:00", "Konsert")
    scene.book(room, "2027-03-28 03:15-05:00", "Morgenkonsert")
    scene.book(room, "2027-10-31 00:30-01:45", "Nattkonsert")
    with scene.later(NOW - timedelta(hours=1)):
        scene.book(asked, "2027-05-21 10:00-12:00", "Kanskje konsert")


@case("for Kari alone, for her organisation, for members, and for everybody")
def _(scene: Scene) -> None:
    room = scene.room()
    for n, visibility in enumerate(("private", "organisation", "members", "public")):
        scene.book(room, f"2027-05-2{n + 4} 10:00-11:00", f"For {visibility}", visibility=visibility)
    scene.book(room, "2027-05-28 10:00-11:00", "For ingen", visibility="private", organisation_id=None)


@case("open to everybody: moved, renamed, cancelled, asked for, and with a hostile title")
def _(scene: Scene) -> None:
    room, asked = scene.room(name="Torget"), scene.asking_room()
    moved = scene.book(room, "2027-06-01 10:00-11:00", "Åpen dag", visibility="public")
    scene.change(moved, wall=wall("2027-06-02 12:00-13:00"))
    renamed = scene.book(room, "2027-06-03 10:00-11:00", "Foredrag", visibility="public")
    scene.change(renamed, title="Foredrag: «Å, Æ og Ø»; gratis, for alle")
    scene.book(room, "2027-06-04 10:00-11:00", COMPONENTS[1], visibility="public")
    with scene.later(NOW - timedelta(days=2)):
        scene.cancel(scene.book(room, "2027-06-05 10:00-11:00", "Avlyst åpen dag", visibility="public"))
        scene.book(asked, "2027-06-07 10:00-11:00", "Ennå ikke åpent", visibility="public")


@case("a site closed for a day, for days, and for the days when the clock changes")
def _(scene: Scene) -> None:
    site_id = scene.site().id
    _close(scene, "site", site_id, "2027-05-17 00:00-00:00", "Grunnlovsdagen")
    _close(scene, "site", site_id, "2027-12-24 00:00-2027-12-27 00:00", "Jul: æ, ø; å\\")
    _close(scene, "site", site_id, "2027-03-28 00:00-00:00", "Sommertid")
    _close(scene, "site", site_id, "2027-10-31 00:00-00:00", "Vintertid")
    _close(scene, "site", site_id, "2027-02-08 00:00-00:00", "I forrige måned")
    _close(scene, "site", site_id, "2028-02-29 00:00-00:00", "Skuddag")


@case("a site closed for part of a day, and over a night when the clock changes")
def _(scene: Scene) -> None:
    _close(scene, "site", scene.site().id, "2027-06-23 12:00-2027-06-24 00:00", "Sankthans")
    _close(scene, "site", scene.site().id, "2027-10-30 18:00-2027-10-31 12:00", "Strømmen er borte")


@case("a site elsewhere closed for a day of its own")
def _(scene: Scene) -> None:
    zone = "Asia/Kolkata"
    _close(scene, "site", scene.site(zone).id, "2027-08-15 00:00-00:00", "स्वतंत्रता दिवस", zone)


@case("closures whose names would be more than names")
def _(scene: Scene) -> None:
    for n, name in enumerate((*COMPONENTS[:2], SCIENTIST * 20, "ø" * 120)):
        _close(scene, "site", scene.site().id, f"2027-09-{n + 1:02} 00:00-00:00", name)
