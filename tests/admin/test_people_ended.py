"""The pages that end a member, a membership or an organisation."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from booking import clock
from booking.core.timespan import TimeSpan
from booking.db import db, writing
from booking.models import Booking, Member, Membership, Organisation
from tests.factories import a_booking, a_member, a_room
from tests.support.people import known_as, post, sign_in, two_organisations


@pytest.fixture(autouse=True)
def people(sqlite_app):
    return two_organisations(sqlite_app)


@pytest.fixture
def siri(client):
    sign_in(client, "Siri")
    return client


@pytest.fixture
def nils(sqlite_app):
    client = sqlite_app.test_client()
    sign_in(client, "Nils")
    return client


@pytest.fixture
def ahead(sqlite_app):
    """Kari has a booking for Fjordlab in 3, 5 and 40 days; Liv is her colleague."""
    tomorrow = clock.now().replace(hour=10, minute=0, second=0)
    with sqlite_app.app_context(), writing() as session:
        fjordlab = session.scalar(select(Organisation).where(Organisation.slug == "fjordlab"))
        kari = session.scalar(select(Member).where(Member.name == "Kari"))
        a_member(session, fjordlab, **known_as("Liv"))
        room = a_room(session, name="Teknobyen")
        spans = [
            TimeSpan(begin, begin + timedelta(hours=1))
            for days in (3, 5, 40)
            for begin in [tomorrow + timedelta(days=days)]
        ]
        rows = [
            a_booking(session, on=room, member=kari, span=span, organisation_id=fjordlab.id, title=f"Møte {number}")
            for number, span in enumerate(spans, 1)
        ]
        return [row.public_id for row in rows]


def states(app):
    with app.app_context():
        joined = select(Booking.title, Booking.state, Member.name).join(Member, Member.id == Booking.member_id)
        return {
            title: (state, holder) for title, state, holder in db.session.execute(joined.order_by(Booking.starts_at))
        }


def membership(people, who="Kari"):
    return f"/admin/people/{people[who]}/memberships/fjordlab/ending"


def day(days):
    return str((clock.now() + timedelta(days=days)).date())


def test_the_page_lists_what_lies_after_the_last_day(siri, people, ahead):
    everything = siri.get(membership(people)).text
    later = siri.get(membership(people), query_string={"last_day": day(10)}).text

    assert re.findall(r"Møte \d", everything) == ["Møte 1", "Møte 2", "Møte 3"]
    assert re.findall(r"Møte \d", later) == ["Møte 3"]
    assert "Teknobyen" in later


def test_without_decisions_the_page_asks_and_nothing_changes(siri, people, ahead, sqlite_app):
    answer = post(siri, membership(people), **{f"choice-{ahead[0]}": "cancel"})

    assert answer.status_code == 422
    assert f'href="#choice-{ahead[1]}"' in answer.text
    assert re.search(rf'id="choice-{ahead[0]}".*?value="cancel" selected', answer.text, re.DOTALL)
    assert {state for state, _ in states(sqlite_app).values()} == {"confirmed"}


def test_each_is_decided_by_itself_or_as_all(siri, people, ahead, sqlite_app):
    choices = {f"choice-{ahead[0]}": "keep", f"choice-{ahead[1]}": "hand_over", f"to-{ahead[1]}": "liv@example.invalid"}

    answer = post(siri, membership(people), all="cancel", **choices)

    assert answer.status_code == 303
    assert states(sqlite_app) == {
        "Møte 1": ("confirmed", "Kari"),
        "Møte 2": ("confirmed", "Liv"),
        "Møte 3": ("cancelled", "Kari"),
    }
    assert "Ended" not in siri.get("/admin/people").text


def test_all_are_handed_over_at_once(siri, people, ahead, sqlite_app):
    post(siri, membership(people), all="hand_over", all_to="Liv@example.invalid")

    assert set(states(sqlite_app).values()) == {("confirmed", "Liv")}


def test_handing_over_to_an_outsider_says_so_at_the_field(siri, people, ahead, sqlite_app):
    answer = post(siri, membership(people), all="hand_over", all_to="ola@example.invalid")

    assert answer.status_code == 422
    assert 'href="#all_to"' in answer.text
    assert {holder for _, holder in states(sqlite_app).values()} == {"Kari"}


def test_an_end_date_is_set_and_taken_away_again(siri, people, ahead, sqlite_app):
    post(siri, membership(people), last_day=day(60))

    with sqlite_app.app_context():
        assert str(db.session.scalar(select(Membership.ends_on).join(Member).where(Member.name == "Kari"))) == day(60)
    post(siri, f"/admin/people/{people['Kari']}/memberships/fjordlab/return")
    with sqlite_app.app_context():
        assert db.session.scalar(select(Membership.ends_on).join(Member).where(Member.name == "Kari")) is None


@pytest.mark.parametrize("last_day", ["2020-01-01", "soon", "2026-02-30"])
def test_a_day_that_will_not_do_is_told(siri, people, last_day):
    assert siri.get(membership(people), query_string={"last_day": last_day}).status_code == 422
    assert post(siri, membership(people), last_day=last_day).status_code == 422


def test_ending_an_account_signs_its_member_out(nils, people, sqlite_app):
    kari = sqlite_app.test_client()
    sign_in(kari, "Kari")

    assert post(nils, f"/admin/people/{people['Kari']}/ending").status_code == 303

    assert kari.get("/account").status_code == 303
    assert sign_in(sqlite_app.test_client(), "Kari").status_code == 422
    assert "Ended" in nils.get(f"/admin/people/{people['Kari']}").text
    post(nils, f"/admin/people/{people['Kari']}/return")
    assert sign_in(sqlite_app.test_client(), "Kari").status_code == 303


def test_an_organisation_is_created_once_changed_ended_and_welcomed_back(nils, ahead, sqlite_app):
    form = {"name": "Blåtind Åsen AS", "kind": "business", "key": "one-key"}
    twice = [post(nils, "/admin/organisations", **form).location for _ in range(2)]
    taken = post(nils, "/admin/organisations", name="blåtind åsen as", kind="business", key="another")
    post(nils, twice[0], name="Blåtind", kind="public")

    assert twice == ["/admin/organisations/blatind-asen-as"] * 2
    assert taken.status_code == 422
    assert "Blåtind" in nils.get(twice[0]).text

    undecided = post(nils, "/admin/organisations/fjordlab/ending")
    ended = post(nils, "/admin/organisations/fjordlab/ending", all="cancel")

    assert (undecided.status_code, ended.status_code) == (422, 303)
    assert {state for state, _ in states(sqlite_app).values()} == {"cancelled"}
    siri = sqlite_app.test_client()
    sign_in(siri, "Siri")
    assert siri.get("/admin/people").status_code == 403
    post(nils, "/admin/organisations/fjordlab/return")
    assert siri.get("/admin/people").status_code == 200


def test_the_journal_tells_who_ended_what(siri, people, ahead, sqlite_app):
    post(siri, membership(people), all="cancel")

    with sqlite_app.app_context():
        from_siri = db.session.execute(
            db.text("SELECT action FROM journal_entry WHERE actor_id = (SELECT id FROM member WHERE name = 'Siri')")
        ).scalars()
        assert sorted(set(from_siri)) == ["booking.cancelled", "member.signed_in", "membership.ended"]
