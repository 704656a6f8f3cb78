"""Notices that are about a fault instead of a booking, for its reporter and for those who look after the resource.

SQLite cannot let go of NOT NULL, so there the table is made anew and its rows copied; it has no triggers, and nothing
points at it.
"""

import sqlalchemy as sa
from alembic import op

from migrations.types import instant, is_postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ABOUT = "booking_id IS NOT NULL OR fault_id IS NOT NULL"
KEPT = "id, public_id, member_id, booking_id, actor_id, kind, facts, text, created_at, read_at"


def upgrade() -> None:
    if is_postgresql():
        op.alter_column("notice", "booking_id", nullable=True)
        op.execute(
            "ALTER TABLE notice ADD COLUMN fault_id INTEGER"
            " CONSTRAINT fk_notice_fault_id REFERENCES fault (id) ON DELETE CASCADE"
        )
        op.execute(f"ALTER TABLE notice ADD CONSTRAINT ck_notice_about CHECK ({ABOUT})")
    else:
        _make_anew(
            _booking(nullable=True),
            sa.Column("fault_id", sa.Integer, sa.ForeignKey("fault.id", ondelete="CASCADE")),
            sa.CheckConstraint(ABOUT, name="about"),
        )
    op.create_index("ix_notice_fault_id", "notice", ["fault_id"])


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE booking_id IS NULL")
    op.drop_index("ix_notice_fault_id", "notice")
    if is_postgresql():
        op.execute("ALTER TABLE notice DROP CONSTRAINT ck_notice_about")
        op.drop_column("notice", "fault_id")
        op.alter_column("notice", "booking_id", nullable=False)
    else:
        _make_anew(_booking(nullable=False))


def _booking(*, nullable: bool) -> sa.Column[int]:
    return sa.Column("booking_id", sa.Integer, sa.ForeignKey("booking.id", ondelete="CASCADE"), nullable=nullable)


def _make_anew(*about: sa.schema.SchemaItem) -> None:
    """The table with other columns for what a notice is about, and every row it had."""
    for index in ("ix_notice_member", "ix_notice_booking_id"):
        op.drop_index(index, "notice")
    op.rename_table("notice", "notice_before")
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        *about,
        sa.Column("actor_id", sa.Integer, sa.ForeignKey("member.id")),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("text", sa.Text),
        instant("created_at"),
        instant("read_at", nullable=True),
        sa.UniqueConstraint("public_id"),
    )
    op.execute(f"INSERT INTO notice ({KEPT}) SELECT {KEPT} FROM notice_before")
    op.drop_table("notice_before")
    op.create_index("ix_notice_member", "notice", ["member_id", "read_at"])
    op.create_index("ix_notice_booking_id", "notice", ["booking_id"])
