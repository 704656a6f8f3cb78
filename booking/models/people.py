"""Members, the organisations they belong to, the groups rules speak of, and what signs them in."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.db import Base, Instant
from booking.models.ids import PublicId


class SiteRole(StrEnum):
    """What a member may do for the whole service."""

    MEMBER = "member"
    AUDITOR = "auditor"
    SITE_ADMIN = "site_admin"


class OrganisationRole(StrEnum):
    """What a member is within one organisation."""

    MEMBER = "member"
    STUDENT = "student"
    ADMIN = "admin"


class DutyKind(StrEnum):
    """What a member does for the resources of a scope: managers decide everything, approvers answer requests."""

    MANAGER = "manager"
    APPROVER = "approver"


class Organisation(Base):
    """Who members belong to; carries quota and cost."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(20))  # academia, business, public, association, student
    state: Mapped[str] = mapped_column(String(10), default="active")  # invited, active, left
    ends_on: Mapped[date | None]
    members_may_change: Mapped[bool] = mapped_column(default=False, server_default=false())  # each other's bookings
    created_at: Mapped[Instant]

    memberships: Mapped[list["Membership"]] = relationship(back_populates="organisation", lazy="raise")


class Member(Base):
    """A person with an account. Without a password hash nobody can sign in as them."""

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # stored lower-case
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    site_role: Mapped[str] = mapped_column(String(12), default=SiteRole.MEMBER)
    language: Mapped[str | None] = mapped_column(String(2))  # nb, nn, en; None follows the browser
    detail_level: Mapped[str] = mapped_column(String(5), default="full")  # what new feeds show: busy, title, full
    ends_on: Mapped[date | None]
    deactivated_at: Mapped[Instant | None]
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Instant]

    memberships: Mapped[list["Membership"]] = relationship(back_populates="member", lazy="raise")


class Membership(Base):
    """That a member belongs to an organisation, as what, and until when."""

    __tablename__ = "membership"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(10), default=OrganisationRole.MEMBER)
    ends_on: Mapped[date | None]

    member: Mapped[Member] = relationship(back_populates="memberships", lazy="raise")
    organisation: Mapped[Organisation] = relationship(back_populates="memberships", lazy="raise")


class Duty(Base):
    """That a member manages, or approves for, every resource within a scope."""

    __tablename__ = "duty"
    __table_args__ = (UniqueConstraint("member_id", "scope_kind", "scope_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    scope_kind: Mapped[str] = mapped_column(String(10))  # site, building, category, resource
    scope_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10), default=DutyKind.MANAGER)


class MemberGroup(Base):
    """A named set of organisations, roles and members that a rule can open a resource to."""

    __tablename__ = "member_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)


class MemberGroupEntry(Base):
    """One line of a group: an organisation, a role anywhere (or within that organisation), or one member."""

    __tablename__ = "member_group_entry"
    __table_args__ = (
        CheckConstraint("organisation_id IS NOT NULL OR role IS NOT NULL OR member_id IS NOT NULL", name="something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("member_group.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str | None] = mapped_column(String(10))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))


class LoginSession(Base):
    """One signed-in browser. The cookie holds the token; here is only its hash, so that ending it is real."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[Instant]
    last_seen_at: Mapped[Instant]
    expires_at: Mapped[Instant]


class OneTimeLink(Base):
    """An address that works once and for a while: an invitation to join, or a way to set a new password."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))  # invitation, password
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(120))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str] = mapped_column(String(10), default=OrganisationRole.MEMBER)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]


class LoginThrottle(Base):
    """Failed sign-ins counted for one account or one address (hashed); slows down, never locks out for good."""

    __tablename__ = "login_throttle"
    __table_args__ = (Index("ix_login_throttle_window_from", "window_from"),)

    kind: Mapped[str] = mapped_column(String(8), primary_key=True)  # account, address
    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    window_from: Mapped[Instant]
