"""The place where the corpus is made: Kari books through the services, as any member, each case in rooms of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.recurrence import Recurrence
from booking.core.request import Item, WallSpan
from booking.models import Booking, Member, Organisation, Resource, Site
from booking.permissions import Actor
from booking.services.actors import actor_for_member
from booking.services.approving import approve, decline
from booking.services.bookings import request_booking
from booking.services.changes import cancel_booking, change_booking
from booking.services.series import save
from booking.services.series_changes import change_series
from booking.services.series_difference import SeriesChange
from booking.services.series_reading import Reach
from booking.services.series_wishes import SeriesWish
from booking.services.standing import found
from booking.services.wishes import Wish
from tests.factories import a_category, a_member, a_room, a_site, an_organisation
from tests.support.deciding import set_rule
from tests.support.people import known_as
from tests.support.requests import on_duty

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)  # a Monday; when the feeds are read
LONG_BEFORE = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)  # when most was booked, so that the past year has bookings too
MINUTE = timedelta(minutes=1)
THE_ROOM = "rommet"  # the one whose own calendar is compared
ANYTHING_GOES = {
    "R02": {"step_minutes": 1},
    "R28": {"most_occurrences": 400, "most_days": 3660},
    "R40": {"widest": "public"},
}

Case = Callable[["Scene"], None]
CASES: dict[str, Case] = {}


def case(name: str) -> Callable[[Case], Case]:
    """Enters a part of the corpus under a name that says what may go wrong in it."""

    def entered(make: Case) -> Case:
        assert name not in CASES, name
        CASES[name] = make
        return make

    return entered


@dataclass(slots=True)
class Scene:
    """Kari, who books; Siri, who answers; an organisation; and sites as they are asked for, one for each zone."""

    session: Session
    kari: Member
    siri: Member
    organisation: Organisation
    category_id: int
    sites: dict[str, Site] = field(default_factory=dict)
    clock: datetime = LONG_BEFORE

    @property
    def now(self) -> datetime:
        """A minute after whatever was done last."""
        self.clock += MINUTE
        return self.clock

    @property
    def common(self) -> dict[str, object]:
        """What all of Kari's bookings have, unless told otherwise."""
        return {"organisation_id": self.organisation.id, "visibility": "members"}

    @property
    def nils(self) -> Actor:
        """Who decides over places."""
        return Actor(self.siri.id, "Nils", "nils@example.invalid", site_role="site_admin")

    @contextmanager
    def later(self, at: datetime) -> Iterator[None]:
        """What is done at another time."""
        before, self.clock = self.clock, at
        yield
        self.clock = before

    @property
    def takes_nul(self) -> bool:
        """PostgreSQL itself refuses a NUL."""
        return self.session.get_bind().dialect.name == "sqlite"

    def site(self, zone: str = "Europe/Oslo") -> Site:
        """The site in a zone."""
        if zone not in self.sites:
            where = {"name": f"By {zone}", "address": f"Gata 1, {zone}", "slug": site_slug(zone)}
            site = a_site(self.session, timezone=zone, **where)
            for rule, params in ANYTHING_GOES.items():
                set_rule(self.session, "site", site.id, rule, params)
            self.sites[zone] = site
        return self.sites[zone]

    def room(self, zone: str = "Europe/Oslo", **about: object) -> Resource:
        """A room that nobody else books."""
        return a_room(self.session, self.site(zone), **{"category_id": self.category_id, **about})

    def category(self, names: dict[str, str]) -> int:
        """Another category than that of all other rooms."""
        return a_category(self.session, names=names).id

    def asking_room(self, **about: object) -> Resource:
        """A room where all that is booked waits for Siri's answer."""
        room = self.room(**about)
        set_rule(self.session, "resource", room.id, "R38", {"always": True})
        return room

    def book(self, room: Resource | tuple[Resource, ...], at: str, title: str = "Styremøte", **about: object) -> str:
        """A booking of Kari's for her organisation, which all members may see; its public id."""
        return self.book_wall(room, wall(at), title, **about)

    def book_wall(self, room: Resource | tuple[Resource, ...], when: WallSpan, title: str, **about: object) -> str:
        """The same by the clock, where it must be said which of a doubled hour is meant."""
        rooms = room if isinstance(room, tuple) else (room,)
        wish = Wish(tuple(Item(each.id) for each in rooms), when, title, **self.common | about)
        return request_booking(self.session, self.now, self.acting(self.kari), wish).public_id

    def series(self, room: Resource, at: str, rule: Recurrence, title: str = "Fast møte", **more: object) -> str:
        """A series of Kari's; the public id of its first booking."""
        wish = Wish((Item(room.id),), wall(at), title, **self.common)
        return save(self.session, self.now, self.acting(self.kari), SeriesWish(wish, rule, **more)).first

    def change_series(self, public_id: str, at: str, reach: Reach, **about: object) -> None:
        """Moves a series, or from one of its dates on."""
        wanted = SeriesChange(self._wish(public_id, wall=wall(at), **about), reach)
        change_series(self.session, self.now, self.acting(self.kari), public_id, wanted)

    def dates(self, public_id: str) -> list[str]:
        """The public ids of all bookings in this one's series, by date."""
        series_id = self.row(public_id).series_id
        rows = self.session.scalars(select(Booking).where(Booking.series_id == series_id).order_by(Booking.series_day))
        return [row.public_id for row in rows]

    def change(self, public_id: str, **wanted: object) -> None:
        """Changes what is named: `wall`, `title`, `items`."""
        version = self.row(public_id).version
        wish = self._wish(public_id, **wanted)
        change_booking(self.session, self.now, self.acting(self.kari), public_id, wish, version=version)

    def cancel(self, public_id: str) -> None:
        """Kari gives it back."""
        cancel_booking(self.session, self.now, self.acting(self.kari), public_id)

    def approve(self, public_id: str) -> None:
        """Siri says yes."""
        approve(self.session, self.now, self.acting(self.siri), public_id)

    def decline(self, public_id: str) -> None:
        """Siri says no."""
        decline(self.session, self.now, self.acting(self.siri), public_id, "Det er messe den uka.")

    def row(self, public_id: str) -> Booking:
        """As it stands."""
        return self.session.scalars(select(Booking).where(Booking.public_id == public_id)).one()

    def _wish(self, public_id: str, **wanted: object) -> Wish:
        """The booking as it stands, but for what is wanted."""
        return replace(found(self.session, self.acting(self.kari), public_id, "booking.change").wish, **wanted)

    def acting(self, member: Member) -> Actor:
        """As permissions see them."""
        actor = actor_for_member(self.session, self.clock, member.id)
        assert actor is not None
        return actor


def a_scene(session: Session) -> Scene:
    """Empty, but for its people."""
    organisation = an_organisation(session, name="Fjordlab")
    kari = a_member(session, organisation, **known_as("Kari"))
    scene = Scene(session, kari, kari, organisation, a_category(session, names={"nb": "Møterom", "en": "Rooms"}).id)
    scene.siri = on_duty(session, "site", scene.site().id, **known_as("Siri"))
    a_member(session, organisation, **known_as("Per"))
    a_member(session, **known_as("Ola"))
    scene.site("Asia/Kolkata")
    return scene


def site_slug(zone: str) -> str:
    """What the site in a zone is called in addresses."""
    return f"by-{zone.lower().replace('/', '-').replace('_', '-')}"


def back_on_scene(session: Session, at: datetime) -> Scene:
    """The same people in a database where they have been before."""
    kari, siri = (session.scalars(select(Member).where(Member.name == name)).one() for name in ("Kari", "Siri"))
    organisation = session.scalars(select(Organisation)).first()
    category_id = session.scalars(select(Resource.category_id).order_by(Resource.id)).first()
    assert organisation is not None
    assert category_id is not None
    sites = {site.timezone: site for site in session.scalars(select(Site))}
    return Scene(session, kari, siri, organisation, category_id, sites, clock=at)


def wall(words: str, start_fold: int | None = None, end_fold: int | None = None) -> WallSpan:
    """`2027-03-27 23:00-07:00` on the site's own clock; an end that is not later is on the next day.

    `2027-06-01 09:00-2027-06-04 15:00` ends on a day of its own.
    """
    day, _, clock = words.partition(" ")
    first, _, last = clock.partition("-")
    starts = datetime.fromisoformat(f"{day}T{first}")
    ends = datetime.fromisoformat(last.replace(" ", "T") if " " in last else f"{day}T{last}")
    return WallSpan(starts, ends + timedelta(days=ends <= starts and " " not in last), start_fold, end_fold)
