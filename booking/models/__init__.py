"""Rows, typed; everything that is stored, in the words of the glossary."""

from booking.models.approvals import Application, ApprovalDecision, ApprovalDelegation, ApprovalStep
from booking.models.bookings import Allocation, Booking, BookingItem, Series, Submission
from booking.models.competence import Course, CourseSeat, Qualification, QualificationGrant, QualificationWarning
from booking.models.delegations import Delegation
from booking.models.external import ExternalBusy, ExternalCalendar
from booking.models.feeds import BookingFragment, FeedCounter, FeedDeparture, FeedKey
from booking.models.jobs import BookingHold, JobRun
from booking.models.letters import Notice, ShiftRequest
from booking.models.mail_choices import MailChoice
from booking.models.outages import Fault, Outage
from booking.models.outbox import OutboxMessage
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
from booking.models.records import ImportedBooking, JournalEntry, UnmetDemand
from booking.models.safety import Activity, Buddy, Declaration, Dispensation, Document, DocumentVersion

__all__ = [
    "Activity",
    "Allocation",
    "Application",
    "ApprovalDecision",
    "ApprovalDelegation",
    "ApprovalStep",
    "Booking",
    "BookingFragment",
    "BookingHold",
    "BookingItem",
    "Buddy",
    "Building",
    "Category",
    "Closure",
    "Course",
    "CourseSeat",
    "Declaration",
    "Delegation",
    "Dispensation",
    "Document",
    "DocumentVersion",
    "Duty",
    "DutyKind",
    "ExternalBusy",
    "ExternalCalendar",
    "Fault",
    "FeedCounter",
    "FeedDeparture",
    "FeedKey",
    "ImportedBooking",
    "JobRun",
    "JournalEntry",
    "LoginSession",
    "LoginThrottle",
    "MailChoice",
    "Member",
    "MemberGroup",
    "MemberGroupEntry",
    "Membership",
    "Notice",
    "OneTimeLink",
    "Organisation",
    "OrganisationRole",
    "Outage",
    "OutboxMessage",
    "Qualification",
    "QualificationGrant",
    "QualificationWarning",
    "Resource",
    "ResourcePart",
    "ResourceState",
    "ResourceUnit",
    "RuleSetting",
    "Series",
    "ShiftRequest",
    "Site",
    "SiteKind",
    "SiteRole",
    "SpecialDay",
    "Submission",
    "Unit",
    "UnmetDemand",
]
