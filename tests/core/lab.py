"""A lab for the rules: an instrument with a calibration, what it asks people to have learnt, and who has learnt it."""

from __future__ import annotations

from datetime import date, timedelta

from booking.core.competence import Competence, Grant, Qualification
from booking.core.details import Details
from booking.core.facts import ResourceFacts
from booking.core.judge import judge
from booking.core.timespan import TimeSpan
from booking.core.verdict import Verdict
from tests.core.world import KARI, OLA, a_room, asks, facts_of, set_to

CONFOCAL, FIRE, LASER = 1, 2, 3
DAY_BEFORE = timedelta(days=1)
KNOWN = {
    CONFOCAL: Qualification(CONFOCAL, "Confocal training"),
    FIRE: Qualification(FIRE, "Fire safety", is_safety=True),
    LASER: Qualification(LASER, "Laser safety", is_safety=True),
}


def day(text: str) -> date:
    return date.fromisoformat(text)


def granted(which: int = CONFOCAL, since: str = "2026-01-01", until: str = "") -> Grant:
    return Grant(which, day(since), day(until) if until else None)


def microscope(
    *kari: Grant, ola: tuple[Grant, ...] = (), used_on: tuple[date, ...] = (), known: dict[int, Qualification] = KNOWN,
    contact: str | None = None, **required: object,
) -> ResourceFacts:  # fmt: skip
    """It asks for the confocal training, unless told otherwise."""
    asked = {"all_of": [CONFOCAL]} | required
    competence = Competence(known, {KARI: kari, OLA: ola}, {KARI: used_on}, {OLA: "Ola"})
    return a_room(name="Confocal", contact=contact, settings={"R31": set_to("R31", **asked)}, competence=competence)


def gauge(due: str = "2026-11-24", **calibration: object) -> ResourceFacts:
    """Something whose calibration counts to the end of a day."""
    settings = {"R14": set_to("R14", **calibration)} if calibration else {}
    return a_room(name="Gauge", settings=settings, calibration_due=day(due))


def judged(what: TimeSpan, room: ResourceFacts, **details: object) -> Verdict:
    """What the judge says of Kari's use."""
    request = asks(what, details=Details(**details))  # type: ignore[arg-type]
    window = what.padded(DAY_BEFORE, DAY_BEFORE)
    return judge(request, facts_of(room, window=window, now=what.starts_at - DAY_BEFORE))
