"""Whom a booking can be handed over to, and handing it over."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import InvalidInput, NotFound, WrongState
from booking.core.judge import judge, new_or_worse
from booking.core.verdict import Finding, Verdict
from booking.models import Member, Membership
from booking.permissions import Actor, require
from booking.services import feed_fragments, people, telling
from booking.services.after_writing import follow_up, in_own_name
from booking.services.bookings import judged_facts
from booking.services.changes import in_spite_of
from booking.services.rewriting import touch, values
from booking.services.standing import Standing, found, locked

MOST = 50
# Who may hold it, and how much they have, is asked of each holder anew, whatever the last one was forgiven.
OF_THE_MEMBER = frozenset({"R30", "R31"})
# What the taker has booked, may, has learnt and has left is theirs to know: whoever gives hears only that it is so.
PRIVATE = OF_THE_MEMBER | {"R09", "R22", "R23", "R24", "R25", "R26", "R27", "R36"}
KNOWN_TO_ALL = ("resource", "contact")


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who can take the booking over; `key` is for forms."""

    key: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Colleagues:
    """Those who were found, by name; `more` tells how many are left out."""

    people: tuple[Colleague, ...]
    more: int


def colleagues(session: Session, now: datetime, actor: Actor, standing: Standing, words: str = "") -> Colleagues:
    """Active members of the booking's organisation, or of its holder's when it has none. Raises NotAllowed."""
    require(actor, "booking.hand_over", standing.subject)
    wanted = words.casefold().split()
    listed = people.colleagues(session, now, _organisations(session, standing), but=standing.row.member_id)
    fitting = [each for each in listed if all(word in f"{each.name} {each.email}".casefold() for word in wanted)]
    shown = tuple(Colleague(each.public_id, each.name, each.email) for each in fitting[:MOST])
    return Colleagues(shown, max(0, len(fitting) - MOST))


def hand_over(
    session: Session, now: datetime, actor: Actor, public_id: str, to: str, *, override: str | None = None
) -> str:
    """Gives the booking to a colleague; their name. Raises InvalidInput, BookingRefused, WrongState, NotAllowed."""
    standing = found(session, actor, public_id, "booking.hand_over")
    fitting = people.colleagues(session, now, _organisations(session, standing), but=standing.row.member_id)
    taker = next((each for each in fitting if each.public_id == to), None)
    if taker is None:
        raise InvalidInput("to", "booking.not_a_colleague")
    hand_over_booking(session, now, actor, public_id, taker.id, override=override)
    return taker.name


def _organisations(session: Session, standing: Standing) -> list[int]:
    row = standing.row
    if row.organisation_id is not None:
        return [row.organisation_id]
    return list(session.scalars(select(Membership.organisation_id).where(Membership.member_id == row.member_id)))


def hand_over_booking(
    session: Session,
    now: datetime,
    actor: Actor,
    public_id: str,
    member_id: int,
    *,
    door: str = "form",
    override: str | None = None,
) -> str:
    """Gives the booking to another member; refused when the rules refuse it for them but not for its holder.

    Raises NotFound, NotAllowed, WrongState, BookingRefused, InvalidInput (an override without a reason).
    """
    standing = locked(session, actor, public_id, "booking.hand_over", None, also_member=member_id)
    row, old_holder = standing.row, standing.row.member_id
    if session.get(Member, member_id) is None:
        raise NotFound(kind="member")
    if not row.live or row.ends_at <= now:
        raise WrongState(state=row.state)
    as_is = _verdict_for(session, now, standing, row.member_id)
    forgiven = Verdict(tuple(each for each in as_is.findings if each.rule not in OF_THE_MEMBER))
    new = new_or_worse(forgiven, _verdict_for(session, now, standing, member_id))
    through = in_spite_of(session, now, actor, standing, new, override)
    before = values(standing)
    row.details = in_own_name(standing.wish, old_holder, member_id).details.to_json() or None
    row.member_id = member_id
    touch(row, now, moved=True)  # it leaves one calendar for another
    session.flush()
    after = values(standing) | through.marks
    telling.record_change(
        session, now, actor, "booking.handed_over", row, door=door, before=before, after=after, reason=through.reason
    )
    telling.tell(session, now, old_holder, row.id, "given_away", actor.member_id, {"before": before, "after": after})
    follow_up(session, now, [row.id], actor.member_id)
    feed_fragments.changed(session, now, [row.id])
    return row.public_id


def told_to_the_giver(verdict: Verdict) -> tuple[Finding, ...]:
    """What refuses, without anything about the taker but that the rules do not let them have it."""
    return tuple(dict.fromkeys(_without_detail(each) for each in verdict.refusals))


def _without_detail(finding: Finding) -> Finding:
    if finding.rule not in PRIVATE:
        return finding
    facts = {name: finding.facts[name] for name in KNOWN_TO_ALL if name in finding.facts}
    return Finding("R30.not_theirs", finding.weight, facts, finding.resource_id)


def _verdict_for(session: Session, now: datetime, standing: Standing, member_id: int) -> Verdict:
    wish = in_own_name(standing.wish, standing.row.member_id, member_id)
    facts = judged_facts(session, now, standing.cards, wish, member_id, standing.row.id)
    return judge(wish.request(member_id), facts)
