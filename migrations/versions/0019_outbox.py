"""Mail that waits to be sent, and what invitations need to know of a series: how often it was told, and to whom.

A series that is there already belongs to whoever holds its first booking.
"""

import sqlalchemy as sa
from alembic import op

from migrations.types import instant

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id", ondelete="CASCADE")),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("booking_id", sa.Integer, sa.ForeignKey("booking.id", ondelete="CASCADE")),
        sa.Column("series_id", sa.Integer, sa.ForeignKey("series.id", ondelete="CASCADE")),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("once", sa.String(120)),
        instant("created_at"),
        instant("due_at"),
        sa.Column("attempts", sa.Integer, nullable=False),
        instant("claimed_until", nullable=True),
        sa.Column("rendered", sa.LargeBinary),
        sa.Column("state", sa.String(8), nullable=False),
        instant("ended_at", nullable=True),
        sa.Column("error", sa.String(200), nullable=False),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("once"),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'dead', 'dropped')", name="state"),
        sa.CheckConstraint("member_id IS NOT NULL OR email <> ''", name="receiver"),
        sa.CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended"),
    )
    op.create_index("ix_outbox_message_due", "outbox_message", ["state", "due_at"])
    op.create_index("ix_outbox_message_member", "outbox_message", ["member_id", "state"])
    op.create_index("ix_outbox_message_booking_id", "outbox_message", ["booking_id"])
    op.create_index("ix_outbox_message_series_id", "outbox_message", ["series_id"])
    op.add_column("series", sa.Column("sequence", sa.Integer, nullable=False, server_default=sa.text("0")))
    named = "CONSTRAINT fk_series_member_id"
    op.execute(f"ALTER TABLE series ADD COLUMN member_id INTEGER {named} REFERENCES member (id)")
    first = "SELECT member_id FROM booking WHERE series_id = series.id ORDER BY series_day, id LIMIT 1"
    op.execute(f"UPDATE series SET member_id = ({first})")


def downgrade() -> None:
    op.drop_column("series", "member_id")
    op.drop_column("series", "sequence")
    op.drop_table("outbox_message")
