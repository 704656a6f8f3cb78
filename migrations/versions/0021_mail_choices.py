"""Which mails a member wants, which reminders, and whether invitations come with a calendar part."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_choice",
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True, autoincrement=False),
        sa.Column("invitations", sa.String(6), nullable=False),
        sa.Column("muted", sa.JSON, nullable=False),
        sa.Column("reminders", sa.JSON, nullable=False),
        sa.CheckConstraint("invitations IN ('auto', 'always', 'never')", name="invitations"),
    )


def downgrade() -> None:
    op.drop_table("mail_choice")
