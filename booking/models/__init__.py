"""Rows, typed; everything that is stored, in the words of the glossary."""

from booking.models.bookings import Allocation, Booking, BookingItem, Series, Submission
from booking.models.outages import Fault, Outage
from booking.models.people import (
    Duty,
    DutyKind,
    LoginSession,
    LoginThrottle,
    Member,
    MemberGroup,
    MemberGroupEntry,
    Membership,
    OneTimeLink,
    Organisation,
    OrganisationRole,
    SiteRole,
)
from booking.models.places import (
    Building,
    Category,
    Resource,
    ResourcePart,
    ResourceState,
    ResourceUnit,
    Site,
    SiteKind,
    Unit,
)
from booking.models.policies import Closure, RuleSetting, SpecialDay
from booking.models.records import FeedCounter, FeedKey, JournalEntry

__all__ = [
    "Allocation",
    "Booking",
    "BookingItem",
    "Building",
    "Category",
    "Closure",
    "Duty",
    "DutyKind",
    "Fault",
    "FeedCounter",
    "FeedKey",
    "JournalEntry",
    "LoginSession",
    "LoginThrottle",
    "Member",
    "MemberGroup",
    "MemberGroupEntry",
    "Membership",
    "OneTimeLink",
    "Organisation",
    "OrganisationRole",
    "Outage",
    "Resource",
    "ResourcePart",
    "ResourceState",
    "ResourceUnit",
    "RuleSetting",
    "Series",
    "Site",
    "SiteKind",
    "SiteRole",
    "SpecialDay",
    "Submission",
    "Unit",
]
