"""Every answer carries the security headers, and only our own Host is answered."""

import pytest

from booking import create_app
from booking.db import db
from booking.http.assets import asset
from tests.support.databases import a_config


@pytest.fixture
def visit(sqlite_url):
    """`visit(base_url=...)` is a visitor to a service with these settings."""
    apps = []

    def visit(**config):
        apps.append(create_app(a_config(sqlite_url, **config)))
        return apps[-1].test_client()

    yield visit
    for app in apps:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


PLACES = ["/healthz", "/login", "/nowhere", "/feeds/nothing.ics", "/find", asset("css/base.css")]


@pytest.mark.parametrize("path", PLACES)
def test_every_answer_is_guarded(visit, path):
    with visit().get(path) as answer:
        headers = answer.headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert {"object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} <= set(policy.split("; "))
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", PLACES)
def test_over_https_browsers_are_told_to_stay_there(visit, path):
    address = "https://booking.example.org"
    with visit(base_url=address).get(path, base_url=address) as secure, visit().get(path) as plain:
        assert secure.headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert "Strict-Transport-Security" not in plain.headers


@pytest.mark.parametrize("path", ["/login", "/nowhere", "/find"])
def test_pages_are_never_kept_by_caches(visit, path):
    headers = visit().get(path).headers

    assert headers["Cache-Control"] == "no-store"
    assert "Cookie" in headers["Vary"]


def test_over_https_the_cookie_is_bound_to_the_host(visit):
    cookies = visit(base_url="https://booking.example.org").get("/login", base_url="https://booking.example.org")

    (cookie,) = [each for each in cookies.headers.getlist("Set-Cookie") if "samrom=" in each]
    assert cookie.startswith("__Host-samrom=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "[bad", "a b", "", "evil.example:80"])
def test_a_foreign_host_is_refused(visit, host):
    answer = visit().get("/login", headers={"Host": host})

    assert answer.status_code == 400


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_our_own_host_is_answered(visit, host):
    assert visit().get("/healthz", headers={"Host": host}).status_code == 200


def test_what_a_proxy_says_counts_only_when_it_is_trusted(visit):
    forwarded = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}

    assert visit().get("/healthz", headers=forwarded).status_code == 200
    assert visit(trusted_proxies=1).get("/healthz", headers=forwarded).status_code == 400
