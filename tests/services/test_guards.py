"""The databases themselves refuse a double booking, a half booking, and everything that could become one."""

import pytest
from sqlalchemy.exc import DBAPIError

from tests.support.raw_sql import DESKS, HALL, OST, allocation, booking, item, raw_database, whole

CANCEL = "UPDATE booking SET state = 'cancelled', live = false WHERE id = 1"
LET_GO = [
    "DELETE FROM allocation WHERE item_id = 1",
    CANCEL,
    "UPDATE booking_item SET held_unit_id = NULL WHERE id = 1",
]
REVIVE = "UPDATE booking SET state = 'confirmed', live = true WHERE id = 1"

ATTACKS = {
    "the same time": (whole(2, "10:00", "11:00"), "ex_allocation_overlap"),
    "the end of another": (whole(2, "10:59", "12:00"), "ex_allocation_overlap"),
    "the start of another": (whole(2, "09:00", "10:01"), "ex_allocation_overlap"),
    "around another": (whole(2, "09:00", "12:00"), "ex_allocation_overlap"),
    "inside another": (whole(2, "10:15", "10:30"), "ex_allocation_overlap"),
    "the hall over its part": (whole(2, "10:30", "11:30", resource=HALL), "ex_allocation_overlap"),
    "longer by an update": (
        [*whole(2, "11:00", "12:00"), "UPDATE booking_item SET busy_from = {10:59} WHERE id = 2"],
        "ex_allocation_overlap",
    ),
    "over to a taken unit": (
        [
            *whole(2, "10:00", "11:00", resource=DESKS, units=(3,)),
            *whole(3, "10:30", "11:30", resource=DESKS, units=(4,)),
            "UPDATE allocation SET unit_id = 3 WHERE item_id = 3",
        ],
        "ex_allocation_overlap",
    ),
    "moved without what it holds": (
        ["UPDATE booking SET starts_at = {14:00}, ends_at = {15:00} WHERE id = 1"],
        "ck_booking_item_busy",
    ),
    "an item that holds nothing": (
        [booking(2, "12:00", "13:00"), item(2, "12:00", "13:00", held="NULL")],
        "ck_booking_item_holds",
    ),
    "an item that only says it holds": (
        [booking(2, "12:00", "13:00"), item(2, "12:00", "13:00")],
        "fk_booking_item_held",
    ),
    "an item at another time than its booking": (
        [booking(2, "12:00", "13:00"), item(2, "12:00", "14:00"), allocation(2, "12:00", "14:00")],
        "fk_booking_item_booking",
    ),
    "an item of no booking": ([item(2, "12:00", "13:00"), allocation(2, "12:00", "13:00")], "fk_booking_item_booking"),
    "an allocation at another time than its item": (
        [booking(2, "12:00", "13:00"), item(2, "12:00", "13:00"), allocation(2, "12:00", "12:30")],
        "fk_allocation_item",
    ),
    "an allocation for another resource than its item": (
        [booking(2, "12:00", "13:00"), item(2, "12:00", "13:00"), allocation(2, "12:00", "13:00", resource=OST)],
        "fk_allocation_item",
    ),
    "a unit that is not the resource's": (
        [booking(2, "12:00", "13:00"), item(2, "12:00", "13:00", held=2), allocation(2, "12:00", "13:00", unit=2)],
        "fk_allocation_resource_unit",
    ),
    "cancelled while it holds": ([CANCEL], "ck_allocation_live"),
    "cancelled in name only": (["UPDATE booking SET state = 'cancelled' WHERE id = 1"], "ck_booking_live"),
    "let go in silence": (["DELETE FROM allocation WHERE item_id = 1"], "fk_booking_item_held"),
    "revived without holding": ([*LET_GO, REVIVE], "ck_booking_item_holds"),
    "revived over another": (
        [
            *LET_GO,
            *whole(2, "10:00", "11:00"),
            "UPDATE booking_item SET held_unit_id = 1 WHERE id = 1",
            REVIVE,
            allocation(1, "10:00", "11:00"),
        ],
        "ex_allocation_overlap",
    ),
    "an unknown state": (["UPDATE booking SET state = 'perhaps', live = false WHERE id = 1"], "ck_booking_state"),
    "a booking that ends before it starts": ([booking(2, "13:00", "12:00")], "ck_booking_span"),
    "a booking of no length": ([booking(2, "13:00", "13:00")], "ck_booking_span"),
    "a booking with seconds": ([booking(2, "12:00:30", "13:00")], "ck_booking_minutes"),
    "a busy window with seconds": (
        ["UPDATE booking_item SET busy_to = {11:00:01} WHERE id = 1"],
        "ck_booking_item_minutes",
    ),
    "a resource that loses the unit it holds": (
        ["DELETE FROM resource_unit WHERE resource_id = 1"],
        "fk_allocation_resource_unit",
    ),
}
TIMES = {"booking": "ends_at", "booking_item": "busy_to", "allocation": "busy_to"}


@pytest.fixture
def raw(database_url):
    with raw_database(database_url) as raw:
        yield raw


@pytest.fixture
def raw_sqlite(sqlite_url):
    with raw_database(sqlite_url) as raw:
        yield raw


@pytest.fixture
def raw_postgresql(postgresql_url):
    with raw_database(postgresql_url) as raw:
        yield raw


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_by_the_constraint_that_is_there_for_it(raw, attack):
    statements, constraint = ATTACKS[attack]
    before = everything(raw)

    refused_by = attempt(raw, *statements)

    assert refused_by == named(raw, constraint)
    assert everything(raw) == before


@pytest.mark.parametrize(("table", "column"), TIMES.items())
def test_a_time_must_be_there_and_be_a_whole_minute(raw, table, column):
    key = "item_id" if table == "allocation" else "id"
    wrong = ["NULL", *(["1.5", "'2027-03-01 11:00'", "9e999"] if raw.is_sqlite else ["'infinity'", "'epoch'"])]

    refusals = [attempt(raw, f"UPDATE {table} SET {column} = {value} WHERE {key} = 1") for value in wrong]

    assert all(refusals), dict(zip(wrong, refusals, strict=True))


@pytest.mark.parametrize(
    "accepted",
    [
        whole(2, "11:00", "12:00"),
        whole(2, "09:00", "10:00"),
        whole(2, "10:00", "11:00", resource=OST),
        [*LET_GO, *whole(2, "10:00", "11:00", resource=HALL)],
        [
            *whole(2, "10:00", "11:00", resource=DESKS, units=(3,)),
            *whole(3, "10:00", "11:00", resource=DESKS, units=(4,)),
        ],
    ],
    ids=["right after", "right before", "next door", "what was let go", "another desk"],
)
def test_what_does_not_overlap_is_accepted(raw, accepted):
    assert attempt(raw, *accepted) is None


@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "INSERT OR IGNORE", "REPLACE"])
def test_sqlite_refuses_to_replace_its_way_to_an_overlap(raw_sqlite, verb):
    second = whole(2, "11:00", "12:00")
    raw_sqlite.run(*second)
    third = [booking(3, "10:00", "11:00"), item(3, "10:00", "11:00")]
    before = everything(raw_sqlite)

    refused_by = attempt(raw_sqlite, *third, allocation(3, "10:00", "11:00").replace("INSERT", verb, 1))

    assert refused_by == "ex_allocation_overlap"
    assert everything(raw_sqlite) == before


def test_sqlite_refuses_to_update_or_replace_its_way_to_an_overlap(raw_sqlite):
    raw_sqlite.run(*whole(2, "11:00", "12:00"))

    refused_by = attempt(raw_sqlite, "UPDATE OR REPLACE booking_item SET busy_from = {10:30} WHERE id = 2")

    assert refused_by == "ex_allocation_overlap"


def test_postgresql_refuses_an_overlap_even_when_triggers_are_off(raw_postgresql):
    refused_by = attempt(raw_postgresql, "SET LOCAL session_replication_role = replica", *whole(2, "10:30", "11:30"))

    assert refused_by == "ex_allocation_overlap"


def attempt(raw, *statements):
    """The name of what refused; None when nothing did."""
    try:
        raw.run(*statements)
    except DBAPIError as refusal:
        if raw.is_sqlite:
            return str(refusal.orig).removeprefix("CHECK constraint failed: ").removeprefix("overlap: ")
        return refusal.orig.diag.constraint_name or refusal.orig.diag.column_name
    return None


def named(raw, constraint):
    """SQLite does not say which foreign key it was."""
    return "FOREIGN KEY constraint failed" if raw.is_sqlite and constraint.startswith("fk_") else constraint


def everything(raw):
    return [raw.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in ("booking", "booking_item", "allocation")]
