"""For whom a booking is made: oneself, or somebody who has let one book in their name."""

from dataclasses import dataclass

from booking import clock
from booking.db import db
from booking.permissions import Actor
from booking.services import delegations
from booking.services.delegations import Other
from booking.services.mine import OwnOrganisation, own_organisations
from booking.web.forms import BookingForm


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """Whose booking it will be, and for which organisations it can be; `by` is who books in the member's name."""

    member_id: int
    own: list[OwnOrganisation]
    choices: list[Other]
    by: Actor | None = None

    @property
    def may_know(self) -> bool:
        """Whether what the member has used and could have instead is for the actor to see."""
        return self.by is None or any(each.id == self.member_id for each in self.choices)

    @property
    def options(self) -> list[tuple[str, str]]:
        """Whom the actor may book for besides themselves."""
        return [(each.key, each.name) for each in self.choices]


def beneficiary_of(form: BookingForm, actor: Actor) -> Beneficiary:
    """Whom the form names, else the actor; the judge asks for leave. Raises NotFound for a key that is nobody's."""
    session, now = db.session(), clock.now()
    choices = delegations.books_for(session, now, actor)
    if not form.book_for:
        return Beneficiary(actor.member_id, own_organisations(session, actor), choices)
    member_id = delegations.member_by_key(session, form.book_for)
    if member_id == actor.member_id:
        return Beneficiary(member_id, own_organisations(session, actor), choices)
    return Beneficiary(member_id, delegations.organisations_of(session, now, member_id), choices, by=actor)
