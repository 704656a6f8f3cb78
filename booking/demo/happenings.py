"""What else has happened in the demo district: planned maintenance, faults and a series, through the services."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.outages import Effect
from booking.core.recurrence import Every, Recurrence
from booking.core.repeats import Repeat, spans
from booking.core.request import Item, WallSpan
from booking.models import Member
from booking.permissions import Actor
from booking.services import faults, outages, series
from booking.services.actors import actor_for_member
from booking.services.catalogue import resource_by_slug
from booking.services.series_wishes import SKIP, SeriesWish
from booking.services.triage import Choice, Decision
from booking.services.wishes import Wish

OSLO = ZoneInfo("Europe/Oslo")
WEEKS = 8


def book_series(session: Session, now: datetime, today: date) -> int:
    """Every Tuesday for two months, open to everybody, without the dates that stand in the way; how many."""
    first = today + timedelta(days=(1 - today.weekday()) % 7 or 7)
    item = Item(resource_by_slug(session, "verksted-padriv").id)
    wall = WallSpan(datetime.combine(first, time(12)), datetime.combine(first, time(14)))
    rule = Recurrence(Every.WEEK, weekdays=(1,), count=WEEKS)
    wanted = SeriesWish(Wish((item,), wall, title="Verkstedkafé", people=12, visibility="public"), rule)
    actor = an_actor(session, now, "medlem2")
    stuck = series.preview(session, now, actor.member_id, wanted).problems
    choices = {line.day: SKIP for line in stuck}
    made = series.save(session, now, actor, SeriesWish(wanted.wish, rule, choices), door="demo")
    return made.made


def plan_maintenance(session: Session, now: datetime, today: date) -> None:
    """Once, every Monday, and once with a mere note; what is booked under it stays."""
    monday = today + timedelta(days=7 - today.weekday())
    once = monday + timedelta(days=3)
    weekly = Repeat(1, until=monday + timedelta(weeks=WEEKS))
    _lay(session, now, "leder", "demosone", once, (8, 12), "Nye lamper")
    _lay(session, now, "lab", "klimaskap", monday, (7, 9), "Filterskift", repeat=weekly)
    _lay(session, now, "lab", "prototypelab", monday, (9, 15), "Maling i gangen", effect=Effect.NOTICE)


def report_faults(session: Session, now: datetime) -> None:
    """One that is dangerous, and one that nobody has looked at yet."""
    actor = an_actor(session, now, "medlem7")
    camera, printers = (resource_by_slug(session, slug) for slug in ("varmekamera", "fdm-printere"))
    faults.report_fault(session, now, actor, camera, "Batteriet blir svært varmt.", is_dangerous=True)
    faults.report_fault(session, now, actor, printers, "Nummer 3 trekker ikke inn filament.", is_dangerous=False)


def _lay(
    session: Session,
    now: datetime,
    manager: str,
    slug: str,
    day: date,
    hours: tuple[int, int],
    reason: str,
    *,
    repeat: Repeat | None = None,
    effect: Effect = Effect.BLOCK,
) -> None:
    card, actor = resource_by_slug(session, slug), an_actor(session, now, manager)
    starts, ends = (datetime.combine(day, time(hour)) for hour in hours)
    recipe = repeat.to_json(day) if repeat else None
    plan = outages.Plan(tuple(spans(starts, ends, repeat, OSLO)), effect, reason, recipe)
    under = outages.lies_over(session, now, actor, card, plan)
    kept = {each.public_id: Decision(each.standing.row.version, Choice.KEEP) for each in under}
    outages.lay_outage(session, now, actor, card, plan, kept)


def an_actor(session: Session, now: datetime, name: str) -> Actor:
    """Somebody of the demo by the first part of their address. Raises LookupError."""
    id_ = session.scalars(select(Member.id).where(Member.email == f"{name}@example.invalid")).one()
    actor = actor_for_member(session, now, id_)
    if actor is None:
        raise LookupError(name)
    return actor
