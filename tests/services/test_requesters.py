"""What whoever answers a request learns about the one who asks: also whether they have learnt what it takes."""

from booking.core.request import Item
from booking.models import Duty
from booking.services.actors import actor_for_member
from booking.services.bookings import request_booking
from booking.services.inbox import inbox
from booking.services.wishes import Wish
from tests.conftest import Change
from tests.factories import a_member
from tests.support.deciding import a_wish, set_rule
from tests.support.labs import MAY_18, NOW, a_lab, an_actor


def test_whether_they_have_learnt_what_it_takes_is_told_to_those_who_answer_there(change: Change) -> None:
    with change() as session:
        lab = a_lab(session)
        set_rule(session, "resource", lab.microscope.id, "R38", {"always": True})
        set_rule(session, "resource", lab.place.sluppen.id, "R38", {"always": True})
        row = lab.microscope
        near, beside = a_member(session), a_member(session)
        for who, resource in ((near, row), (beside, lab.place.sluppen)):
            session.add(Duty(member_id=who.id, scope_kind="resource", scope_id=resource.id, kind="approver"))
        session.flush()
        plain = a_wish(row, f"{MAY_18} 10:00-11:00")
        both = Wish((Item(row.id), Item(lab.place.sluppen.id)), plain.wall)
        request_booking(session, NOW, an_actor(lab.kari), both)

        def read(who):
            return [(each.name, each.has) for one in inbox(session, NOW, actor_for_member(session, NOW, who.id))
                    for each in one.learnt]  # fmt: skip

        assert read(near) == [("Confocal training", True)]
        assert read(beside) == []
