"""Members who may book in another member's name."""

import sqlalchemy as sa
from alembic import op

from migrations.types import instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delegation",
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True),
        sa.Column("delegate_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True),
        instant("created_at"),
        sa.CheckConstraint("member_id <> delegate_id", name="another"),
    )
    op.create_index("ix_delegation_delegate_id", "delegation", ["delegate_id"])


def downgrade() -> None:
    op.drop_table("delegation")
