"""Qualifications with their grants and courses, calibration, bookings on hold, and the runs of jobs."""

import sqlalchemy as sa
from alembic import op

from migrations.types import instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("resource", sa.Column("calibration_due", sa.Date))
    _qualifications()
    _courses()
    op.create_table(
        "booking_hold",
        sa.Column("booking_id", sa.Integer, sa.ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("codes", sa.JSON, nullable=False),
        instant("since"),
    )
    op.create_table(
        "job_run",
        sa.Column("job", sa.String(20), primary_key=True),
        instant("started_at"),
        instant("ended_at", nullable=True),
        sa.Column("did", sa.JSON, nullable=False),
    )


def _qualifications() -> None:
    op.create_table(
        "qualification",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("site_id", sa.Integer, sa.ForeignKey("site.id"), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("is_safety", sa.Boolean, nullable=False),
        sa.Column("months", sa.Integer),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("contact", sa.String(254), nullable=False),
        instant("created_at"),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("site_id", "name"),
        sa.CheckConstraint("months IS NULL OR months > 0", name="months"),
    )
    op.create_table(
        "qualification_grant",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("qualification_id", sa.Integer, sa.ForeignKey("qualification.id"), nullable=False),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("granted_on", sa.Date, nullable=False),
        sa.Column("expires_on", sa.Date),
        sa.Column("level", sa.String(40), nullable=False),
        sa.Column("granted_by_id", sa.Integer, sa.ForeignKey("member.id")),
        instant("granted_at"),
        instant("withdrawn_at", nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer, sa.ForeignKey("member.id")),
        sa.Column("reason", sa.Text),
        sa.UniqueConstraint("public_id"),
        sa.CheckConstraint("expires_on IS NULL OR granted_on <= expires_on", name="days"),
    )
    op.create_index("ix_qualification_grant_member", "qualification_grant", ["member_id", "qualification_id"])
    op.create_index("ix_qualification_grant_qualification", "qualification_grant", ["qualification_id", "expires_on"])
    op.create_table(
        "qualification_warning",
        sa.Column(
            "grant_id", sa.Integer, sa.ForeignKey("qualification_grant.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("days", sa.Integer, primary_key=True, autoincrement=False),
        instant("told_at"),
    )


def _courses() -> None:
    op.create_table(
        "course",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("qualification_id", sa.Integer, sa.ForeignKey("qualification.id"), nullable=False),
        instant("starts_at"),
        instant("ends_at"),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("contact", sa.String(254), nullable=False),
        sa.Column("seats", sa.Integer, nullable=False),
        instant("cancelled_at", nullable=True),
        sa.UniqueConstraint("public_id"),
        sa.CheckConstraint("starts_at < ends_at", name="span"),
        sa.CheckConstraint("seats > 0", name="seats"),
    )
    op.create_index("ix_course_qualification", "course", ["qualification_id", "starts_at"])
    op.create_table(
        "course_seat",
        sa.Column("course_id", sa.Integer, sa.ForeignKey("course.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True),
        instant("taken_at"),
    )
    op.create_index("ix_course_seat_member_id", "course_seat", ["member_id"])


def downgrade() -> None:
    for table in ["job_run", "booking_hold", "course_seat", "course", "qualification_warning", "qualification_grant"]:
        op.drop_table(table)
    op.drop_table("qualification")
    op.drop_column("resource", "calibration_due")
