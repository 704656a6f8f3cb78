"""Notices, requests to shift, visitors of bookings, and organisations whose members change each other's bookings."""

import sqlalchemy as sa
from alembic import op

from migrations.types import instant

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        _booking("booking_id"),
        sa.Column("actor_id", sa.Integer, sa.ForeignKey("member.id")),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("text", sa.Text),
        instant("created_at"),
        instant("read_at", nullable=True),
        sa.UniqueConstraint("public_id"),
    )
    op.create_index("ix_notice_member", "notice", ["member_id", "read_at"])
    op.create_index("ix_notice_booking_id", "notice", ["booking_id"])
    op.create_table(
        "shift_request",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        _booking("asking_booking_id"),
        _booking("asked_booking_id"),
        sa.Column("asked_by_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        instant("wanted_from"),
        instant("wanted_to"),
        sa.Column("state", sa.String(10), nullable=False),
        instant("created_at"),
        instant("answered_at", nullable=True),
        sa.UniqueConstraint("public_id"),
        sa.CheckConstraint("state IN ('open', 'accepted', 'declined')", name="state"),
        sa.CheckConstraint("wanted_from < wanted_to", name="wanted"),
    )
    op.create_index("ix_shift_request_asked", "shift_request", ["asked_booking_id", "state"])
    op.create_index("ix_shift_request_asking", "shift_request", ["asking_booking_id"])
    op.add_column("booking", sa.Column("visitor_name", sa.String(120), nullable=False, server_default=sa.text("''")))
    op.add_column("booking", sa.Column("visitor_contact", sa.String(254), nullable=False, server_default=sa.text("''")))
    op.add_column(
        "organisation", sa.Column("members_may_change", sa.Boolean, nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("organisation", "members_may_change")
    op.drop_column("booking", "visitor_contact")
    op.drop_column("booking", "visitor_name")
    for table in ["shift_request", "notice"]:
        op.drop_table(table)


def _booking(name: str) -> sa.Column[int]:
    """A booking that takes the row along when it is deleted."""
    return sa.Column(name, sa.Integer, sa.ForeignKey("booking.id", ondelete="CASCADE"), nullable=False)
