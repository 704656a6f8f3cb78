"""Worlds where rules are broken, each by one wish: what is wished for, what is set there, and who speaks up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from booking.core.details import Details
from booking.core.request import Item, WallSpan
from booking.models import Activity, Delegation, Fault, Member, MemberGroup, Outage, Qualification
from booking.permissions import Actor
from booking.services.qualifications import QualificationValues, create_qualification
from booking.services.wishes import Wish
from tests.factories import a_booking, a_member, span_at
from tests.services.test_lone_work import a_document, asks_for
from tests.support.calendars import a_calendar
from tests.support.deciding import NOW, WEEKDAYS, District, a_district, an_actor, set_rule
from tests.support.requests import on_duty

SITE_RULES = {
    "R06": {"before_minutes": 30},
    "R07": {"fire_limit": 8, "least": 2},
    "R09": {"mode": "refuse"},
    "R10": {"windows": WEEKDAYS},
    "R11": {"public_holidays": "NO"},
    "R17": {"hours": 24},
    "R18": {"days": 60},
    "R20": {"minutes": 30},
    "R21": {"minutes": 240, "merge_gap_minutes": 30},
}
ONCE_A_DAY = {"limits": [{"amount": 1, "per": "day"}]}
ONE_AHEAD = {"limits": [{"amount": 1, "per": "ahead"}]}
SPENT = {
    "R22": ONCE_A_DAY,
    "R23": ONCE_A_DAY,
    "R24": ONE_AHEAD,
    "R25": ONE_AHEAD,
    "R26": {"minutes": 180},
    "R27": {"most": 1, "over": "site"},
}


@dataclass(slots=True)
class Stage:
    """A place where Kari wishes for Sluppen, whose every booking takes a yes of Siri's; Ola may book for her."""

    place: District
    ola: Member
    siri: Member
    activity: Activity


@dataclass(frozen=True, slots=True)
class World:
    """What is wished for; `competes` where requests hold nothing, `by_ola` where he asks in her name."""

    at: str
    furnish: Callable[[Session, Stage], None]
    breaks: str = ""
    people: int | None = None
    competes: bool = False
    by_ola: bool = False

    @property
    def rules(self) -> set[str]:
        """Those that speak; among them the yes that all takes here, unless there is no time to say yes to."""
        broken = set(self.breaks.split())
        return broken if "R01" in broken else broken | {"R38"}

    def wish(self, stage: Stage) -> Wish:
        """The same for every door."""
        details = Details(activity_id=stage.activity.id)
        return Wish((Item(stage.place.sluppen.id),), wall(self.at), people=self.people, details=details)

    def actor(self, stage: Stage) -> Actor:
        """Who asks."""
        return an_actor(stage.ola if self.by_ola else stage.place.kari)


def wall(at: str) -> WallSpan:
    """The times as they are written, whether the clock ever shows them or not."""
    day, _, clock = at.partition(" ")
    starts, ends = (datetime.fromisoformat(f"{day}T{each}") for each in clock.split("-"))
    return WallSpan(starts, ends if ends > starts else ends + timedelta(days=1))


def a_stage(session: Session, *, competes: bool) -> Stage:
    """Nothing refuses anything here yet."""
    place = a_district(session)
    ola, siri = a_member(session, name="Ola"), on_duty(session, "resource", place.sluppen.id, name="Siri")
    activity = Activity(
        public_id="a" * 22, name="Virus work", level=1, approval="2027/1", approved_until=date(2028, 12, 31),
        risk_assessment="",
    )  # fmt: skip
    session.add_all([activity, Delegation(member_id=place.kari.id, delegate_id=ola.id, created_at=NOW)])
    set_rule(session, "site", place.site.id, "R02", {"step_minutes": 1})
    set_rule(session, "site", place.site.id, "R05", {"pending_blocks": not competes})
    set_rule(session, "resource", place.sluppen.id, "R38", {"always": True})
    return Stage(place, ola, siri, activity)


def a_group(session: Session) -> int:
    """One that Kari is not in."""
    group = MemberGroup(public_id="g" * 22, name="Technicians")
    session.add(group)
    session.flush()
    return group.id


def _rules(session: Session, stage: Stage, **rules: dict[str, object]) -> None:
    for rule, params in rules.items():
        set_rule(session, "resource", stage.place.sluppen.id, rule, params)


def as_it_is(session: Session, stage: Stage) -> None:
    """Nothing more."""


def strict(session: Session, stage: Stage) -> None:
    """Opening hours, holidays, limits, a group of its own, and others who were here first."""
    place = stage.place
    for rule, params in SITE_RULES.items():
        set_rule(session, "site", place.site.id, rule, params)
    _rules(session, stage, R02={"step_minutes": 15})
    set_rule(session, "resource", place.sluppen.id, "R30", {"groups": [a_group(session)]}, weight="needs_approval")
    for at in ("2027-05-17 11:00-12:00", "2027-05-18 13:00-13:45"):
        a_booking(session, on=place.sluppen, member=stage.ola, at=at)
    a_booking(session, on=place.oya, member=place.kari, at="2027-05-17 14:00-16:00")


def out_of_use(session: Session, stage: Stage) -> None:
    """Retired, being serviced, and broken."""
    sluppen, span = stage.place.sluppen, span_at("2027-05-18 09:00-12:00")
    sluppen.state = "retired"
    common = {"public_id": "o" * 22, "resource_id": sluppen.id}
    session.add(
        Outage(**common, starts_at=span.starts_at, ends_at=span.ends_at, effect="block", reason="Service", set_at=NOW)
    )
    broken = {"what": "Smoke", "is_dangerous": True, "is_safety": True}
    session.add(Fault(**common, **broken, reported_at=NOW, out_since=NOW))
    session.flush()


def taken_elsewhere(session: Session, stage: Stage) -> None:
    """Innocamp's calendar has a meeting in Sluppen."""
    a_calendar(session, stage.place.sluppen, "2027-05-18 11:00-13:00")


def needing_another(session: Session, stage: Stage) -> None:
    """Whoever has Sluppen must have Øya too."""
    _rules(session, stage, R08={"needs": [{"resource": stage.place.oya.id, "quantity": 1}]})


def a_laboratory(session: Session, stage: Stage) -> None:
    """Calibration, training, containment, company, papers and privacy: Kari has none of it."""
    place = stage.place
    values = QualificationValues("Confocal training", months=24)
    training = create_qualification(session, NOW, place.nils, place.site.id, values)
    id_ = session.query(Qualification.id).filter_by(public_id=training).scalar()
    place.sluppen.calibration_due = date(2027, 5, 10)
    stage.activity.level, stage.activity.approved_until = 3, date(2027, 5, 10)
    _rules(
        session, stage, R14={"mode": "refuse"}, R31={"all_of": [id_]}, R32={"level": 2}, R33={"least_people": 2},
        R40={"widest": "private"},
    )  # fmt: skip
    asks_for(session, place.sluppen, a_document(session))


def spent(session: Session, stage: Stage) -> None:
    """Kari has used up all that she may have."""
    a_booking(session, on=stage.place.sluppen, member=stage.place.kari, at="2027-05-18 14:00-15:00")
    a_booking(session, on=stage.place.oya, member=stage.place.kari, at="2027-05-18 10:00-11:00")
    _rules(session, stage, **SPENT)


def held_for_others(session: Session, stage: Stage) -> None:
    """Tuesday mornings are the technicians'."""
    windows = [{"weekday": 1, "opens": "08:00", "closes": "12:00"}]
    _rules(session, stage, R16={"groups": [a_group(session)], "windows": windows, "release_hours": 24})


def never_repeated(session: Session, stage: Stage) -> None:
    """No series here."""
    _rules(session, stage, R28={"allowed": False})


def in_person_only(session: Session, stage: Stage) -> None:
    """Nobody books here for somebody else."""
    _rules(session, stage, R39={"allowed": False})


TUESDAY = "2027-05-18 10:00-12:00"
WORLDS = {
    "a holiday, off the grid, too long, too many, in somebody's way": World(
        "2027-05-17 10:07-15:00", strict, "R02 R05 R07 R09 R11 R21 R30", people=20, competes=True
    ),
    "a Saturday night, too short": World("2027-05-22 23:45-23:50", strict, "R02 R07 R10 R20 R30", people=1),
    "too soon": World("2027-05-03 11:00-12:00", strict, "R17 R30"),
    "too far ahead, over midnight": World("2027-09-14 19:00-02:00", strict, "R10 R18 R21 R30", people=3),
    "in the way of set-up": World("2027-05-18 14:00-15:00", strict, "R06 R28 R30", people=3, competes=True),
    "an hour that is missing": World("2028-03-26 02:15-02:45", as_it_is, "R01"),
    "in the past": World("2027-05-03 08:00-09:00", as_it_is, "R03"),
    "out of use": World(TUESDAY, out_of_use, "R04 R12 R13"),
    "taken elsewhere": World(TUESDAY, taken_elsewhere, "R05"),
    "half a kit": World(TUESDAY, needing_another, "R08"),
    "alone in a laboratory": World("2027-05-18 18:00-20:00", a_laboratory, "R14 R31 R32 R33 R36 R40"),
    "quotas that are spent": World(TUESDAY, spent, "R09 R22 R23 R24 R25 R26 R27"),
    "held for others": World(TUESDAY, held_for_others, "R16"),
    "a series where none may be": World(TUESDAY, never_repeated, "R28"),
    "in her name": World(TUESDAY, in_person_only, "R39", by_ola=True),
    "nothing but a yes": World("2027-05-19 10:00-11:00", strict, "R30", people=3),
}
