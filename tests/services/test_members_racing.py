"""Signing in and joining under pressure, on both databases: what may happen once happens once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest

from booking.core.errors import DomainError
from booking.db import db, writing
from booking.models import LoginThrottle, Member, SiteRole
from booking.services import credentials, one_time_links, signing_in
from booking.services.actors import actor_for_member
from booking.services.members import change_member
from booking.services.one_time_links import LinkKind, Purpose
from tests.factories import a_member

NOW = datetime(2027, 5, 3, 8, 0, tzinfo=UTC)


@pytest.fixture
def at_once(app):
    """`at_once(work, 8)`: eight threads do `work(session, number)` in transactions of their own; "done" or the code."""

    def at_once(work, count):
        barrier = Barrier(count)

        def one(number):
            barrier.wait()
            try:
                with app.app_context(), writing() as session:
                    work(session, number)
            except DomainError as refused:
                return refused.code
            return "done"

        with ThreadPoolExecutor(count) as pool:
            return sorted(pool.map(one, range(count)))

    return at_once


def test_many_guesses_at_once_get_no_more_tries_than_one_after_another(at_once, app):
    results = at_once(
        lambda session, n: signing_in.count_attempt(session, NOW, "kari@example.invalid", f"10.0.0.{n}"), 12
    )

    assert results == ["done"] * 5 + ["signin.throttled"] * 7
    with app.app_context():
        assert db.session.get(LoginThrottle, ("account", signing_in.hash_token("kari@example.invalid"))).failures == 5


def test_a_one_time_link_is_used_by_one_of_those_who_try_at_once(at_once, change, app):
    with change() as session:
        token = one_time_links.issue(session, NOW, None, Purpose(LinkKind.INVITATION, "per@example.invalid")).token

    results = at_once(
        lambda session, n: credentials.accept(session, NOW, token, f"Per {n}", f"a long password {n}", "tests"), 6
    )

    assert results == ["done"] + ["link.gone"] * 5
    with app.app_context():
        assert db.session.query(Member).count() == 1


def test_two_site_admins_cannot_demote_each_other_at_once(at_once, change, app):
    with change() as session:
        pair = [a_member(session, name=name, site_role=SiteRole.SITE_ADMIN) for name in ("Nils", "Siri")]
        ids, names = [(row.id, row.public_id) for row in pair], [row.name for row in pair]

    def demote_the_other(session, n):
        actor, other = actor_for_member(session, NOW, ids[n][0]), ids[1 - n][1]
        change_member(session, NOW, actor, other, name=names[1 - n], site_role=SiteRole.MEMBER)

    results = at_once(demote_the_other, 2)

    assert results.count("done") == 1
    with app.app_context():
        assert db.session.query(Member).filter_by(site_role="site_admin").count() == 1
