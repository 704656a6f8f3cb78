"""What somebody wants, as plain values from any door, before it is judged."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from booking.core.details import NO_DETAILS, Details
from booking.core.errors import InvalidInput
from booking.core.localtime import on_the_clock
from booking.core.request import Item, Request, WallSpan
from booking.core.timespan import TimeSpan

VISIBILITIES = ("private", "organisation", "members", "public")
YEARS = range(2000, 2200)  # what calendars, rules and holidays can be asked about
LONGEST = timedelta(days=366)


LONGEST_NAME = 120
LONGEST_CONTACT = 254


@dataclass(frozen=True, slots=True)
class Visitor:
    """A guest without an account, for whom a manager books."""

    name: str
    contact: str

    def __post_init__(self) -> None:
        """Raises InvalidInput: somebody must be able to reach the guest."""
        for field, text, longest in (
            ("visitor_name", self.name, LONGEST_NAME),
            ("visitor_contact", self.contact, LONGEST_CONTACT),
        ):
            if not text.strip():
                raise InvalidInput(field, "booking.visitor_incomplete")
            if len(text) > longest:
                raise InvalidInput(field, "input.too_long", {"most": longest})


@dataclass(frozen=True, slots=True)
class Wish:
    """A booking as it is wanted. `key` makes sending it twice harmless; `seen_at` is when the form was shown.

    `uid` is what calendars elsewhere know it by; without one it gets its own.
    """

    items: tuple[Item, ...]
    wall: WallSpan
    title: str = ""
    people: int | None = None
    organisation_id: int | None = None
    visibility: str = "organisation"
    key: str | None = None
    seen_at: datetime | None = None
    uid: str | None = None
    visitor: Visitor | None = None
    details: Details = NO_DETAILS

    def __post_init__(self) -> None:
        """Raises InvalidInput for times far off or far apart, for nothing, and for the same resource twice."""
        starts, ends = self.wall.starts, self.wall.ends
        if starts.year not in YEARS or ends.year not in YEARS:
            raise InvalidInput("date", "booking.day_far_off")
        if abs(ends - starts) > LONGEST:
            raise InvalidInput("end_date", "booking.too_long")
        if not self.items or len(set(self.resource_ids)) < len(self.items) or any(i.quantity < 1 for i in self.items):
            raise InvalidInput("resource")

    @property
    def resource_ids(self) -> tuple[int, ...]:
        """The resources asked for."""
        return tuple(item.resource_id for item in self.items)

    @property
    def content(self) -> dict[str, object]:
        """What makes two sendings the same: everything but the key and when the form was shown."""
        return {
            "items": [[item.resource_id, item.quantity] for item in self.items],
            "wall": [self.wall.starts, self.wall.ends, self.wall.start_fold, self.wall.end_fold],
            "title": self.title,
            "people": self.people,
            "organisation": self.organisation_id,
            "visibility": self.visibility,
            **({"visitor": [self.visitor.name, self.visitor.contact]} if self.visitor else {}),
            **({"details": self.details.to_json()} if self.details != NO_DETAILS else {}),
        }

    def request(self, member_id: int) -> Request:
        """What the judge is asked, for the member whose booking it is to be."""
        return Request(
            self.wall,
            self.items,
            self.people,
            member_id,
            self.organisation_id,
            details=self.details,
            visibility=self.visibility,
        )

    def window(self, zone: ZoneInfo) -> TimeSpan:
        """The time that facts are needed for, also when the wall times cannot be resolved."""
        starts, ends = sorted((on_the_clock(self.wall.starts, zone), on_the_clock(self.wall.ends, zone)))
        return TimeSpan(starts, max(ends, starts + timedelta(hours=1))).padded(timedelta(hours=1), timedelta(hours=1))
