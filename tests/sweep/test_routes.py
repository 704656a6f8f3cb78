"""Every route says who may pass, changes only by POST, and its page is for whoever it says."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from booking.permissions import PERMISSIONS

PUBLIC = {
    "about.about", "about.accessibility", "about.cookies", "day.page", "feeds.events", "feeds.feed",
    "feeds.freebusy", "feeds.robots", "find.results",
    "health.healthz", "health.readyz", "home.page", "policies.by_id", "policies.page",
    "resources.everything", "resources.page", "signin.accept",
    "signin.choose_password", "signin.form", "signin.invitation", "signin.new_password", "signin.sign_out",
    "signin.submit",
}  # fmt: skip


def rules(app: Flask) -> list[Rule]:
    """The routes that are ours."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_every_route_declares_who_may_pass(sqlite_app: Flask) -> None:
    silent = [
        rule.endpoint
        for rule in rules(sqlite_app)
        if getattr(sqlite_app.view_functions[rule.endpoint], "permission", None)
        not in {"public", "signed_in", *PERMISSIONS}
    ]

    assert silent == []


def test_what_is_public_is_on_the_list(sqlite_app: Flask) -> None:
    public = {
        rule.endpoint
        for rule in rules(sqlite_app)
        if getattr(sqlite_app.view_functions[rule.endpoint], "permission", None) == "public"
    }

    assert public == PUBLIC


def test_changes_are_made_by_post_only(sqlite_app: Flask) -> None:
    methods = {method for rule in rules(sqlite_app) for method in rule.methods or ()}

    assert methods <= {"GET", "HEAD", "OPTIONS", "POST"}


def test_no_page_of_members_opens_for_a_visitor(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    opened = []
    for rule in rules(sqlite_app):
        if rule.endpoint in PUBLIC or "GET" not in (rule.methods or ()):
            continue
        with sqlite_app.test_request_context():
            path = rule.build({name: _value(rule, name) for name in rule.arguments})
        answer = client.get(path[1] if path else "")
        if answer.status_code != 303:
            opened.append((rule.endpoint, answer.status_code))

    assert opened == []


def _value(rule: Rule, name: str) -> object:
    return 1 if type(rule._converters[name]).__name__ == "IntegerConverter" else "nothing"


@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
def test_every_permission_has_somebody_who_holds_it(permission: str) -> None:
    assert PERMISSIONS[permission]
