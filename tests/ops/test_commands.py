"""What an operator does by `flask --app wsgi`: begin, let somebody in, look whether all is well, end a demo."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from booking.models import Booking, Category, JournalEntry, Member, OneTimeLink, Resource, RuleSetting, Site
from booking.services.readiness import head
from tests.support import databases
from tests.support.raw_sql import raw_database, whole

ROOT = Path(__file__).parents[2]
PEOPLE = select(Member.email, Member.site_role, Member.password_hash)


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request, tmp_path):
    return f"sqlite:///{tmp_path}/bare.db" if request.param == "sqlite" else databases.empty_postgres()


@pytest.fixture(params=databases.KINDS)
def demo_url(request, tmp_path):
    with databases.fresh(request.param, tmp_path, name="demo", fill=databases.with_demo, demo=True) as url:
        yield url


def test_init_makes_an_empty_site_and_a_second_init_changes_nothing(bare_url, command, read):
    first = command(bare_url, "init", site_name="Fellesskapet")
    after_first = read(bare_url, select(Site.name, Site.timezone), select(Category.slug), select(JournalEntry.action))
    second = command(bare_url, "init", site_name="Something else")

    assert first.exit_code == 0, first.output
    assert f"The database is at migration {head()}" in first.output
    assert after_first[0] == [("Fellesskapet", "Europe/Oslo")]
    assert after_first[1]
    assert (second.exit_code, second.output) == (0, "")
    assert read(bare_url, select(Site.name, Site.timezone), select(Category.slug), select(JournalEntry.action)) == (
        after_first
    )
    assert read(bare_url, select(Resource.id)) == read(bare_url, select(Member.id)) == []


def test_init_makes_guards_anew_that_have_gone(database_url, command):
    command(database_url, "init")
    with raw_database(database_url, filled=False) as raw:
        guard = "TRIGGER trg_allocation_overlap_upd" if raw.is_sqlite else "CONSTRAINT ex_allocation_overlap"
        raw.run(f"DROP {guard}" if raw.is_sqlite else f"ALTER TABLE allocation DROP {guard}")

    without, done = command(database_url, "check"), command(database_url, "init")

    assert without.exit_code == 1
    assert done.exit_code == 0
    assert command(database_url, "check").output == "All is well.\n"


def test_three_inits_at_once_make_one_site(bare_url, read):
    settings = {"DATABASE_URL": bare_url, "SECRET_KEY": "only-for-tests-" * 3, "SAMROM_DEMO": "0"}
    run = [sys.executable, "-m", "flask", "--app", "wsgi", "init"]

    started = [
        subprocess.Popen(
            run, cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        for _ in range(3)
    ]
    answers = [process.communicate()[0].decode() for process in started]

    assert [process.returncode for process in started] == [0, 0, 0], answers
    assert len(read(bare_url, select(Site.id))) == 1


def test_check_is_content_with_a_new_site(bare_url, command):
    command(bare_url, "init")

    checked = command(bare_url, "check")

    assert (checked.exit_code, checked.output) == (0, "All is well.\n")


def test_check_lists_what_is_wrong_and_fails(database_url, command):
    with raw_database(database_url) as raw:
        guard = "CONSTRAINT ex_allocation_overlap" if not raw.is_sqlite else "TRIGGER trg_allocation_overlap_ins"
        raw.run(f"DROP {guard}" if raw.is_sqlite else f"ALTER TABLE allocation DROP {guard}")
        raw.run(*whole(2, "10:30", "11:30"))

    checked = command(database_url, "check")

    assert checked.exit_code == 1
    assert "Guard missing or changed: " in checked.output
    assert "Items hold a unit that another item holds at the same time: 1 (id 2).\n" in checked.output


def test_check_of_a_database_without_tables_says_so(bare_url, command):
    checked = command(bare_url, "check")

    assert (checked.exit_code, checked.output) == (1, "Schema: database not initialised.\n")


def test_make_admin_gives_an_address_for_choosing_a_password_and_never_a_password(database_url, command, read):
    made = command(database_url, "make-admin", "Siri@Example.Invalid", base_url="http://booking.example.org")

    address = made.output.split()[-1]
    assert made.exit_code == 0, made.output
    assert address.startswith("http://booking.example.org/passwords/")
    assert read(database_url, PEOPLE) == [("siri@example.invalid", "site_admin", None)]
    assert address.rsplit("/", 1)[1] not in str(read(database_url, select(OneTimeLink.token_hash)))


def test_the_address_from_make_admin_opens_the_page_where_a_password_is_chosen(sqlite_url, sqlite_app, command):
    path = "/passwords/" + command(sqlite_url, "make-admin", "siri@example.invalid").output.strip().rsplit("/", 1)[1]

    page = sqlite_app.test_client().get(path)

    assert page.status_code == 200
    assert 'type="password"' in page.text


def test_make_admin_lets_a_known_member_in_again(database_url, command, read):
    with raw_database(database_url) as raw:
        raw.run("UPDATE member SET deactivated_at = {09:00}")

    command(database_url, "make-admin", "kari@example.invalid")

    assert read(database_url, select(Member.name, Member.site_role, Member.deactivated_at)) == [
        ("Kari", "site_admin", None)
    ]


def test_make_admin_refuses_what_is_no_address(database_url, command, read):
    made = command(database_url, "make-admin", "siri")

    assert (made.exit_code, made.output) == (1, "Error: siri is no e-mail address.\n")
    assert read(database_url, PEOPLE) == []


def test_the_demo_is_whole_and_is_not_loaded_twice(demo_url, command, read):
    count = select(func.count()).select_from(Booking)
    before = read(demo_url, count)

    checked = command(demo_url, "check")
    again = command(demo_url, "demo", demo=True)

    assert (checked.exit_code, checked.output) == (0, "All is well.\n")
    assert (again.exit_code, again.output) == (0, "The demo district is here already.\n")
    assert read(demo_url, count) == before


def test_the_demo_shows_rules_that_ask_hold_and_contain(demo_url, read):
    """A hall that asks for a yes, mornings held for start-ups, and cabinets that can be booked by the trained."""
    asked = read(demo_url, select(Resource.slug, RuleSetting.rule).join(
        RuleSetting, (RuleSetting.scope_id == Resource.id) & (RuleSetting.scope_kind == "resource")))  # fmt: skip
    drafts = read(demo_url, select(Resource.slug).where(Resource.state == "draft"))
    booked = read(demo_url, select(func.count()).select_from(Booking))

    assert {("arena-elgeseter", "R38"), ("sla-printer", "R16"), ("sikkerhetsbenk-1", "R31")} <= set(asked)
    assert not [slug for slug in drafts if "sikkerhetsbenk" in str(slug)]
    assert booked[0][0] >= 500


def test_the_demo_is_never_mixed_with_somebodys_data(database_url, command, read):
    command(database_url, "make-admin", "siri@example.invalid")

    loaded = command(database_url, "demo", demo=True)

    assert loaded.exit_code == 1
    assert "only loaded into an empty one" in loaded.output
    assert read(database_url, select(Resource.id)) == []


def test_remove_demo_takes_every_account_with_what_it_booked_and_leaves_all_well(demo_url, command, read):
    rooms = read(demo_url, select(Resource.slug).order_by(Resource.slug))
    command(demo_url, "make-admin", "siri@example.invalid")

    asked = command(demo_url, "remove-demo", said="n\n")
    removed = command(demo_url, "remove-demo", "--yes")

    assert asked.exit_code == 1
    assert removed.exit_code == 0, removed.output
    assert read(demo_url, select(Member.email)) == [("siri@example.invalid",)]
    assert read(demo_url, select(Booking.id)) == []
    assert read(demo_url, select(Resource.slug).order_by(Resource.slug)) == rooms
    assert command(demo_url, "check").output == "All is well.\n"
    assert command(demo_url, "remove-demo").output == "There are no demo accounts.\n"


def test_commands_work_from_another_folder(bare_url, tmp_path):
    settings = {"DATABASE_URL": bare_url, "SECRET_KEY": "only-for-tests-" * 3, "SAMROM_DEMO": "0"}
    run = [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py")]

    done = [
        subprocess.run(
            [*run, name], cwd=tmp_path, env={**os.environ, **settings}, check=False, capture_output=True, text=True
        )
        for name in ("init", "check")
    ]

    assert [each.returncode for each in done] == [0, 0], done
    assert done[1].stdout == "All is well.\n"
