"""Calendars that are kept elsewhere, and the times at which they say that a resource is taken."""

import sqlalchemy as sa
from alembic import op

from migrations.types import instant

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "external_calendar",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("resource_id", sa.Integer, sa.ForeignKey("resource.id"), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("address", sa.Text),
        sa.Column("upload", sa.LargeBinary),
        sa.Column("tentative_blocks", sa.Boolean, nullable=False),
        sa.Column("etag", sa.String(255)),
        sa.Column("last_modified", sa.String(64)),
        instant("tried_at", nullable=True),
        instant("succeeded_at", nullable=True),
        instant("read_at", nullable=True),
        instant("covers_until", nullable=True),
        instant("failing_since", nullable=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failure", sa.JSON),
        sa.Column("skipped", sa.JSON, nullable=False),
        instant("due_at", nullable=True),
        instant("claimed_until", nullable=True),
        sa.Column("claim", sa.String(22)),
        sa.Column("added_by_id", sa.Integer, sa.ForeignKey("member.id")),
        instant("added_at"),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("id", "resource_id", name="uq_external_calendar_resource"),
        sa.UniqueConstraint("resource_id", "name", name="uq_external_calendar_name"),
        sa.CheckConstraint("address IS NULL OR upload IS NULL", name="one_source"),
    )
    op.create_index("ix_external_calendar_due", "external_calendar", ["due_at"])
    op.create_table(
        "external_busy",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("calendar_id", sa.Integer, nullable=False),
        sa.Column("resource_id", sa.Integer, nullable=False),
        sa.Column("uid", sa.String(255), nullable=False),
        sa.Column("recurrence", sa.String(20), nullable=False),
        instant("starts_at"),
        instant("ends_at"),
        sa.Column("is_tentative", sa.Boolean, nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name="span"),
        sa.ForeignKeyConstraint(
            ["calendar_id", "resource_id"],
            ["external_calendar.id", "external_calendar.resource_id"],
            name="fk_external_busy_calendar",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_external_busy_resource", "external_busy", ["resource_id", "ends_at"])
    op.create_index("ix_external_busy_calendar", "external_busy", ["calendar_id"])


def downgrade() -> None:
    for table in ["external_busy", "external_calendar"]:
        op.drop_table(table)
