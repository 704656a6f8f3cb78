"""What some rules ask about a booking beyond what, when and for whom, such as its purpose."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("booking", sa.Column("details", sa.JSON))


def downgrade() -> None:
    op.drop_column("booking", "details")
