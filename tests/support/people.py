"""People of the tests: Kari (member), Ola (another organisation), Siri (organisation admin), Nils (site admin)."""

import html
import re
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from booking.db import writing
from booking.models import Member, Membership, Organisation
from booking.services.passwords import hash_password

PASSWORD = "fire gode norske ord"  # noqa: S105
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
HASHED: list[str] = []


def an_organisation(session: Session, name: str = "Fjordlab", **values: object) -> Organisation:
    """An organisation that is here."""
    given = {"slug": name.lower().replace(" ", "-"), "kind": "business", "state": "active", "created_at": BEGAN}
    row = Organisation(name=name, **{**given, **values})
    session.add(row)
    session.flush()
    return row


def a_member(
    session: Session, name: str = "Kari", *, of: Organisation | None = None, role: str = "member", **values: object
) -> Member:
    """Somebody with an account and the password of the tests, perhaps as a member of an organisation."""
    if not HASHED:
        HASHED.append(hash_password(PASSWORD, "tests"))
    given = {"email": f"{name.lower()}@example.invalid", "password_hash": HASHED[0], "created_at": BEGAN}
    row = Member(name=name, **{**given, **values})
    session.add(row)
    session.flush()
    if of is not None:
        session.add(Membership(member_id=row.id, organisation_id=of.id, role=role))
        session.flush()
    return row


def two_organisations(app: Flask) -> dict[str, str]:
    """Kari and Siri (its admin) of Fjordlab, Ola of Nordvind with its admin Tor, Nils and an auditor; their public ids."""
    with app.app_context(), writing() as session:
        fjordlab, nordvind = an_organisation(session), an_organisation(session, "Nordvind")
        people = [
            a_member(session, "Kari", of=fjordlab),
            a_member(session, "Siri", of=fjordlab, role="admin"),
            a_member(session, "Ola", of=nordvind),
            a_member(session, "Tor", of=nordvind, role="admin"),
            a_member(session, "Nils", site_role="site_admin"),
            a_member(session, "Anne", site_role="auditor"),
        ]
        return {person.name: person.public_id for person in people}


def page_token(page: TestResponse) -> str:
    """The CSRF token in a page's first form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found, page.text[:2000]
    return html.unescape(found[1])


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD) -> TestResponse:
    """Signs in through the form; a name alone means their address at example.invalid."""
    address = email if "@" in email else f"{email.lower()}@example.invalid"
    token = page_token(client.get("/login"))
    return client.post("/login", data={"email": address, "password": password, "csrf_token": token})


def post(client: FlaskClient, path: str, page: str = "/account", **fields: object) -> TestResponse:
    """Posts a form with the token of a page that the client may see."""
    return client.post(path, data={"csrf_token": page_token(client.get(page)), **fields})
