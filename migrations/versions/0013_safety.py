"""Activities, declarations and their answers, buddies, and dispensations from the rule about lone work."""

import sqlalchemy as sa
from alembic import op

from migrations.types import instant

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("approval", sa.String(120), nullable=False),
        sa.Column("approved_until", sa.Date),
        sa.Column("risk_assessment", sa.String(120), nullable=False),
        sa.Column("assessed_on", sa.Date),
        instant("retired_at", nullable=True),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("name"),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name="level"),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        instant("created_at"),
        sa.UniqueConstraint("public_id"),
    )
    op.create_table(
        "document_version",
        sa.Column("document_id", sa.Integer, sa.ForeignKey("document.id"), primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("frequency", sa.String(8), nullable=False),
        sa.Column("names", sa.JSON, nullable=False),
        sa.Column("texts", sa.JSON, nullable=False),
        sa.Column("questions", sa.JSON, nullable=False),
        sa.Column("written_by_id", sa.Integer, sa.ForeignKey("member.id")),
        instant("written_at"),
        sa.CheckConstraint("frequency IN ('once', 'each', 'yearly')", name="frequency"),
    )
    op.create_table(
        "declaration",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("document_id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("booking_id", sa.Integer, sa.ForeignKey("booking.id", ondelete="CASCADE")),
        instant("declared_at"),
        sa.ForeignKeyConstraint(
            ["document_id", "version"], ["document_version.document_id", "document_version.version"]
        ),
    )
    op.create_index("ix_declaration_member", "declaration", ["member_id", "document_id"])
    op.create_index("ix_declaration_booking", "declaration", ["booking_id"])
    _lone_work()


def _lone_work() -> None:
    op.create_table(
        "buddy",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("booking_id", sa.Integer, sa.ForeignKey("booking.id", ondelete="CASCADE"), nullable=False),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        instant("starts_at"),
        instant("ends_at"),
        instant("asked_at"),
        instant("answered_at", nullable=True),
        sa.UniqueConstraint("booking_id", "member_id"),
        sa.CheckConstraint("state IN ('asked', 'accepted', 'declined', 'withdrawn', 'released')", name="state"),
    )
    op.create_index("ix_buddy_member", "buddy", ["member_id", "state", "ends_at"])
    op.create_table(
        "dispensation",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("resource_id", sa.Integer, sa.ForeignKey("resource.id"), nullable=False),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("reference", sa.String(120), nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("granted_by_id", sa.Integer, sa.ForeignKey("member.id")),
        instant("granted_at"),
        instant("withdrawn_at", nullable=True),
        sa.UniqueConstraint("public_id"),
    )
    op.create_index("ix_dispensation_member", "dispensation", ["member_id", "resource_id"])


def downgrade() -> None:
    for table in ["dispensation", "buddy", "declaration", "document_version", "document", "activity"]:
        op.drop_table(table)
