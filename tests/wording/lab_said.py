"""What is said about calibration and competence, each finding made by the judge itself."""

from dataclasses import replace

from booking.core.competence import Qualification
from booking.core.verdict import Finding, Verdict, Weight
from booking.services.handing_over import told_to_the_giver
from tests.core.lab import CONFOCAL, day, gauge, granted, judged, microscope
from tests.core.world import OLA, span

HOUR = span("2026-11-25 10:00", "11:00")
LAB_CODES = {
    "R14.calibration",
    "R14.note",
    "R30.not_theirs",
    "R31.missing",
    "R31.expires",
    "R31.stale",
    "R31.supervised",
    "R31.supervisor",
}
SOON = {CONFOCAL: Qualification(CONFOCAL, "Confocal training", course_on=day("2026-12-01"))}
ASKED = {CONFOCAL: replace(SOON[CONFOCAL], contact="Siri")}
RUN_OUT = granted(until="2026-11-24")
LAPSED = "The calibration of Gauge is valid to Tue 24 November 2026, and this booking ends later. "
NEVER = "Confocal requires Confocal training, and you do not have it. "
ENDED = "Confocal requires Confocal training, and yours is valid to Tue 24 November 2026. "
COURSE = "The next course with a free seat is Tue 1 December 2026."


def given(verdict: Verdict) -> Verdict:
    """The same as whoever hands the booking over is told it."""
    return Verdict(told_to_the_giver(verdict))


LAB_SAID: list[tuple[Verdict, str]] = [
    (judged(HOUR, gauge()), LAPSED + "Check that it will do for you."),
    (judged(HOUR, gauge(mode="refuse")), LAPSED + "Book earlier."),
    (judged(HOUR, replace(gauge(mode="refuse"), contact="Siri")), LAPSED + "Book earlier, or ask Siri."),
    (judged(HOUR, gauge(purposes=["regulated"]), purpose="regulated"),
     LAPSED + "Book earlier, or choose another purpose."),
    (given(judged(HOUR, microscope(contact="Siri"))),
     "The rules of Confocal do not let them have it. They can ask Siri what it takes."),
    (given(judged(HOUR, microscope())), "The rules of Confocal do not let them have it."),
    (Verdict((Finding("R30.not_theirs", Weight.REFUSES),)), "The rules do not let them have it."),
    (judged(HOUR, microscope(known=ASKED)), f"{NEVER}{COURSE} You can also ask Siri."),
    (judged(HOUR, microscope(known=SOON)), f"{NEVER}{COURSE}"),
    (judged(HOUR, microscope(contact="Siri")), f"{NEVER}Ask Siri how to get it."),
    (judged(HOUR, microscope()), f"{NEVER}See under My qualifications how to get it."),
    (judged(HOUR, microscope(RUN_OUT, known=ASKED)), f"{ENDED}{COURSE} You can also ask Siri."),
    (judged(HOUR, microscope(RUN_OUT, known=SOON)), f"{ENDED}{COURSE}"),
    (judged(HOUR, microscope(RUN_OUT, contact="Siri")), f"{ENDED}Ask Siri how to renew it."),
    (judged(HOUR, microscope(RUN_OUT)), f"{ENDED}See under My qualifications how to renew it."),
    (judged(HOUR, microscope(granted(), recency_days=90)),
     "It would be more than 90 days since you last used Confocal. Ask those who look after it."),
    (judged(HOUR, microscope(granted(), recency_days=90, contact="Siri")),
     "It would be more than 90 days since you last used Confocal. Ask Siri to go through it with you."),
    (judged(HOUR, microscope(ola=(granted(),), supervised_ok=True), supervisor_id=OLA),
     "You use Confocal under supervision: Ola stands beside you."),
    (Verdict(judged(HOUR, microscope(supervised_ok=True), supervisor_id=OLA).findings[-1:]),
     "The one you named cannot supervise at Confocal then. Name somebody who has what it requires."),
]  # fmt: skip
