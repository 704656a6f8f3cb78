"""The journal, feed keys and feed counters."""

import sqlalchemy as sa
from alembic import op

from migrations.types import instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journal_entry",
        sa.Column("id", sa.Integer, primary_key=True),
        instant("at"),
        sa.Column("actor_id", sa.Integer, sa.ForeignKey("member.id")),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject_kind", sa.String(20), nullable=False),
        sa.Column("subject_id", sa.Integer, nullable=False),
        sa.Column("door", sa.String(12), nullable=False),
        sa.Column("before", sa.JSON),
        sa.Column("after", sa.JSON),
        sa.Column("text", sa.Text),
    )
    op.create_index("ix_journal_entry_subject", "journal_entry", ["subject_kind", "subject_id"])
    op.create_table(
        "feed_key",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("scope_kind", sa.String(12), nullable=False),
        sa.Column("scope_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("detail", sa.String(5), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        instant("created_at"),
        instant("revoked_at", nullable=True),
        instant("last_fetched_at", nullable=True),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("key_hash"),
    )
    op.create_index("ix_feed_key_member_id", "feed_key", ["member_id"])
    op.create_table(
        "feed_counter",
        sa.Column("scope_kind", sa.String(12), primary_key=True),
        sa.Column("scope_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("rev", sa.Integer, nullable=False),
        instant("changed_at"),
    )


def downgrade() -> None:
    for table in ["feed_counter", "feed_key", "journal_entry"]:
        op.drop_table(table)
