"""`import`: a dry run, then in earnest, and again; every row's fate is told, and what is refused has a way out."""

import csv

import pytest
import time_machine
from sqlalchemy import select

from booking.db import db, writing
from booking.models import Booking, FeedCounter, JournalEntry, Member
from booking.permissions import Actor
from booking.services.changes import cancel_booking
from tests.support.house import NOW, furnish

HEAD = "uid,date,start,end,end_date,title,people,email"
KARI = "kari@example.invalid"
ROWS = select(Booking.uid, Booking.title, Booking.state, Booking.starts_at, Booking.people).order_by(Booking.starts_at)


@pytest.fixture
def house(app):
    with time_machine.travel(NOW, tick=False):
        furnished = furnish(app)
        yield furnished


@pytest.fixture
def run(house, tmp_path):
    """`run(lines, "--write")` imports a file of these lines into Sluppen; its name's ending is its kind."""

    def run(lines, *options, name="bookings.csv", slug="sluppen"):
        file = tmp_path / name
        file.write_bytes(("\n".join(lines) if isinstance(lines, list) else lines).encode())
        return house.app.test_cli_runner().invoke(args=["import", str(file), "--resource", slug, *options])

    return run


def emails(house):
    with house.app.app_context():
        return dict(db.session.execute(select(Member.name, Member.email)).all())


def rows(house):
    with house.app.app_context():
        found = db.session.execute(ROWS).all()
        return [(row.uid, row.title, row.state, f"{row.starts_at:%Y-%m-%d %H:%M}", row.people) for row in found]


def table(house, *lines):
    """Lines with Kari's address where they say {kari}."""
    return [HEAD, *(line.format(kari=emails(house)["Kari"], ola=emails(house)["Ola"]) for line in lines)]


def test_a_dry_run_says_what_would_happen_and_changes_nothing(house, run):
    before = house.counted()
    result = run(table(house, "a,2027-03-02,10:00,11:00,,Meeting,3,{kari}", "b,2027-03-02,10:30,11:30,,Clash,,{ola}"))

    assert result.exit_code == 1
    assert "would be booked" in result.output
    assert "R05.overlap" in result.output
    assert "1 would be booked, 1 refused. Nothing was written" in result.output
    assert house.counted() == before


def test_it_writes_with_their_uids_the_past_too_and_a_second_run_changes_nothing(house, run):
    lines = table(house, "old-1,2026-05-04,10.00,11.00,,Long ago,2,{kari}", "new-1,02.03.2027,1000,1100,,Soon,,{kari}")
    first = run(lines, "--write")
    after_first = house.counted()
    second = run(lines, "--write")

    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert rows(house) == [
        ("old-1", "Long ago", "confirmed", "2026-05-04 08:00", 2),
        ("new-1", "Soon", "confirmed", "2027-03-02 09:00", None),
    ]
    assert "2 unchanged." in second.output
    assert house.counted() == after_first
    with house.app.app_context():
        assert set(db.session.scalars(select(JournalEntry.door).where(JournalEntry.subject_kind == "booking"))) == {
            "import"
        }


def test_what_has_changed_is_changed_and_goes_to_another_member(house, run):
    run(table(house, "a,2027-03-02,10:00,11:00,,Meeting,3,{kari}"), "--write")
    result = run(table(house, "a,2027-03-02,12:00,13:00,,Moved,3,{ola}"), "--write")

    assert "1 changed." in result.output
    assert rows(house) == [("a", "Moved", "confirmed", "2027-03-02 11:00", 3)]
    with house.app.app_context():
        assert db.session.scalars(select(Member.name).join(Booking, Booking.member_id == Member.id)).one() == "Ola"


def test_what_was_cancelled_here_stays_cancelled(house, run):
    lines = table(house, "a,2027-03-02,10:00,11:00,,Meeting,3,{kari}")
    run(lines, "--write")
    with house.app.app_context():
        booking = db.session.scalars(select(Booking)).one()
        actor, public_id = Actor(booking.member_id, "Kari", KARI), booking.public_id
        with writing() as session:
            cancel_booking(session, NOW, actor, public_id)
    result = run(lines, "--write")

    assert result.exit_code == 0
    assert "1 skipped." in result.output
    assert [row[2] for row in rows(house)] == ["cancelled"]


def test_lines_without_a_uid_are_known_again(house, run):
    lines = [HEAD.removeprefix("uid,"), f"2027-03-02,10:00,11:00,,Meeting,3,{emails(house)['Kari']}"]
    run(lines, "--write")
    again = run(lines, "--write")

    assert "1 unchanged." in again.output
    assert len(rows(house)) == 1


def test_every_reason_and_a_way_out_that_is_accepted_stand_in_the_report(house, run, tmp_path):
    house.book("Ola", "sluppen", "2027-03-02 07:00-22:00")
    report = tmp_path / "report.csv"
    result = run(table(house, "a,2027-03-02,06:05,12:05,,=1+1,3,{kari}"), "--write", "--report", str(report))
    (told,) = csv.DictReader(report.read_text(encoding="utf-8-sig").splitlines())

    assert result.exit_code == 1
    assert {"R02.grid", "R05.overlap", "R10.closed_then", "R21.too_long"} <= set(told["codes"].split())
    assert told["verdict"] == "refused"
    assert told["title"] == "'=1+1"
    assert told["reasons"].count(".") >= 4
    slug, weekday, day, month, clock = told["alternatives"].split("; ")[0].split(" ")
    starts, ends = clock.split("–")
    number = {"Mar": 3, "Feb": 2}[month]
    followed = run(table(house, f"a,2027-{number:02}-{int(day):02},{starts},{ends},,Way out,3,{{kari}}"),
                   "--write", slug=slug)  # fmt: skip
    assert followed.exit_code == 0, (weekday, followed.output)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("a,2027-03-02,10:00,11:00,,Whose?,,nobody@example.invalid", "import.no_such_member"),
        ("a,2027-03-02,10:00,11:00,,Whose?,,", "import.nobody"),
        ("a,some day,10:00,11:00,,When?,,{kari}", "import.no_time"),
        ("a,2027-03-02,10:00,noon,,When?,,{kari}", "import.no_time"),
        ("a,2027-03-02,10:00,11:00,,Many?,lots,{kari}", "import.people"),
        ("a,2027-03-02,11:00,10:00,,Backwards,,{kari}", "R01.order"),
        ("a,2027-03-28,02:30,03:30,,Missing,,{kari}", "R01.missing_hour"),
        ("a,1850-03-02,10:00,11:00,,Old,,{kari}", "booking.day_far_off"),
    ],
)
def test_a_row_that_cannot_be_is_refused_and_the_others_are_taken(house, run, line, code):
    result = run(table(house, line, "b,2027-03-03,10:00,11:00,,Good,,{kari}"), "--write")

    assert result.exit_code == 1
    assert code in result.output
    assert [row[1] for row in rows(house)] == ["Good"]


def test_member_and_organisation_stand_in_for_what_a_row_does_not_say(house, run):
    lines = table(house, "a,2027-03-02,10:00,11:00,,Ours,,")

    assert "No member has this address" in run(lines, "--member", "nobody@example.invalid").output
    assert "no such organisation" in run(lines, "--member", emails(house)["Kari"], "--organisation", "none").output
    assert "cannot find" in run(lines, slug="nowhere").output
    assert run(lines, "--member", emails(house)["Kari"], "--write").exit_code == 0
    assert [row[1] for row in rows(house)] == ["Ours"]


def test_a_spreadsheets_semicolons_and_letters_are_read(house, run, tmp_path):
    text = f"Date;Start;End;Title;Email\r\n02.03.2027;9;10;Møte på Øya;{emails(house)['Kari']}\r\n"
    file = tmp_path / "excel.csv"
    file.write_bytes(text.encode("cp1252"))
    result = house.app.test_cli_runner().invoke(args=["import", str(file), "--resource", "sluppen", "--write"])

    assert result.exit_code == 0, result.output
    assert [row[1] for row in rows(house)] == ["Møte på Øya"]


def test_a_calendar_is_taken_in_date_by_date_and_follows_its_changes(house, run):
    def weekly(*more):
        return "\r\n".join([
            "BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:staff@elsewhere", "DTSTART;TZID=Europe/Oslo:20270302T090000",
            "DTEND;TZID=Europe/Oslo:20270302T100000", "RRULE:FREQ=WEEKLY;COUNT=3", "SUMMARY:Staff",
            f"ORGANIZER:mailto:{emails(house)['Kari']}", "END:VEVENT", *more,
            "BEGIN:VEVENT", "UID:once@elsewhere", "DTSTART:20270305T090000Z", "DTEND:20270305T100000Z",
            "END:VEVENT", "END:VCALENDAR", "",
        ])  # fmt: skip

    owner = ("--member", emails(house)["Ola"], "--write")
    first = run(weekly(), *owner, name="a.ics")
    again = run(weekly(), *owner, name="a.ics")
    without = (
        "BEGIN:VEVENT", "UID:staff@elsewhere", "RECURRENCE-ID;TZID=Europe/Oslo:20270309T090000", "STATUS:CANCELLED",
        "DTSTART;TZID=Europe/Oslo:20270309T090000", "DTEND;TZID=Europe/Oslo:20270309T100000", "END:VEVENT",
    )  # fmt: skip
    changed = run(weekly(*without), *owner, name="a.ics")

    assert "4 booked." in first.output
    assert "4 unchanged." in again.output
    assert "1 cancelled" in changed.output
    assert [row[2] for row in rows(house)] == ["confirmed", "confirmed", "cancelled", "confirmed"]
    assert "once@elsewhere" in {row[0] for row in rows(house)}


def test_an_event_that_invites_two_rooms_becomes_two_bookings(house, run):
    lines = table(house, "shared,2027-03-02,10:00,11:00,,Both,,{kari}")
    results = [run(lines, "--write", slug=slug) for slug in ("sluppen", "oya", "sluppen")]

    assert [result.exit_code for result in results] == [0, 0, 0]
    assert "1 unchanged." in results[2].output
    assert [row[1] for row in rows(house)] == ["Both", "Both"]


def test_an_import_of_the_past_does_not_turn_the_feeds_clock_back(house, run):
    latest = select(FeedCounter.changed_at).where(FeedCounter.scope_kind == "resource")
    run(table(house, "new,2027-03-04,10:00,11:00,,Soon,,{kari}"), "--write")
    with house.app.app_context():
        before = db.session.scalars(latest).one()
    run(table(house, "old,2026-03-04,10:00,11:00,,Old,,{kari}"), "--write")
    with house.app.app_context():
        assert db.session.scalars(latest).one() >= before


def test_the_same_uid_twice_in_a_file_is_told(house, run):
    result = run(table(house, "a,2027-03-02,10:00,11:00,,One,,{kari}", "a,2027-03-03,10:00,11:00,,Two,,{kari}"))

    assert "import.uid_twice" in result.output
