"""Bookings, items and allocations, written by hand: the chain of keys that keeps them true to each other.

`create_all` would leave out foreign keys that form a cycle on SQLite. Together with the guards of
`migrations/guards.py` this refuses: overlap on a unit, a live booking that holds nothing, a unit that is not the
resource's, times that differ between booking, item and allocation, and letting go of a booking that still holds.
"""

import sqlalchemy as sa
from alembic import op

from migrations.types import instant, is_postgresql, whole_minute

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BOOKING = """CREATE TABLE booking (
    id {serial} NOT NULL CONSTRAINT pk_booking PRIMARY KEY,
    public_id VARCHAR(22) NOT NULL,
    uid VARCHAR(80) NOT NULL,
    series_id INTEGER CONSTRAINT fk_booking_series_id REFERENCES series (id),
    site_id INTEGER NOT NULL CONSTRAINT fk_booking_site_id REFERENCES site (id),
    member_id INTEGER NOT NULL CONSTRAINT fk_booking_member_id REFERENCES member (id),
    organisation_id INTEGER CONSTRAINT fk_booking_organisation_id REFERENCES organisation (id),
    booked_by_id INTEGER NOT NULL CONSTRAINT fk_booking_booked_by_id REFERENCES member (id),
    state VARCHAR(10) NOT NULL,
    live BOOLEAN NOT NULL,
    starts_at {instant} NOT NULL,
    ends_at {instant} NOT NULL,
    title VARCHAR(200) NOT NULL,
    people INTEGER,
    visibility VARCHAR(12) NOT NULL,
    version INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    created_at {instant} NOT NULL,
    modified_at {instant} NOT NULL,
    cancelled_at {instant},
    CONSTRAINT ck_booking_state CHECK (state IN ('requested', 'confirmed', 'declined', 'cancelled', 'expired')),
    CONSTRAINT ck_booking_live CHECK (live = (state IN ('requested', 'confirmed'))),
    CONSTRAINT ck_booking_span CHECK (starts_at < ends_at),
    CONSTRAINT ck_booking_people CHECK (people IS NULL OR people > 0),
    CONSTRAINT ck_booking_minutes CHECK ({starts_whole} AND {ends_whole}),
    CONSTRAINT uq_booking_public_id UNIQUE (public_id),
    CONSTRAINT uq_booking_uid UNIQUE (uid),
    CONSTRAINT uq_booking_span UNIQUE (id, live, starts_at, ends_at)
)"""

HELD = """CONSTRAINT fk_booking_item_held FOREIGN KEY (id, held_unit_id)
    REFERENCES allocation (item_id, unit_id) DEFERRABLE INITIALLY DEFERRED"""

ITEM = """CREATE TABLE booking_item (
    id {serial} NOT NULL CONSTRAINT pk_booking_item PRIMARY KEY,
    booking_id INTEGER NOT NULL,
    live BOOLEAN NOT NULL,
    starts_at {instant} NOT NULL,
    ends_at {instant} NOT NULL,
    resource_id INTEGER NOT NULL CONSTRAINT fk_booking_item_resource_id REFERENCES resource (id),
    quantity INTEGER NOT NULL,
    busy_from {instant} NOT NULL,
    busy_to {instant} NOT NULL,
    held_unit_id INTEGER,
    CONSTRAINT ck_booking_item_holds CHECK (NOT live OR held_unit_id IS NOT NULL),
    CONSTRAINT ck_booking_item_busy CHECK (busy_from <= starts_at AND ends_at <= busy_to),
    CONSTRAINT ck_booking_item_quantity CHECK (quantity > 0),
    CONSTRAINT ck_booking_item_minutes CHECK ({from_whole} AND {to_whole}),
    CONSTRAINT uq_booking_item_busy UNIQUE (id, live, resource_id, busy_from, busy_to),
    CONSTRAINT fk_booking_item_booking FOREIGN KEY (booking_id, live, starts_at, ends_at)
        REFERENCES booking (id, live, starts_at, ends_at) ON UPDATE CASCADE ON DELETE CASCADE{held}
)"""

ALLOCATION = """CREATE TABLE allocation (
    item_id INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    resource_id INTEGER NOT NULL,
    live BOOLEAN NOT NULL CONSTRAINT ck_allocation_live CHECK (live),
    busy_from {instant} NOT NULL,
    busy_to {instant} NOT NULL,
    CONSTRAINT pk_allocation PRIMARY KEY (item_id, unit_id),
    CONSTRAINT ck_allocation_busy CHECK (busy_from < busy_to),
    CONSTRAINT ck_allocation_minutes CHECK ({from_whole} AND {to_whole}{unit_whole}),
    CONSTRAINT fk_allocation_resource_unit FOREIGN KEY (resource_id, unit_id)
        REFERENCES resource_unit (resource_id, unit_id),
    CONSTRAINT fk_allocation_item FOREIGN KEY (item_id, live, resource_id, busy_from, busy_to)
        REFERENCES booking_item (id, live, resource_id, busy_from, busy_to) ON UPDATE CASCADE ON DELETE CASCADE
)"""

INDEXES = {
    "ix_booking_member": ("booking", ["member_id", "starts_at"]),
    "ix_booking_organisation": ("booking", ["organisation_id", "starts_at"]),
    "ix_booking_site": ("booking", ["site_id", "starts_at"]),
    "ix_booking_item_booking": ("booking_item", ["booking_id"]),
    "ix_booking_item_resource": ("booking_item", ["resource_id", "starts_at"]),
    "ix_allocation_unit": ("allocation", ["unit_id", "busy_from", "busy_to"]),
    "ix_allocation_time": ("allocation", ["busy_from"]),
}


def upgrade() -> None:
    if is_postgresql():
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.create_table(
        "series",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("uid", sa.String(80), nullable=False),
        sa.Column("recipe", sa.JSON, nullable=False),
        instant("created_at"),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("uid"),
    )
    for table in (BOOKING, ITEM, ALLOCATION):
        op.execute(table.format(**_dialect()))
    if is_postgresql():
        op.execute(f"ALTER TABLE booking_item ADD {HELD}")
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)
    op.create_table(
        "submission",
        sa.Column("member_id", sa.Integer, sa.ForeignKey("member.id"), primary_key=True),
        sa.Column("form", sa.String(40), primary_key=True),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("result", sa.String(80), nullable=False),
        instant("created_at"),
    )


def _dialect() -> dict[str, str]:
    words = {
        "starts_whole": whole_minute("starts_at"),
        "ends_whole": whole_minute("ends_at"),
        "from_whole": whole_minute("busy_from"),
        "to_whole": whole_minute("busy_to"),
    }
    if is_postgresql():
        return words | {"serial": "SERIAL", "instant": "TIMESTAMPTZ", "held": "", "unit_whole": ""}
    unit = " AND typeof(unit_id) = 'integer'"
    return words | {"serial": "INTEGER", "instant": "BIGINT", "held": f",\n    {HELD}", "unit_whole": unit}


def downgrade() -> None:
    op.drop_table("submission")
    if is_postgresql():
        op.drop_constraint("fk_booking_item_held", "booking_item", type_="foreignkey")
    for table in ["allocation", "booking_item", "booking", "series"]:
        op.drop_table(table)
