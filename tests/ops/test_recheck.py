"""The nightly job: marks, warnings once at each stage, its record in `check`; and who has learnt what, from a table."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from booking import clock
from booking.db import db, writing
from booking.models import BookingHold, FeedCounter, JobRun, Notice, QualificationGrant
from booking.services import backup_health, rule_changes
from booking.services.bookings import request_booking
from booking.services.scopes import where
from tests.factories import a_booking, a_member, a_room
from tests.support.labs import MAY_18, NOW, a_lab, newest_grant
from tests.support.requests import a_rule, a_wish, acting


@pytest.fixture(autouse=True)
def night():
    """The instant of the tests, which may move it."""
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def lab(app, change):
    """Kari has the training to the end of May, and a booking on 18 May; Ola has a booking and no training."""
    with change() as session:
        lab = a_lab(session)
        a_booking(session, on=lab.microscope, member=lab.kari, at=f"{MAY_18} 10:00-11:00")
        a_booking(session, on=lab.microscope, member=lab.ola, at=f"{MAY_18} 12:00-13:00")
        return lab


def run(app, *words):
    return app.test_cli_runner().invoke(args=[*words])


def notices(app, member):
    with app.app_context():
        return list(db.session.scalars(select(Notice.kind).where(Notice.member_id == member.id).order_by(Notice.id)))


def counter_of(session, member):
    """How often what the member's feed shows has changed."""
    mine = FeedCounter.scope_kind == "member", FeedCounter.scope_id == member.id
    return session.scalar(select(FeedCounter.rev).where(*mine))


def test_it_marks_what_lapsed_tells_once_and_frees_what_was_mended(app, change, lab):
    with change() as session:
        before = counter_of(session, lab.ola)
    first = run(app, "recheck")
    again = run(app, "recheck")

    assert first.exit_code == again.exit_code == 0, first.output
    assert "1 put on hold, 0 free again, 1 warned." in first.output
    assert "0 put on hold, 0 free again, 0 warned." in again.output
    assert notices(app, lab.ola) == ["on_hold"]
    with change() as session:
        assert len(session.scalars(select(BookingHold)).all()) == 1
        assert counter_of(session, lab.ola) == before + 1
        place = where(session, "resource", lab.microscope.id)
        rule_changes.change_rules(session, NOW, lab.nils, place, {"R31": {}})

    assert notices(app, lab.ola) == ["on_hold", "released"]
    assert "0 put on hold, 0 free again" in run(app, "recheck").output


def test_warnings_come_thirty_seven_and_one_day_ahead_each_once_and_late_ones_too(app, change, lab, night):
    told = []
    for day in (date(2027, 4, 20), date(2027, 5, 1), date(2027, 5, 2), date(2027, 5, 26), date(2027, 5, 27),
                date(2027, 5, 30), date(2027, 5, 31), date(2027, 6, 2)):  # fmt: skip
        night.move_to(NOW.replace(month=day.month, day=day.day))
        if day.day == 26:
            with change() as session:
                a_booking(session, on=lab.microscope, member=lab.kari, at="2027-05-31 10:00-11:00")
        run(app, "recheck")
        told.append(notices(app, lab.kari).count("qualification_ends"))

    assert told == [0, 1, 1, 2, 2, 3, 3, 3]


def test_whoever_has_renewed_is_left_in_peace(app, change, lab):
    with change() as session:
        lab.grant(session, lab.kari, since=date(2027, 5, 2))
        assert newest_grant(session).expires_on == date(2029, 5, 2)

    assert "0 warned" in run(app, "recheck").output


def backed_up(app):
    """Notes a backup, as the command does."""
    with app.app_context(), writing() as session:
        backup_health.note(session, clock.now(), backup_health.BACKUP)


def test_check_says_when_the_nightly_job_stands_still(app, lab, night):
    backed_up(app)
    assert run(app, "check").exit_code == 0
    night.move_to(NOW + timedelta(hours=37))
    never = run(app, "check")
    run(app, "recheck")
    backed_up(app)
    fine = run(app, "check")
    night.move_to(NOW + timedelta(hours=37 + 40))
    old = run(app, "check")

    assert never.exit_code == old.exit_code == 1
    assert "Job recheck: has not run for 37 hours" in never.output
    assert (fine.exit_code, fine.output) == (0, "All is well.\n")
    assert "Job recheck: has not run for 40 hours" in old.output
    with app.app_context():
        assert db.session.get_one(JobRun, "recheck").did == {"held": 1, "released": 0, "warned": 1, "ended": 0}


def test_a_run_that_never_ended_is_told_of(app, lab, night):
    with app.app_context(), writing() as session:
        session.add(JobRun(job="recheck", started_at=NOW, did={}))
    night.move_to(NOW + timedelta(hours=7))

    assert "has not ended" in run(app, "check").output


def test_a_table_of_who_has_learnt_what_is_tried_first_then_taken_in_and_may_come_again(app, lab, tmp_path):
    table = tmp_path / "learnt.csv"
    table.write_text(
        "email;qualification;granted_on;expires_on\n"
        f"{lab.ola.email};Confocal training;4.1.2027;\n"
        f"{lab.kari.email};Confocal training;2027-02-01;2027-12-31\n"
        "nobody@example.invalid;Confocal training;2027-02-01;\n"
        f"{lab.ola.email};Knitting;2027-02-01;\n"
        f"{lab.ola.email};Confocal training;someday;\n"
    )

    tried = run(app, "import-qualifications", str(table))
    before = granted(app)
    written = run(app, "import-qualifications", str(table), "--write")
    again = run(app, "import-qualifications", str(table), "--write")

    assert tried.exit_code == written.exit_code == again.exit_code == 1
    assert "2 would be granted, 3 refused. Nothing was written" in tried.output
    assert len(before) == 1
    assert "2 granted, 3 refused." in written.output
    assert "2 there already, 3 refused." in again.output
    assert granted(app)[1:] == [(date(2027, 1, 4), date(2029, 1, 4)), (date(2027, 2, 1), date(2027, 12, 31))]


def test_a_table_without_its_columns_is_not_read(app, lab, tmp_path):
    table = tmp_path / "learnt.csv"
    table.write_text("who,what\nKari,Knitting\n")

    refused = run(app, "import-qualifications", str(table))

    assert refused.exit_code == 1
    assert "granted_on" in refused.output


def granted(app):
    with app.app_context():
        rows = db.session.scalars(select(QualificationGrant).order_by(QualificationGrant.id))
        return [(row.granted_on, row.expires_on) for row in rows]


def test_it_ends_requests_that_nobody_answered_in_time(app, change, night):
    with change() as session:
        room, kari = a_room(session), a_member(session)
        a_rule(session, room, always=True, on_timeout="expire", working_days=1)
        request_booking(session, NOW, acting(session, kari), a_wish(room))
    night.shift(timedelta(days=2))

    assert "0 requests passed on, 1 ended." in run(app, "recheck").output
    assert notices(app, kari) == ["expired"]
