"""A browser without a screen: signs in, reads a form, sends it, over a new connection each time, as a phone would."""

import secrets
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from booking import clock

PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `codes` are the reasons a page gives, by their stable names."""

    status: int
    location: str
    body: str

    @property
    def codes(self) -> list[str]:
        return [value for tag, name, value in attributes(self.body) if name == "data-code"]


@dataclass(slots=True)
class Visitor:
    """One browser with its own cookies."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        return self.ask("POST", path, urlencode(fields))

    def ask(self, method: str, path: str, body: str | None = None) -> Answer:
        """Raises OSError or HTTPException when the server goes away before it has answered."""
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=PATIENCE)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.url}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            for line in answer.headers.get_all("Set-Cookie") or []:
                self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
            return Answer(answer.status, answer.headers.get("Location", ""), text)
        finally:
            connection.close()

    def sign_in(self, email: str, password: str) -> None:
        page = self.get("/login")
        answer = self.post("/login", {**hidden(page.body), "email": email, "password": password})
        assert answer.status == 303, (answer.status, answer.codes, answer.body)

    def open_form(self, slug: str) -> None:
        """Keeps the hidden fields of a booking form, as a page that stays open does."""
        page = self.get(f"/resources/{slug}/bookings/new")
        assert page.status == 200, (page.status, page.body)
        self.form = hidden(page.body)

    def filled_form(self, **times: str) -> dict[str, str]:
        """The open form for these times, with a key of its own."""
        fresh = {"key": secrets.token_urlsafe(18), "seen": clock.now().isoformat()}
        return {**self.form, **fresh, **times, "title": "Race"}

    def book(self, slug: str, form: dict[str, str]) -> Answer:
        return self.post(f"/resources/{slug}/bookings", form)


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms; the CSRF token is the same in each."""
    finder = Finder()
    finder.feed(page)
    return finder.hidden


def attributes(page: str) -> list[tuple[str, str, str]]:
    finder = Finder()
    finder.feed(page)
    return finder.found


class Finder(HTMLParser):
    """Collects attributes and hidden fields."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self.hidden: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(tag, name, value or "") for name, value in attrs]
        about = dict(attrs)
        if tag == "input" and about.get("type") == "hidden" and about.get("name"):
            self.hidden[about["name"] or ""] = about.get("value") or ""
