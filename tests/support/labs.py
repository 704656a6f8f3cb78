"""A lab on both databases: a microscope that asks for training, who has it, and the mender of both."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from booking.models import Member, Qualification, QualificationGrant, Resource
from booking.permissions import Actor
from booking.services.qualifications import GrantValues, QualificationValues, create_qualification, grant_to
from tests.factories import a_member, a_room
from tests.support.deciding import NOW, District, a_district, an_actor, set_rule

MAY_4, MAY_18 = "2027-05-04", "2027-05-18"  # Tuesdays; NOW is Monday 3 May


@dataclass(slots=True)
class Lab:
    """The rows a test speaks of; Kari has the training to the end of May."""

    place: District
    microscope: Resource
    training: Qualification
    kari: Member
    ola: Member
    nils: Actor

    def grant(self, session: Session, member: Member, since: date = date(2027, 1, 1), **more: object) -> str:
        """The grant's public id."""
        grant_to(session, NOW, self.nils, self.training.public_id, [member.id], GrantValues(since, **more))
        return newest_grant(session).public_id


def a_lab(session: Session, *, grant: bool = True, **required: object) -> Lab:
    """The microscope asks for training, which is valid for two years."""
    place = a_district(session)
    microscope = a_room(session, place.site, slug="confocal", name="Confocal", kind="instrument", contact="Siri")
    values = QualificationValues("Confocal training", months=24)
    public_id = create_qualification(session, NOW, place.nils, place.site.id, values)
    training = session.query(Qualification).filter_by(public_id=public_id).one()
    set_rule(session, "resource", microscope.id, "R31", {"all_of": [training.id], **required})
    ola = a_member(session, name="Ola")
    lab = Lab(place, microscope, training, place.kari, ola, place.nils)
    if grant:
        lab.grant(session, place.kari, expires_on=date(2027, 5, 31))
    return lab


def newest_grant(session: Session) -> QualificationGrant:
    """The last one that was made."""
    return session.query(QualificationGrant).order_by(QualificationGrant.id.desc()).first()


__all__ = ["MAY_4", "MAY_18", "NOW", "Lab", "a_lab", "an_actor", "newest_grant"]
