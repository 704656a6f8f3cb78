"""The families of facts beyond time and place, each read by a function of its own, added where the rules need them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from booking.core.facts import Facts
from booking.core.settings import Effective
from booking.core.timespan import TimeSpan
from booking.services.catalogue import ResourceCard
from booking.services.safety_facts import with_safety


@dataclass(frozen=True, slots=True)
class Gathering:
    """What is being gathered: for which resources (their effective settings by id and rule) and which time."""

    session: Session
    now: datetime
    cards: Mapping[int, ResourceCard]
    effective: Mapping[int, Mapping[str, Effective]]
    window: TimeSpan
    without_booking_id: int | None = None

    def asks(self, rule: str) -> bool:
        """Whether any of the resources gives the rule something to ask; a family reads nothing where none does."""
        return any(each[rule].parts for each in self.effective.values() if rule in each)


Family = Callable[[Gathering, Facts], Facts]
FAMILIES: tuple[Family, ...] = (with_safety,)


def with_families(gathering: Gathering, facts: Facts) -> Facts:
    """The facts with what every family adds; the member is `facts.member`."""
    for family in FAMILIES:
        facts = family(gathering, facts)
    return facts


__all__ = ["FAMILIES", "Family", "Gathering", "with_families"]
