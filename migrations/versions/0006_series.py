"""What a booking needs to remember of its series: the date it stands for, and whether it was moved by itself.

Plain new columns only: rebuilding the booking's table would drop its guards on SQLite.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FOLLOWS = "INTEGER CONSTRAINT fk_series_follows_id REFERENCES series (id)"


def upgrade() -> None:
    op.execute(f"ALTER TABLE series ADD COLUMN follows_id {FOLLOWS}")
    op.add_column("booking", sa.Column("series_day", sa.Date))
    op.add_column("booking", sa.Column("by_hand", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("ix_booking_series", "booking", ["series_id", "series_day"])


def downgrade() -> None:
    op.drop_index("ix_booking_series", "booking")
    op.drop_column("booking", "by_hand")
    op.drop_column("booking", "series_day")
    op.drop_column("series", "follows_id")
