"""What the demo district's labs ask people to have learnt: qualifications, who has them, courses, and calibrations."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Course, CourseSeat, Member, Qualification, QualificationGrant, Resource, RuleSetting, Site

OSLO = ZoneInfo("Europe/Oslo")
SITE = "helseinnovasjonsarena"
CONTACT = "lab@example.invalid"
INDUCTION, CABINET = "HMS-introduksjon lab", "Opplæring i sikkerhetsbenk"
MICROSCOPY, ULTRASOUND, STERILE = "Opplæring i mikroskopi", "Opplæring i ultralyd", "Opplæring i autoklavering"

# (name, about safety, months, what it is)
QUALIFICATIONS = [
    (INDUCTION, True, 24, "Gjennomgang av nødutganger, verneutstyr og avfall. En time på stedet."),
    (MICROSCOPY, False, 24, "Opplæring i konfokalmikroskop og prøvehåndtering. En halv dag."),
    (ULTRASOUND, False, 12, "Opplæring i forskningsultralyd. To timer."),
    (CABINET, True, 24, "Arbeid i sikkerhetsbenk klasse II. En halv dag."),
    (STERILE, False, 24, "Bruk av autoklaven, med prøvekjøring. En time."),
]
# resource -> its rule; qualifications are told by name
ASKED: dict[str, dict[str, Any]] = {
    "konfokalmikroskop": {"all_of": [INDUCTION, MICROSCOPY], "recency_days": 365, "supervised_ok": True},
    "forskningsultralyd": {"all_of": [INDUCTION, ULTRASOUND], "supervised_ok": True},
    "qpcr": {"all_of": [INDUCTION], "any_of": [MICROSCOPY, STERILE]},
    "autoklav": {"all_of": [INDUCTION, STERILE]},
    "sikkerhetsbenk-1": {"all_of": [INDUCTION, CABINET]},
    "sikkerhetsbenk-2": {"all_of": [INDUCTION, CABINET]},
}
# demo member -> (qualification, days since it was granted, days until it runs out)
GRANTS = {
    11: [
        (INDUCTION, 200, 530),
        (ULTRASOUND, 200, 165),
        (MICROSCOPY, 200, 530),
        (STERILE, 200, 530),
        (CABINET, 90, 640),
    ],
    6: [(INDUCTION, 710, 20), (ULTRASOUND, 345, 20)],
    1: [(INDUCTION, 100, 630), (MICROSCOPY, 100, 630)],
    7: [(INDUCTION, 740, -10)],
}
# resource -> days until its calibration runs out, and what then
CALIBRATED: dict[str, tuple[int, dict[str, Any]]] = {
    "forskningsultralyd": (120, {"mode": "refuse"}),
    "qpcr": (45, {"purposes": ["regulated"]}),
}
COURSES = [
    (INDUCTION, 3, 9, 1),
    (INDUCTION, 17, 9, 1),
    (ULTRASOUND, 5, 12, 2),
    (MICROSCOPY, 10, 8, 4),
    (CABINET, 12, 12, 3),
]


def found_learning(session: Session, now: datetime) -> None:
    """Everything about learning, once places and people are there."""
    site_id = session.scalars(select(Site.id).where(Site.slug == SITE)).one()
    members = {row.email: row.id for row in session.execute(select(Member.email, Member.id))}
    ids = {}
    for name, is_safety, months, about in QUALIFICATIONS:
        row = Qualification(
            site_id=site_id, name=name, is_safety=is_safety, months=months, description=about, contact=CONTACT,
            created_at=now,
        )  # fmt: skip
        session.add(row)
        session.flush()
        ids[name] = row.id
    _rules(session, now, ids)
    _grants(session, now, ids, members)
    _courses(session, now, ids, members)


def _rules(session: Session, now: datetime, ids: dict[str, int]) -> None:
    since = now.replace(year=now.year - 2, day=1)
    resources = {row.slug: row for row in session.scalars(select(Resource))}
    for slug, asked in ASKED.items():
        params = {name: [ids[each] for each in value] if isinstance(value, list) else value
                  for name, value in asked.items()}  # fmt: skip
        session.add(_setting(resources[slug].id, "R31", params, since))
    for slug, (days, calibration) in CALIBRATED.items():
        resources[slug].calibration_due = now.astimezone(OSLO).date() + timedelta(days=days)
        session.add(_setting(resources[slug].id, "R14", calibration, since))


def _setting(resource_id: int, rule: str, params: dict[str, Any], since: datetime) -> RuleSetting:
    return RuleSetting(
        scope_kind="resource", scope_id=resource_id, rule=rule, params=params, valid_from=since, set_at=since
    )


def _grants(session: Session, now: datetime, ids: dict[str, int], members: dict[str, int]) -> None:
    today, lab = now.astimezone(OSLO).date(), members[CONTACT]
    for number, granted in GRANTS.items():
        for name, since, left in granted:
            session.add(
                QualificationGrant(
                    qualification_id=ids[name],
                    member_id=members[f"medlem{number}@example.invalid"],
                    granted_on=today - timedelta(days=since),
                    expires_on=today + timedelta(days=left),
                    granted_by_id=lab,
                    granted_at=now,
                )
            )
    session.flush()


def _courses(session: Session, now: datetime, ids: dict[str, int], members: dict[str, int]) -> None:
    today = now.astimezone(OSLO).date()
    for name, days, hour, hours in COURSES:
        day = today + timedelta(days=days)
        day += timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))
        starts_at = datetime.combine(day, time(hour), OSLO)
        course = Course(
            qualification_id=ids[name], starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours), seats=8,
            place="Laboratoriene, 1. etasje", contact=CONTACT,
        )  # fmt: skip
        session.add(course)
        session.flush()
        session.add(CourseSeat(course_id=course.id, member_id=members["medlem7@example.invalid"], taken_at=now))
    session.flush()
