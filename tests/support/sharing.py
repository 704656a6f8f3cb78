"""An organisation that shares hours over many rooms, and its members, for races against a quota."""

from datetime import timedelta

from flask import Flask

from booking import clock
from booking.db import writing
from tests.factories import OSLO, a_booking, a_category, a_member, a_room, a_site, an_organisation, span_at
from tests.support.house import set_rule
from tests.support.people import with_password
from tests.support.racing import email

SHARERS = 20
LEFT = 10
OWN_MOST = 3
SPENT = 2


def wanted_day() -> str:
    """The Wednesday of next week but one, so that its whole week lies ahead."""
    today = clock.now().astimezone(OSLO).date()
    return (today + timedelta(days=16 - today.weekday())).isoformat()


def with_sharers(app: Flask) -> None:
    """Twenty rooms, twenty members of one organisation, ten hours left of its week; and one more."""
    with app.app_context(), writing() as session:
        site, rooms = a_site(session, slug="arena"), a_category(session)
        organisation = an_organisation(session)
        for number in range(SHARERS):
            a_room(session, site, slug=f"room-of-{number}", name=f"Room of {number}", category_id=rooms.id)
            a_member(session, organisation, email=email(number), name=f"Sharer {number}", password_hash=with_password())
        a_member(session, email=email(SHARERS), name="Alone", password_hash=with_password())
        limits = [{"amount": LEFT + SPENT, "per": "week", "subject": "organisation", "over": "category"}]
        set_rule(session, "category", rooms.id, "R23", {"limits": limits})
        own = [{"amount": OWN_MOST, "per": "day", "subject": "member", "over": "site"}]
        set_rule(session, "site", site.id, "R22", {"limits": own})
        before = a_room(session, site, slug="before", category_id=rooms.id)
        treasurer = a_member(session, organisation)
        spent = span_at(f"{wanted_day()} 08:00-10:00")
        a_booking(session, on=before, member=treasurer, span=spent, organisation_id=organisation.id)
