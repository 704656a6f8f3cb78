"""What R38 needs to know: who would be asked and until when, and what the member has booked before."""

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from booking.core.approval_params import Approval
from booking.core.approvals import ApprovalFacts, after_working_days
from booking.core.facts import Facts
from booking.core.lifecycle import State
from booking.models import Booking, BookingItem
from booking.services.holidays import holiday
from booking.services.on_duty import on_duty

if TYPE_CHECKING:
    from booking.services.fact_families import Gathering

COUNTRY = "NO"
USED = (
    select(BookingItem.resource_id)
    .join(Booking, Booking.id == BookingItem.booking_id)
    .where(
        Booking.member_id == bindparam("member"),
        Booking.state == State.CONFIRMED.value,
        Booking.id != bindparam("without"),
        BookingItem.resource_id.in_(bindparam("resources", expanding=True)),
    )
    .distinct()
)


def approval_facts(gathering: "Gathering", facts: Facts) -> Facts:
    """Reads nothing where nobody asks for approval."""
    if not gathering.asks("R38"):
        return facts
    session, now, cards = gathering.session, gathering.now, gathering.cards
    duties = on_duty(session, now)
    ladders = {id_: duties.ladder(card, {facts.member.id}) for id_, card in cards.items()}
    who = {id_: tuple(duties.names[each] for each in rungs[0].people) for id_, rungs in ladders.items() if rungs}
    values = {id_: resource.values("R38", Approval) for id_, resource in facts.resources.items()}
    until = {
        id_: after_working_days(now, each.working_days, facts.zone, lambda day: holiday(COUNTRY, day) is not None)
        for id_, each in values.items()
    }
    asked = {"member": facts.member.id, "without": gathering.without_booking_id or 0, "resources": sorted(cards)}
    used = frozenset(session.scalars(USED, asked)) if _asks_of_first(gathering) else frozenset()
    return replace(facts, approvals=ApprovalFacts(who, until, used))


def _asks_of_first(gathering: "Gathering") -> bool:
    return any(part.params.get("first_time") for each in gathering.effective.values() for part in each["R38"].parts)
