"""The least a new service needs before an admin can add the first resource: one site and a few categories."""

from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from booking.models import Category, Member, Resource, Site
from booking.services import journal

CATEGORIES = {
    "meeting-rooms": {"nb": "Møterom", "nn": "Møterom", "en": "Meeting rooms"},
    "event-spaces": {"nb": "Arrangementslokaler", "nn": "Arrangementslokale", "en": "Event spaces"},
    "labs": {"nb": "Laboratorier", "nn": "Laboratorium", "en": "Labs"},
    "instruments": {"nb": "Instrumenter", "nn": "Instrument", "en": "Instruments"},
    "desks": {"nb": "Arbeidsplasser", "nn": "Arbeidsplassar", "en": "Desks"},
}


def is_empty(session: Session) -> bool:
    """Whether nobody and nothing is there yet."""
    return not any(session.scalar(select(model.id).limit(1)) for model in (Site, Resource, Member))


def found(session: Session, now: datetime, site_name: str, timezone: str) -> bool:
    """Makes the minimum when nothing is there; False when something was."""
    if not is_empty(session) or not _is_empty_for_us_alone(session):
        return False
    site = Site(slug="main", name=site_name, timezone=timezone)
    session.add(site)
    session.add_all(Category(slug=slug, names=names) for slug, names in CATEGORIES.items())
    session.flush()
    journal.record(session, now, None, "site.founded", ("site", site.id), door="command")
    return True


def _is_empty_for_us_alone(session: Session) -> bool:
    """Of two that found at once, the second waits here and finds the first one's site."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE site IN EXCLUSIVE MODE"))
    return is_empty(session)
