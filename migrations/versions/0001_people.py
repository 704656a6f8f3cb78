"""Members, organisations, groups, and what signs people in."""

import sqlalchemy as sa
from alembic import op

from migrations.types import instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("ends_on", sa.Date),
        instant("created_at"),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("slug"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "member",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("password_hash", sa.String(200)),
        sa.Column("site_role", sa.String(12), nullable=False),
        sa.Column("language", sa.String(2)),
        sa.Column("detail_level", sa.String(5), nullable=False),
        sa.Column("ends_on", sa.Date),
        instant("deactivated_at", nullable=True),
        sa.Column("is_demo", sa.Boolean, nullable=False),
        instant("created_at"),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("email"),
    )
    op.create_table(
        "membership",
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True),
        sa.Column("organisation_id", sa.Integer, sa.ForeignKey("organisation.id"), primary_key=True),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("ends_on", sa.Date),
    )
    op.create_index("ix_membership_organisation_id", "membership", ["organisation_id"])
    op.create_table(
        "duty",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("scope_kind", sa.String(10), nullable=False),
        sa.Column("scope_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.UniqueConstraint("member_id", "scope_kind", "scope_id", "kind"),
    )
    _groups()
    _signing_in()


def _groups() -> None:
    op.create_table(
        "member_group",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "member_group_entry",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("group_id", sa.Integer, sa.ForeignKey("member_group.id"), nullable=False),
        sa.Column("organisation_id", sa.Integer, sa.ForeignKey("organisation.id")),
        sa.Column("role", sa.String(10)),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id")),
        sa.CheckConstraint(
            "organisation_id IS NOT NULL OR role IS NOT NULL OR member_id IS NOT NULL", name="something"
        ),
    )
    op.create_index("ix_member_group_entry_group_id", "member_group_entry", ["group_id"])


def _signing_in() -> None:
    op.create_table(
        "login_session",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("device", sa.String(80), nullable=False),
        instant("created_at"),
        instant("last_seen_at"),
        instant("expires_at"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_login_session_member_id", "login_session", ["member_id"])
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id")),
        sa.Column("organisation_id", sa.Integer, sa.ForeignKey("organisation.id")),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("created_by_id", sa.Integer, sa.ForeignKey("member.id")),
        instant("created_at"),
        instant("expires_at"),
        instant("used_at", nullable=True),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_one_time_link_email", "one_time_link", ["email"])
    op.create_table(
        "login_throttle",
        sa.Column("kind", sa.String(8), primary_key=True),
        sa.Column("key_hash", sa.String(64), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        instant("window_from"),
    )
    op.create_index("ix_login_throttle_window_from", "login_throttle", ["window_from"])


def downgrade() -> None:
    tables = "login_throttle one_time_link login_session member_group_entry member_group duty membership member"
    for table in [*tables.split(), "organisation"]:
        op.drop_table(table)
