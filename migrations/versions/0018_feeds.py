"""Feeds of rooms, organisations and sites: rendered text of each booking, what has left a feed, and options of a key.

Bookings get their text when they change, and all others from `flask --app wsgi init`.
"""

import sqlalchemy as sa
from alembic import op

from migrations.types import instant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KEY_COLUMNS = ("with_buffers", "alarm_minutes", "rev_seen", "program")


def upgrade() -> None:
    op.add_column("feed_key", sa.Column("with_buffers", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("feed_key", sa.Column("alarm_minutes", sa.Integer))
    op.add_column("feed_key", sa.Column("rev_seen", sa.Integer))
    op.add_column("feed_key", sa.Column("program", sa.String(40), nullable=False, server_default=""))
    op.add_column("closure", instant("set_at", nullable=True))
    op.create_table(
        "booking_fragment",
        _booking(),
        sa.Column("template", sa.Integer, nullable=False),
        instant("modified_at"),
        sa.Column("sequence", sa.Integer, nullable=False),
        instant("starts_at"),
        instant("ends_at"),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("categories", sa.JSON, nullable=False),
        *(sa.Column(name, sa.LargeBinary, nullable=False) for name in ("core", "summary", "short_place", "full_place")),
    )
    op.create_table(
        "feed_departure",
        sa.Column("scope_kind", sa.String(12), primary_key=True),
        sa.Column("scope_id", sa.Integer, primary_key=True, autoincrement=False),
        _booking(),
        instant("departed_at"),
        sa.Column("core", sa.LargeBinary, nullable=False),
        sa.Column("summary", sa.LargeBinary),
    )
    op.create_index("ix_feed_departure_booking", "feed_departure", ["booking_id"])


def _booking() -> sa.Column[int]:
    key = sa.ForeignKey("booking.id", ondelete="CASCADE")
    return sa.Column("booking_id", sa.Integer, key, primary_key=True, autoincrement=False)


def downgrade() -> None:
    op.drop_table("feed_departure")
    op.drop_table("booking_fragment")
    op.drop_column("closure", "set_at")
    for name in reversed(KEY_COLUMNS):
        op.drop_column("feed_key", name)
