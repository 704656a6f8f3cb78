"""What every rule says for itself, in the order in which people ask. A new rule adds an entry to its family's file."""

from collections.abc import Mapping

from booking.web.policy import amount, answers, company, labs, safety, shares, time
from booking.web.policy.entry import Names, Policy

_KNOWN = time.POLICY | amount.POLICY | shares.POLICY | company.POLICY | labs.POLICY | safety.POLICY | answers.POLICY
_FIRST = (
    "R10",
    "R11",
    "R30",
    "R38",
    "R16",
    "R22",
    "R23",
    "R24",
    "R25",
    "R26",
    "R27",
    "R17",
    "R18",
    "R19",
    "R20",
    "R21",
    "R28",
    "R06",
    "R08",
    "R09",
    "R07",
    "R31",
    "R14",
    "R32",
    "R33",
    "R36",
    "R39",
    "R40",
    "R02",
)
POLICY: Mapping[str, Policy] = {code: _KNOWN[code] for code in dict.fromkeys((*_FIRST, *sorted(_KNOWN)))}

__all__ = ["POLICY", "Names", "Policy"]
