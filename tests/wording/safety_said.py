"""What is said about safety: findings as the judge makes them, each with its sentence."""

from dataclasses import replace
from datetime import date

from booking.core.details import NO_DETAILS, Details
from booking.core.facts import MemberFacts
from booking.core.judge import judge
from booking.core.safety import Activity, Document, Frequency, SafetyFacts
from booking.core.verdict import Verdict
from tests.core.world import OLA, a_room, asks, facts_of, set_to, span

EVENING = span("2026-11-24 16:00", "20:00")
NIGHT = span("2026-11-24 18:00", "20:00")
CELLS = Activity(1, "Cell culture", 2, "A-1", date(2026, 11, 30))
OLD = Activity(2, "Old assay", 2, "A-2", date(2026, 11, 20))
FREE = Activity(3, "New assay", 2)
KNOWN = SafetyFacts(
    activities={each.id: each for each in (CELLS, OLD, FREE)},
    documents={1: Document(1, 2, Frequency.ONCE, {"nb": "Laboratorieregler", "en": "Laboratory rules"})},
    members={OLA: MemberFacts(OLA)},
)


def safe(what, details: Details = NO_DETAILS, **rules: dict[str, object]) -> Verdict:
    """The verdict on Teknobyen under these rules, with what is known of safety."""
    room = a_room(settings={code: set_to(code, **params) for code, params in rules.items()})
    facts = facts_of(room, window=what, now=what.starts_at)
    return judge(asks(what, details=details), replace(facts, safety=KNOWN))


DAY = span("2026-11-24 10:00", "11:00")
SAID: list[tuple[Verdict, str]] = [
    (safe(DAY, Details(activity_id=1), R32={"level": 1}),
     "Cell culture needs containment level 2, and Teknobyen is level 1. Choose a room with a higher level."),
    (safe(DAY, Details(activity_id=1)),
     "Cell culture needs containment level 2, and Teknobyen has none. Choose a room that has."),
    (safe(DAY, Details(activity_id=2), R32={"level": 2}),
     ("The approval for Old assay expires Fri 20 November 2026, before this booking does. "
      "Choose an earlier day, or renew it first.")),
    (safe(DAY, Details(activity_id=3), R32={"level": 2}),
     "The approval for New assay is missing. Ask whoever is responsible for it first."),
    (safe(EVENING, R33={"least_people": 2}),
     ("Teknobyen needs 2 people Tue 24 November 2026, 17:00–20:00. "
      "Name a buddy who is there all that time, or end by Tue 24 November 2026, 17:00.")),
    (safe(NIGHT, R33={"least_people": 2}),
     ("Teknobyen needs 2 people Tue 24 November 2026, 18:00–20:00. "
      "Name a buddy who is there all that time, or choose another time.")),
    (safe(NIGHT, R33={"least_people": 2, "by_buddy": False}),
     ("Teknobyen needs 2 people Tue 24 November 2026, 18:00–20:00. "
      "Come while others are there, or choose another time.")),
    (safe(NIGHT, Details(buddy_id=OLA), R33={"least_people": 2}),
     "Your buddy is asked first. The booking may not start before they have said yes."),
    (safe(DAY, R36={"documents": [1]}), "Please read and accept “Laboratory rules” to book Teknobyen."),
]  # fmt: skip
ASKED = safe(NIGHT, R33={"least_people": 2}).findings[0]
SAID.append(
    (
        Verdict((replace(ASKED, facts={**ASKED.facts, "kind": "asked"}),)),
        "The buddy for Teknobyen, Tue 24 November 2026, 18:00–20:00, has not said yes yet.",
    )
)
NOT_A_BUDDY = safe(NIGHT, Details(buddy_id=99), R33={"least_people": 2})
CODES = {"R32.level", "R32.approval", "R33.uncovered", "R33.buddy", "R33.awaits_buddy", "R36.unanswered"}
