"""Rule settings, special days and closures."""

import sqlalchemy as sa
from alembic import op

from migrations.types import instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule_setting",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("scope_kind", sa.String(10), nullable=False),
        sa.Column("scope_id", sa.Integer, nullable=False),
        sa.Column("group_id", sa.Integer, sa.ForeignKey("member_group.id")),
        sa.Column("rule", sa.String(8), nullable=False),
        sa.Column("params", sa.JSON, nullable=False),
        sa.Column("weight", sa.String(15)),
        instant("valid_from"),
        instant("valid_to", nullable=True),
        sa.Column("set_by_id", sa.Integer, sa.ForeignKey("member.id")),
        instant("set_at"),
        sa.CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="valid"),
    )
    op.create_index("ix_rule_setting_scope", "rule_setting", ["scope_kind", "scope_id", "rule"])
    op.create_table(
        "special_day",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("scope_kind", sa.String(10), nullable=False),
        sa.Column("scope_id", sa.Integer, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("windows", sa.JSON, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("set_by_id", sa.Integer, sa.ForeignKey("member.id")),
        sa.UniqueConstraint("public_id"),
    )
    op.create_index("ix_special_day_scope", "special_day", ["scope_kind", "scope_id", "day"])
    op.create_table(
        "closure",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("scope_kind", sa.String(10), nullable=False),
        sa.Column("scope_id", sa.Integer, nullable=False),
        instant("starts_at"),
        instant("ends_at"),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("set_by_id", sa.Integer, sa.ForeignKey("member.id")),
        sa.UniqueConstraint("public_id"),
        sa.CheckConstraint("starts_at < ends_at", name="span"),
    )
    op.create_index("ix_closure_scope", "closure", ["scope_kind", "scope_id", "ends_at"])


def downgrade() -> None:
    for table in ["closure", "special_day", "rule_setting"]:
        op.drop_table(table)
