"""A district that admins look after: rooms, people who may and may not, and browsers where they are signed in."""

import re
from datetime import timedelta
from html import unescape
from types import SimpleNamespace

import pytest

from booking import clock
from booking.core.timespan import TimeSpan
from booking.db import writing
from booking.models import Duty
from tests.factories import OSLO, a_booking, a_member, a_room, a_site
from tests.support.people import known_as, page_token, sign_in, two_organisations


@pytest.fixture
def places(sqlite_app):
    """A site with two rooms and a pool; Mari manages the first room. Kari has it on a weekday next week at 16."""
    ids = two_organisations(sqlite_app)
    with sqlite_app.app_context(), writing() as session:
        site = a_site(session, name="Elgeseter", slug="elgeseter")
        sluppen = a_room(session, site, slug="sluppen", name="Sluppen")
        oya = a_room(session, site, slug="oya", name="Øya")
        desks = a_room(session, site, units=3, slug="desks", name="Desks", is_pool=True, seats=None)
        mari = a_member(session, **known_as("Mari"))
        session.add(Duty(member_id=mari.id, kind="manager", scope_kind="resource", scope_id=sluppen.id))
        kari = a_member(session, **known_as("Kristin"))
        booking = a_booking(session, on=sluppen, member=kari, span=next_weekday_at(16), title="Late meeting")
        return SimpleNamespace(
            people=ids, site=site.id, category=sluppen.category_id, sluppen=sluppen.id, oya=oya.id,
            desks=desks.id, booking=booking.public_id,
        )  # fmt: skip


def next_weekday_at(hour: int) -> TimeSpan:
    """An hour on the second Monday from now, in Oslo."""
    today = clock.now().astimezone(OSLO)
    monday = today + timedelta(days=14 - today.weekday())
    starts = monday.replace(hour=hour, minute=0, second=0, microsecond=0)
    return TimeSpan(starts, starts + timedelta(hours=1))


@pytest.fixture
def visit(sqlite_app, places):
    """`visit("Nils")`: a browser where he is signed in, reading English."""

    def visit(name):
        client = sqlite_app.test_client()
        assert sign_in(client, name).status_code == 303
        client.get("/?lang=en")
        return client

    return visit


@pytest.fixture
def fill():
    """`fill(client, page, path, **fields)`: opens a page, fills in the form it holds, and sends it to `path`.

    A draft of rules that this only tries out is confirmed.
    """

    def fill(client, page, path, **fields):
        shown = client.get(page)
        assert shown.status_code == 200, shown.text
        answer = client.post(path, data={"csrf_token": page_token(shown), **fields})
        draft = re.search(r'name="draft" value="([^"]*)"', answer.text) if answer.status_code == 200 else None
        if draft is None:
            return answer
        sent = {"csrf_token": page_token(shown), "draft": unescape(draft[1])}
        return client.post("/admin/rules/drafts", data=sent)

    return fill
