"""Sites, buildings, categories, resources and their units."""

import sqlalchemy as sa
from alembic import op

from migrations.types import instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "site",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("area", sa.String(60), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("timezone", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("url", sa.String(300)),
        sa.Column("is_illustrative", sa.Boolean, nullable=False),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "building",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("site_id", sa.Integer, sa.ForeignKey("site.id"), nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("opens_on", sa.Date),
        sa.UniqueConstraint("slug"),
    )
    op.create_index("ix_building_site_id", "building", ["site_id"])
    op.create_table(
        "category",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("names", sa.JSON, nullable=False),
        sa.UniqueConstraint("slug"),
    )
    _resources()


def _resources() -> None:
    op.create_table(
        "resource",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("site_id", sa.Integer, sa.ForeignKey("site.id"), nullable=False),
        sa.Column("building_id", sa.Integer, sa.ForeignKey("building.id")),
        sa.Column("category_id", sa.Integer, sa.ForeignKey("category.id"), nullable=False),
        sa.Column("host_organisation_id", sa.Integer, sa.ForeignKey("organisation.id")),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("is_pool", sa.Boolean, nullable=False),
        sa.Column("seats", sa.Integer),
        sa.Column("area_m2", sa.Integer),
        sa.Column("floor", sa.String(20), nullable=False),
        sa.Column("features", sa.JSON, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("wayfinding", sa.Text, nullable=False),
        sa.Column("contact", sa.String(254), nullable=False),
        sa.Column("is_illustrative", sa.Boolean, nullable=False),
        instant("created_at"),
        instant("retired_at", nullable=True),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("slug"),
        sa.CheckConstraint("seats IS NULL OR seats > 0", name="seats"),
    )
    op.create_index("ix_resource_site_id", "resource", ["site_id"])
    op.create_table(
        "unit", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(120), nullable=False)
    )
    op.create_table(
        "resource_unit",
        sa.Column("resource_id", sa.Integer, sa.ForeignKey("resource.id"), primary_key=True),
        sa.Column("unit_id", sa.Integer, sa.ForeignKey("unit.id"), primary_key=True),
        instant("withdrawn_at", nullable=True),
    )
    op.create_index("ix_resource_unit_unit_id", "resource_unit", ["unit_id"])
    op.create_table(
        "resource_part",
        sa.Column("resource_id", sa.Integer, sa.ForeignKey("resource.id"), primary_key=True),
        sa.Column("part_id", sa.Integer, sa.ForeignKey("resource.id"), primary_key=True),
    )


def downgrade() -> None:
    for table in ["resource_part", "resource_unit", "unit", "resource", "category", "building", "site"]:
        op.drop_table(table)
