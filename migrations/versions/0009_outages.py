"""Planned maintenance and reported faults."""

import sqlalchemy as sa
from alembic import op

from migrations.types import instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outage",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("resource_id", sa.Integer, sa.ForeignKey("resource.id"), nullable=False),
        instant("starts_at"),
        instant("ends_at"),
        sa.Column("effect", sa.String(6), nullable=False),
        sa.Column("reason", sa.String(120), nullable=False),
        sa.Column("repeat_id", sa.String(22)),
        sa.Column("repeats", sa.JSON),
        sa.Column("set_by_id", sa.Integer, sa.ForeignKey("member.id")),
        instant("set_at"),
        sa.UniqueConstraint("public_id"),
        sa.CheckConstraint("starts_at < ends_at", name="span"),
        sa.CheckConstraint("effect IN ('block', 'notice')", name="effect"),
    )
    op.create_index("ix_outage_resource", "outage", ["resource_id", "ends_at"])
    op.create_index("ix_outage_repeat", "outage", ["repeat_id"])
    op.create_table(
        "fault",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("resource_id", sa.Integer, sa.ForeignKey("resource.id"), nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("is_dangerous", sa.Boolean, nullable=False),
        sa.Column("reported_by_id", sa.Integer, sa.ForeignKey("member.id")),
        instant("reported_at"),
        instant("out_since", nullable=True),
        sa.Column("is_safety", sa.Boolean, nullable=False),
        instant("expected_back", nullable=True),
        instant("cleared_at", nullable=True),
        sa.Column("cleared_by_id", sa.Integer, sa.ForeignKey("member.id")),
        sa.UniqueConstraint("public_id"),
        sa.CheckConstraint("NOT is_safety OR out_since IS NOT NULL", name="safety"),
    )
    op.create_index("ix_fault_resource", "fault", ["resource_id", "cleared_at"])


def downgrade() -> None:
    for table in ["fault", "outage"]:
        op.drop_table(table)
