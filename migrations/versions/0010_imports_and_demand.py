"""Which foreign event an imported booking is, and what was looked for in vain."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imported_booking",
        sa.Column("resource_id", sa.Integer, sa.ForeignKey("resource.id"), primary_key=True, autoincrement=False),
        sa.Column("uid", sa.String(255), primary_key=True),
        sa.Column("recurrence", sa.String(20), primary_key=True),
        sa.Column("booking_id", sa.Integer, sa.ForeignKey("booking.id", ondelete="CASCADE"), nullable=False),
        sa.UniqueConstraint("booking_id"),
    )
    op.create_table(
        "unmet_demand",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("site", sa.String(60), primary_key=True),
        sa.Column("kind", sa.String(12), primary_key=True),
        sa.Column("people", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("minutes", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("features", sa.String(200), primary_key=True),
        sa.Column("weekday", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("hour", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.CheckConstraint("times > 0", name="times"),
    )


def downgrade() -> None:
    for table in ["unmet_demand", "imported_booking"]:
        op.drop_table(table)
