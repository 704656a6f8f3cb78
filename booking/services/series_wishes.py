"""A repeating wish and what is decided for each of its dates, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from booking.core.recurrence import MOST_DATES, Recurrence
from booking.core.request import Request, WallSpan
from booking.core.timespan import TimeSpan
from booking.core.verdict import Finding, Verdict
from booking.services.alternatives import Alternative
from booking.services.catalogue import ResourceCard
from booking.services.holidays import Holiday
from booking.services.wishes import Wish


@dataclass(frozen=True, slots=True)
class Choice:
    """What is decided for one date: leave it out, take this resource and span instead, or let a booking stay."""

    skip: bool = False
    stay: bool = False
    slug: str = ""
    span: TimeSpan | None = None


AS_PLANNED = Choice()
SKIP = Choice(skip=True)
STAY = Choice(stay=True)


class Fate(StrEnum):
    """What becomes of one date; the last three stand in the way until something is decided."""

    FINE = "fine"
    APPROVAL = "approval"
    SKIPPED = "skipped"
    STAYS = "stays"
    TAKEN = "taken"
    CLOSED = "closed"
    REFUSED = "refused"


PROBLEMS = frozenset({Fate.TAKEN, Fate.CLOSED, Fate.REFUSED})


@dataclass(frozen=True, slots=True)
class SeriesWish:
    """`wish` tells what is wanted, its wall times the first date; `choices` what is decided for single dates.

    `shown_problems` are the dates that stood in the way when the page was shown, so that what changed meanwhile can be
    told from what was left undecided.
    """

    wish: Wish
    rule: Recurrence
    choices: Mapping[date, Choice] = field(default_factory=dict, hash=False)
    skip_holidays: bool = False
    shown_problems: frozenset[date] = frozenset()

    def days(self) -> tuple[date, ...]:
        """The dates it falls on, one more than there may ever be at most."""
        return self.rule.days(self.wish.wall.starts.date(), MOST_DATES)

    @property
    def content(self) -> dict[str, object]:
        """What makes two sendings the same."""
        decided = sorted((day, each.skip, each.slug, str(each.span)) for day, each in self.choices.items())
        rule = self.rule.to_json()
        return {**self.wish.content, "rule": rule, "choices": decided, "skip_holidays": self.skip_holidays}


@dataclass(frozen=True, slots=True)
class Planned:
    """One date as it goes into judging; `before` and `booking_id` when it is a change of a booking."""

    day: date
    request: Request
    before: Request | None = None
    booking_id: int | None = None


@dataclass(frozen=True, slots=True)
class DateLine:
    """One date and its fate. `request` is what would be booked, `span` when; `planned` what the series itself says.

    `as_planned` is the verdict on that. `offers` are accepted when they are chosen. `number` is its place.
    """

    number: int
    day: date
    planned: WallSpan
    request: Request
    span: TimeSpan | None
    card: ResourceCard
    choice: Choice
    fate: Fate
    verdict: Verdict
    as_planned: Verdict
    offers: tuple[Alternative, ...] = ()
    holiday: Holiday | None = None
    booking_id: int | None = None

    @property
    def is_problem(self) -> bool:
        """Whether something must be decided."""
        return self.fate in PROBLEMS

    @property
    def is_kept(self) -> bool:
        """Whether it is to be booked, or changed."""
        return self.fate not in (Fate.SKIPPED, Fate.STAYS)


@dataclass(frozen=True, slots=True)
class Weighed:
    """Every date with its fate, and what stands in the way of all of them alike."""

    lines: tuple[DateLine, ...]
    of_all: tuple[Finding, ...] = ()

    @property
    def problems(self) -> tuple[DateLine, ...]:
        """The dates that need a decision."""
        return tuple(line for line in self.lines if line.is_problem)

    @property
    def kept(self) -> tuple[DateLine, ...]:
        """The dates to book."""
        return tuple(line for line in self.lines if line.is_kept)

    @property
    def is_settled(self) -> bool:
        """Whether it can be saved: something to book, and nothing in the way."""
        return bool(self.kept) and not self.problems and not any(finding.refuses for finding in self.of_all)

    def count(self, *fates: Fate) -> int:
        """How many dates have one of these fates."""
        return sum(line.fate in fates for line in self.lines)

    @property
    def rooms_that_help(self) -> list[tuple[ResourceCard, int]]:
        """Other resources that could take dates that are in the way, and how many, the most helpful first."""
        helped: dict[str, tuple[ResourceCard, int]] = {}
        for line in self.problems:
            for offer in line.offers:
                if offer.card.id != line.card.id:
                    card, number = helped.get(offer.card.slug, (offer.card, 0))
                    helped[card.slug] = (card, number + 1)
        return sorted(helped.values(), key=lambda each: -each[1])
