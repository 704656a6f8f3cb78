"""What is said of quotas, gaps, windows held for groups and booking for somebody else, each case judged."""

from dataclasses import replace

from booking.core.judge import judge
from booking.core.request import Proxy
from booking.core.verdict import Verdict
from tests.core.quota_world import BIO, limit, member_of, place, quota_room, ruled_room, use
from tests.core.world import OLA, asks, at, facts_of, span, verdict, weekly

HOUR = span("2026-11-24 10:00", "11:00")
TWO = span("2026-11-24 14:00", "16:00")
ASKED = at("2026-11-22 10:00")
HELD = {"R16": {"groups": [5], "windows": weekly(1, opens="08:00", closes="12:00"), "release_hours": 24}}
BY_APPROVAL = {"R30": {"approval_groups": [5]}}


def said_of(rule: str, *limits: dict[str, object], organisation: bool = False) -> Verdict:
    """Two hours are booked already, and one more is asked for."""
    lines = [{**each, "subject": "organisation"} if organisation else each for each in limits]
    booked = use(TWO, organisation=BIO if organisation else None)
    about = {"member": member_of(BIO), "organisation_id": BIO} if organisation else {}
    return verdict(HOUR, quota_room(rule, lines, booked), now=ASKED, **about)  # type: ignore[arg-type]


def booked_by_ola(name: str = "", contact: str | None = None, *, leave: bool = False) -> Verdict:
    """Ola books for Kari, who did not let him; or who did, where it must be booked in person."""
    room = ruled_room({"R39": {"allowed": False}}, contact=contact)
    request = replace(asks(HOUR), proxy=Proxy(OLA, leave, name))
    return judge(request, facts_of(room, window=HOUR, now=ASKED))


THREE = span("2026-11-24 14:00", "17:00")
QUOTA_SAID = [
    (verdict(HOUR, ruled_room(HELD), now=ASKED, group_names={5: "Start-ups"}),
     ("Teknobyen is held for Start-ups Tue 24 November 2026, 08:00–12:00. "
      "Others can book what is left from Mon 23 November 2026, 08:00.")),
    (verdict(HOUR, ruled_room(HELD), now=ASKED),
     ("Teknobyen is held for others Tue 24 November 2026, 08:00–12:00. "
      "You can book what is left from Mon 23 November 2026, 08:00.")),
    (said_of("R22", limit(1)), "You have 1 of 1 bookings of Teknobyen in week 48. Cancel one, or choose another time."),
    (said_of("R22", limit(1, "day")),
     "You have 1 of 1 bookings of Teknobyen on Tue 24 November 2026. Cancel one, or choose another time."),
    (said_of("R22", limit(1, "month", over="category")),
     "You have 1 of 1 bookings of Meeting rooms in November 2026. Cancel one, or choose another time."),
    (said_of("R22", limit(1, "rolling", days=14, over="site")),
     ("You have 1 of 1 bookings of Sluppen in the 14 days from Wed 11 November 2026. "
      "Cancel one, or choose another time.")),
    (said_of("R22", limit(1), organisation=True),
     "Your organisation has 1 of 1 bookings of Teknobyen in week 48. Choose another time."),
    (verdict(THREE, quota_room("R23", [limit(4)], use(HOUR), use(span("2026-11-23 10:00", "11:00"), number=8)),
             now=ASKED),
     ("You have 2 hours left of 4 hours of Teknobyen in week 48, and this needs 3 hours. "
      "Choose a shorter time, or another day.")),
    (said_of("R23", limit(2)),
     "You have used your 2 hours of Teknobyen in week 48. Choose another day, or give some back."),
    (said_of("R23", limit(2, windows=weekly(1, opens="08:00", closes="16:00"))),
     ("You have used your 2 hours of Teknobyen in week 48, within the hours that count. "
      "Choose another day, or give some back.")),
    (verdict(THREE, quota_room("R23", [limit(4, subject="organisation")], use(span("2026-11-23 10:00", "12:00"),
             organisation=BIO)), now=ASKED, member=member_of(BIO), organisation_id=BIO),
     ("Your organisation has 2 hours left of 4 hours of Teknobyen in week 48, and this needs 3 hours. "
      "Choose a shorter time, or another day.")),
    (said_of("R23", limit(2), organisation=True),
     "Your organisation has used its 2 hours of Teknobyen in week 48. Choose another day, or give some back."),
    (said_of("R24", limit(1, "ahead")),
     "You have 1 of 1 bookings ahead of Teknobyen. Cancel or finish one first."),
    (said_of("R24", limit(1, "ahead"), organisation=True),
     "Your organisation has 1 of 1 bookings ahead of Teknobyen. Cancel or finish one first."),
    (verdict(THREE, quota_room("R25", [limit(4, "ahead")], use(span("2026-11-23 10:00", "12:00"))), now=ASKED),
     "You have 2 hours left of 4 hours ahead of Teknobyen, and this needs 3 hours. Choose a shorter time."),
    (said_of("R25", limit(2, "ahead")),
     "You have 2 hours ahead of Teknobyen, which is all you can have. Cancel or finish some first."),
    (verdict(THREE, quota_room("R25", [limit(4, "ahead", subject="organisation")],
             use(span("2026-11-23 10:00", "12:00"), organisation=BIO)),
             now=ASKED, member=member_of(BIO), organisation_id=BIO),
     ("Your organisation has 2 hours left of 4 hours ahead of Teknobyen, and this needs 3 hours. "
      "Choose a shorter time.")),
    (said_of("R25", limit(2, "ahead"), organisation=True),
     "Your organisation has 2 hours ahead of Teknobyen, which is all it can have. Cancel or finish some first."),
    (verdict(HOUR, ruled_room({"R26": {"minutes": 240}}, use(TWO)), now=ASKED),
     "Leave at least 4 hours between your bookings of Teknobyen. Choose another time."),
    (verdict(HOUR, ruled_room({"R27": {"most": 1}}, use(HOUR, of=place(2))), now=ASKED),
     "You can hold 1 of Meeting rooms at the same time. Choose another time, or give one back."),
    (verdict(HOUR, ruled_room(BY_APPROVAL), now=ASKED, member=member_of(groups=(5,))),
     "A manager of Teknobyen says yes or no before it is yours."),
    (booked_by_ola("Kari"), "You cannot book for Kari. They can let you, under Delegates in My account."),
    (booked_by_ola(), "You cannot book for them. They can let you, under Delegates in My account."),
    (booked_by_ola(contact="Siri", leave=True),
     "Whoever uses Teknobyen books it in person. Let them book it, or ask Siri."),
    (booked_by_ola(leave=True), "Whoever uses Teknobyen books it in person. Let them book it."),
]  # fmt: skip
