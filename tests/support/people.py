"""People of the tests: Kari (member), Ola (another organisation), Siri (organisation admin), Nils (site admin)."""

import html
import re

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from booking.db import writing
from booking.services.passwords import hash_password
from tests.factories import a_member, an_organisation

PASSWORD = "fire gode norske ord"
HASHED: list[str] = []


def with_password() -> str:
    """A hash of the tests' password, made once."""
    if not HASHED:
        HASHED.append(hash_password(PASSWORD, "tests"))
    return HASHED[0]


def known_as(name: str, **values: object) -> dict[str, object]:
    """What makes a member of the factories somebody who can sign in."""
    about = {"name": name, "email": f"{name.lower()}@example.invalid", "password_hash": with_password()}
    return {**about, **values}


class EnglishVisitor(FlaskClient):
    """A browser that wishes for English."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"


def two_organisations(app: Flask) -> dict[str, str]:
    """Kari and Siri (admin) of Fjordlab, Ola and Tor (admin) of Nordvind, Nils and Anne (auditor): their public ids."""
    app.test_client_class = EnglishVisitor
    with app.app_context(), writing() as session:
        fjordlab = an_organisation(session, name="Fjordlab", slug="fjordlab")
        nordvind = an_organisation(session, name="Nordvind", slug="nordvind")
        people = [
            a_member(session, fjordlab, **known_as("Kari")),
            a_member(session, fjordlab, "admin", **known_as("Siri")),
            a_member(session, nordvind, **known_as("Ola")),
            a_member(session, nordvind, "admin", **known_as("Tor")),
            a_member(session, **known_as("Nils", site_role="site_admin")),
            a_member(session, **known_as("Anne", site_role="auditor")),
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
