"""Facts, everything the rules need to know about the world, gathered once and in bulk before judging."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from booking.core.approvals import NO_APPROVALS, ApprovalFacts
from booking.core.competence import NO_COMPETENCE, Competence
from booking.core.opening import SpecialDay
from booking.core.outages import BusyElsewhere, Outage, OutOfService
from booking.core.params import Params
from booking.core.safety import NO_SAFETY, SafetyFacts
from booking.core.scope import Scope
from booking.core.settings import Effective
from booking.core.timespan import SpanSet, TimeSpan
from booking.core.usage import Usage

P = TypeVar("P", bound=Params)


class ClosedKind(StrEnum):
    CLOSURE = "closure"
    PUBLIC_HOLIDAY = "public_holiday"


@dataclass(frozen=True, slots=True)
class Taken:
    """A unit held by another booking: `busy` is with set-up and clean-up, `span` without.

    `through` names the resource it was booked through, when that is another one: a part of a hall, or the whole.
    """

    unit_id: int
    busy: TimeSpan
    span: TimeSpan
    booking_id: int
    member_id: int | None
    requested: bool = False
    through: str = ""


@dataclass(frozen=True, slots=True)
class OwnBooking:
    """Another booking of the member's: when it is, and of which resources."""

    booking_id: int
    span: TimeSpan
    resource_ids: frozenset[int]
    name: str


@dataclass(frozen=True, slots=True)
class Closed:
    """A stretch when nothing can be booked; `names` gives the name per language where it is known."""

    span: TimeSpan
    name: str
    scope: Scope | None = None
    kind: ClosedKind = ClosedKind.CLOSURE
    names: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class ResourceFacts:
    """One resource inside the window: its rules (by code, "R05"), when it is open, and what is taken.

    A rule without a setting has its default. `taken` leaves out the booking being changed. `same_party` holds the
    member's own other bookings of this resource. A resource that is not a pool is all its units at once.
    """

    id: int
    slug: str
    name: str
    state: str = "active"
    units: tuple[int, ...] = ()
    is_pool: bool = False
    settings: Mapping[str, Effective] = field(default_factory=dict, hash=False)
    open: SpanSet = field(default_factory=SpanSet)
    special_days: tuple[SpecialDay, ...] = ()
    closed: tuple[Closed, ...] = ()
    taken: tuple[Taken, ...] = ()
    same_party: tuple[TimeSpan, ...] = ()
    contact: str | None = None
    outages: tuple[Outage, ...] = ()
    faults: tuple[OutOfService, ...] = ()  # only those that put it out of service
    busy_elsewhere: tuple[BusyElsewhere, ...] = ()  # in order of time
    usage: Usage | None = None  # only where a quota asks
    calibration_due: date | None = None
    competence: Competence = NO_COMPETENCE

    def values(self, rule: str, params: type[P]) -> P:
        """The effective values of a rule, its defaults where nothing is set."""
        setting = self.settings.get(rule)
        return setting.params if setting and isinstance(setting.params, params) else params()


@dataclass(frozen=True, slots=True)
class MembershipFacts:
    """The member belongs to an organisation until the end of `ends_on`; None means no end is set."""

    organisation_id: int
    role: str
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """Whom the booking is for, until the end of `ends_on`; memberships that have ended are among them."""

    id: int
    active: bool = True
    groups: frozenset[int] = frozenset()
    memberships: tuple[MembershipFacts, ...] = ()
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The world as one request meets it; nothing outside `window` is known.

    `companions` are resources that those asked about need beside them. `own` are the member's other bookings.
    """

    now: datetime
    zone: ZoneInfo
    resources: Mapping[int, ResourceFacts] = field(hash=False)
    member: MemberFacts
    window: TimeSpan
    group_names: Mapping[int, str] = field(default_factory=dict, hash=False)
    companions: Mapping[int, ResourceFacts] = field(default_factory=dict, hash=False)
    own: tuple[OwnBooking, ...] = ()
    safety: SafetyFacts = field(default=NO_SAFETY, hash=False)
    approvals: ApprovalFacts = NO_APPROVALS

    def of(self, resource_id: int) -> ResourceFacts:
        """A resource asked about or needed; KeyError when it is neither."""
        return self.resources.get(resource_id) or self.companions[resource_id]
