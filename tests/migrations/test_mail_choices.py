"""Choices about mail come and go without touching members, and the database refuses what is no choice."""

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import IntegrityError

from booking.db import prepare
from booking.services import migrating
from tests.support import databases
from tests.support.raw_sql import Raw, places

BEFORE = "0019"
CHOICE = "INSERT INTO mail_choice (member_id, invitations, muted, reminders) VALUES (1, '{}', '[]', '[60]')"


@pytest.fixture(params=["sqlite", "postgresql"])
def raw(request, tmp_path):
    """A database before this migration, with a member in it."""
    url = f"sqlite:///{tmp_path}/bare.db" if request.param == "sqlite" else databases.empty_postgres()
    engine = create_engine(url)
    prepare(engine)
    migrating.upgrade(engine)
    migrating.downgrade(engine, BEFORE)
    raw = Raw(engine)
    raw.run(*places())
    yield raw
    engine.dispose()


def test_members_without_choices_come_through_up_and_down(raw):
    migrating.upgrade(raw.engine)
    raw.run(CHOICE.format("never"))
    chosen = raw.rows("SELECT member_id, invitations FROM mail_choice")
    migrating.downgrade(raw.engine, BEFORE)

    assert chosen == [(1, "never")]
    assert raw.rows("SELECT count(*) FROM member WHERE id = 1") == [(1,)]


@pytest.mark.parametrize("wrong", [CHOICE.format("now"), CHOICE.format("auto").replace("(1,", "(99,")])
def test_what_is_no_choice_or_nobodys_is_refused(raw, wrong):
    migrating.upgrade(raw.engine)

    with pytest.raises(IntegrityError):
        raw.run(wrong)
