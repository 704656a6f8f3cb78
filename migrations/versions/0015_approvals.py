"""Who is asked to approve, what they say, for whom they stand in, and requests that compete for the same time."""

import sqlalchemy as sa
from alembic import op

from migrations.types import instant

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None

# Requests that were made before anybody was asked: those on duty decide, until it begins.
OLDER_REQUESTS = """
    INSERT INTO approval_step (
        booking_id, resource_id, round, level, mode, working_days, on_timeout, findings, asked_at, until_at
    )
    SELECT booking.id, booking_item.resource_id, 1, 'resource', 'any', 2, 'escalate', '[]', booking.modified_at,
        booking.starts_at
    FROM booking JOIN booking_item ON booking_item.booking_id = booking.id
    WHERE booking.state = 'requested'
"""


def upgrade() -> None:
    _steps()
    _decisions()
    op.create_table(
        "approval_delegation",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("from_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("to_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("booking_id", sa.Integer, sa.ForeignKey("booking.id", ondelete="CASCADE")),
        instant("starts_at"),
        instant("ends_at"),
        instant("made_at"),
        instant("ended_at", nullable=True),
        sa.UniqueConstraint("public_id"),
        sa.CheckConstraint("starts_at < ends_at", name="span"),
    )
    op.create_index("ix_approval_delegation_to", "approval_delegation", ["to_id", "ends_at"])
    op.create_table(
        "application",
        sa.Column(
            "booking_id",
            sa.Integer,
            sa.ForeignKey("booking.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("state", sa.String(9), nullable=False),
        instant("made_at"),
        instant("decided_at", nullable=True),
        sa.CheckConstraint("state IN ('open', 'chosen', 'lost', 'declined', 'withdrawn', 'expired')", name="state"),
    )
    op.create_index("ix_application_state", "application", ["state"])
    op.create_index("ix_booking_state", "booking", ["state", "starts_at"])
    op.execute(OLDER_REQUESTS)


def _steps() -> None:
    op.create_table(
        "approval_step",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("booking_id", sa.Integer, sa.ForeignKey("booking.id", ondelete="CASCADE"), nullable=False),
        sa.Column("resource_id", sa.Integer, sa.ForeignKey("resource.id"), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("mode", sa.String(7), nullable=False),
        sa.Column("working_days", sa.Integer, nullable=False),
        sa.Column("on_timeout", sa.String(8), nullable=False),
        sa.Column("findings", sa.JSON, nullable=False),
        instant("asked_at"),
        instant("until_at"),
    )
    op.create_index("ix_approval_step_booking", "approval_step", ["booking_id", "round"])


def _decisions() -> None:
    op.create_table(
        "approval_decision",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("booking_id", sa.Integer, sa.ForeignKey("booking.id", ondelete="CASCADE"), nullable=False),
        sa.Column("step_id", sa.Integer, sa.ForeignKey("approval_step.id", ondelete="CASCADE"), nullable=False),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id")),
        sa.Column("for_id", sa.Integer, sa.ForeignKey("member.id")),
        sa.Column("what", sa.String(8), nullable=False),
        sa.Column("text", sa.Text),
        instant("at"),
        sa.CheckConstraint("what IN ('approved', 'declined', 'expired', 'asked', 'answered')", name="what"),
    )
    op.create_index("ix_approval_decision_booking", "approval_decision", ["booking_id"])


def downgrade() -> None:
    op.drop_index("ix_booking_state", "booking")
    for table in ["application", "approval_delegation", "approval_decision", "approval_step"]:
        op.drop_table(table)
