"""The feed of requests that wait for me: tentative while it is my turn, and answered afterwards."""

import pytest

from booking.core.request import Item, WallSpan
from booking.models import Duty, Member, Resource, RuleSetting
from booking.services import approving, delegating, inbox
from booking.services.actors import actor_for_member
from booking.services.bookings import request_booking
from booking.services.feed_keys import Kind
from booking.services.wishes import Wish
from tests.factories import LONG_AGO, OSLO, a_member, span_at
from tests.feeds.conftest import NOW, a_key


@pytest.fixture
def approvers(subscriber, change):
    """Siri answers for the room that Kari's requests are about; Ola answers for another."""
    with change() as session:
        rule = {"rule": "R38", "params": {"always": True}, "valid_from": LONG_AGO, "set_at": LONG_AGO}
        session.add(RuleSetting(scope_kind="resource", scope_id=subscriber.room_id, **rule))
        siri, ola = a_member(session, name="Siri"), a_member(session, name="Ola")
        session.add(Duty(member_id=siri.id, scope_kind="resource", scope_id=subscriber.room_id, kind="approver"))
        site_id = session.get(Resource, subscriber.room_id).site_id
        session.add(Duty(member_id=ola.id, scope_kind="building", scope_id=site_id + 999, kind="approver"))
        return {
            "siri": siri.id,
            "ola": ola.id,
            "siris feed": a_key(session, siri.id, kind=Kind.APPROVALS),
            "olas feed": a_key(session, ola.id, kind=Kind.APPROVALS),
            "karis feed": a_key(session, subscriber.member_id, kind=Kind.APPROVALS),
        }


def ask(session, subscriber, at="2027-03-02 10:00-11:00", title="Styremøte"):
    wish = Wish((Item(subscriber.room_id),), WallSpan.of(span_at(at), OSLO), title=title)
    kari = actor_for_member(session, NOW, subscriber.member_id)
    return request_booking(session, NOW, kari, wish).public_id


def test_a_request_waits_in_the_feed_of_whoever_answers_until_it_is_answered(subscriber, change, approvers):
    held = subscriber.get(approvers["siris feed"]).headers["ETag"]
    with change() as session:
        public_id = ask(session, subscriber)
        ask(session, subscriber, "2027-03-03 10:00-11:00", "Ledermøte")

    assert subscriber.get(approvers["siris feed"], If_None_Match=held).status_code == 200
    assert subscriber.told(approvers["siris feed"]) == {"Styremøte": "TENTATIVE", "Ledermøte": "TENTATIVE"}
    assert subscriber.told(approvers["olas feed"]) == {}
    before = {str(each["UID"]): each["SEQUENCE"] for each in subscriber.events(approvers["siris feed"])}

    with change() as session:
        approving.approve(session, NOW, actor_for_member(session, NOW, approvers["siri"]), public_id)

    assert subscriber.told(approvers["siris feed"]) == {"Answered: Styremøte": "CANCELLED", "Ledermøte": "TENTATIVE"}
    (answered,) = [each for each in subscriber.events(approvers["siris feed"]) if each["STATUS"] == "CANCELLED"]
    assert answered["SEQUENCE"] > before[str(answered["UID"])]
    assert subscriber.told() == {"Styremøte": "CONFIRMED", "Ledermøte": "TENTATIVE"}


def test_who_answers_nothing_has_no_such_feed(subscriber, approvers):
    assert subscriber.get(approvers["karis feed"]).status_code == 404


def test_a_declined_request_is_answered_too(subscriber, change, approvers):
    with change() as session:
        public_id = ask(session, subscriber)
    with change() as session:
        approving.decline(session, NOW, actor_for_member(session, NOW, approvers["siri"]), public_id, "Opptatt")

    assert subscriber.told(approvers["siris feed"]) == {"Answered: Styremøte": "CANCELLED"}
    assert subscriber.told() == {"Cancelled: Styremøte": "CANCELLED"}


def test_a_single_request_that_somebody_is_let_answer_is_in_their_feed_at_once(subscriber, change, approvers):
    with change() as session:
        public_id = ask(session, subscriber)
    held = subscriber.get(approvers["olas feed"]).headers["ETag"]
    with change() as session:
        siri, ola = session.get(Member, approvers["siri"]), session.get(Member, approvers["ola"])
        delegating.delegate_request(session, NOW, actor_for_member(session, NOW, siri.id), public_id, ola.public_id)

    assert subscriber.get(approvers["olas feed"], If_None_Match=held).status_code == 200
    assert subscriber.told(approvers["olas feed"]) == {"Styremøte": "TENTATIVE"}


def test_a_request_still_waits_however_many_others_wait_elsewhere(subscriber, change, approvers, monkeypatch):
    monkeypatch.setattr(inbox, "MOST", 2)
    with change() as session:
        for hour in (8, 10, 12):
            ask(session, subscriber, f"2027-03-02 {hour:02}:00-{hour + 1:02}:00", f"Møte {hour}")

    assert set(subscriber.told(approvers["siris feed"]).values()) == {"TENTATIVE"}
