"""What is said when somebody must say yes first, and when fewer see a title than was meant."""

from dataclasses import replace

from booking.core.approvals import ApprovalFacts
from booking.core.judge import judge
from booking.core.verdict import Verdict
from tests.core.world import a_room, asks, at, facts_of, set_to, span

HOUR = span("2026-11-24 10:00", "11:00")


def needing(who: tuple[str, ...] = (), until: str = "", **settings: object) -> Verdict:
    """A booking that somebody must say yes to."""
    room = a_room(settings={"R38": set_to("R38", always=True, first_time=True), "R05": set_to("R05", **settings)})
    asked = ApprovalFacts({1: who}, {1: at(until)} if until else {})
    return judge(asks(HOUR), replace(facts_of(room, window=HOUR), approvals=asked))


def seen(widest: str, meant_for: str = "members") -> Verdict:
    """A title that is meant for more people than may see it."""
    return judge(
        asks(HOUR, visibility=meant_for), facts_of(a_room(settings={"R40": set_to("R40", widest=widest)}), window=HOUR)
    )


SAID_OF_APPROVAL: list[tuple[Verdict, str]] = [
    (needing(("Leder", "Siri"), "2026-11-23 12:00"),
     ("Teknobyen needs approval (every booking and a first booking). We ask Leder and Siri, "
      "and the time is held for you until Mon 23 November 2026, 12:00.")),
    (needing(until="2026-11-23 12:00"),
     ("Teknobyen needs approval (every booking and a first booking). "
      "The time is held for you until Mon 23 November 2026, 12:00.")),
    (needing(), "Teknobyen needs approval (every booking and a first booking)."),
    (needing(("Leder",), pending_blocks=False),
     ("Teknobyen needs approval (every booking and a first booking). "
      "Others can ask for the same time, and Leder decides who gets it.")),
    (needing(pending_blocks=False),
     ("Teknobyen needs approval (every booking and a first booking). "
      "Others can ask for the same time until somebody gets it.")),
    (seen("members", "public"), "What happens at Teknobyen is announced to nobody but members."),
    (seen("organisation"), "Names and titles at Teknobyen are shown to your own organisation at most."),
    (seen("private"), "Names and titles at Teknobyen are shown to nobody but you and those who manage it."),
]  # fmt: skip
