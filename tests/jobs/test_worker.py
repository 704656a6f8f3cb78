"""The worker's table: one task's trouble is not another's, clocks may go back, and `check` says when nobody works."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.smtp import AuthResult

from booking.jobs import smtp
from booking.jobs.worker import TASKS, Round, Task
from booking.services import jobs, mail_health, outbox
from config import Config, ConfigError, MailServer
from tests.factories import a_member
from tests.support.postbox import a_postbox

NOW = datetime(2027, 5, 10, 8, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def test_each_task_runs_in_its_own_time_and_none_spoils_another(app):
    ran = []

    def fails(now):
        ran.append("fails")
        raise RuntimeError("out of order")

    tasks = Round((Task("fails", MINUTE, fails), Task("often", 2 * SECOND, lambda _: ran.append("often"))))
    with app.app_context():
        for seconds in (0, 1, 2, 60):
            tasks.run(NOW + seconds * SECOND)

    assert ran == ["fails", "often", "often", "fails", "often"]


def test_a_clock_that_goes_back_silences_nothing(app):
    ran = []
    tasks = Round((Task("often", 2 * SECOND, ran.append),))
    with app.app_context():
        for now in (NOW, NOW - HOUR, NOW - HOUR + SECOND, NOW - HOUR + 2 * SECOND):
            tasks.run(now)

    assert ran == [NOW, NOW - HOUR, NOW - HOUR + 2 * SECOND]


def test_every_task_can_be_run_on_an_empty_service(app, change):
    with app.app_context():
        for task in TASKS:
            task.run(NOW)

    with change() as session:
        assert jobs.last_run(session, jobs.WORKER).ended_at == NOW


def test_check_says_when_mail_waits_or_nobody_sends_it(app, change):
    with change() as session:
        assert [line[:30] for line in mail_health.health(session, NOW)] == ["Mail: the worker has never run"]
        jobs.beat(session, NOW, jobs.WORKER)
        session.flush()
        assert list(mail_health.health(session, NOW + 4 * MINUTE)) == []
        (silent,) = mail_health.health(session, NOW + 6 * MINUTE)
        assert "silent for 6 minutes" in silent
        outbox.post(session, NOW, "news", to=a_member(session).id)
        jobs.beat(session, NOW + 16 * MINUTE, jobs.WORKER)
        session.flush()
        (waits,) = mail_health.health(session, NOW + 16 * MINUTE)
        assert "waited for 16 minutes" in waits
        assert list(mail_health.health(session, NOW + 15 * MINUTE)) == []


# --- how mail is handed over -----------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # aiosmtpd warns of what only this test does
def test_with_a_name_and_a_password():
    seen = []

    def judge(server, session, envelope, _, data):
        seen.append((data.login, data.password))
        return AuthResult(success=data.password == b"p@ss/word")

    with a_postbox(
        authenticator=judge, auth_require_tls=False, auth_required=True, auth_exclude_mechanism=["LOGIN"]
    ) as box:
        known = replace(box.server, user="samrom", password="p@ss/word")
        with smtp.connected(known) as connection:
            connection.hand_over("samrom@booking.example", "kari@example.invalid", b"Subject: x\r\n\r\nHi\r\n")
        with pytest.raises(smtp.ServerAway, match="SMTPSenderRefused 530"), smtp.connected(box.server) as nobody:
            nobody.hand_over("samrom@booking.example", "kari@example.invalid", b"Subject: x\r\n\r\nHi\r\n")

    assert len(box.delivered) == 1
    assert seen[0] == (b"samrom", b"p@ss/word")


def test_nothing_goes_over_a_plain_connection_where_a_safe_one_is_demanded():
    with a_postbox() as box:
        for security in ("starttls", "tls"):
            with pytest.raises(smtp.ServerAway), smtp.connected(replace(box.server, security=security)):
                pass

    assert box.delivered == []


ENV = {"SECRET_KEY": "only-for-tests-" * 3}


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", None),
        ("smtp://localhost", MailServer("localhost", 25)),
        ("smtp://mail.example.org:2525/?starttls=1", MailServer("mail.example.org", 2525, security="starttls")),
        ("smtp://u%40x:p%2Fw@host:587", MailServer("host", 587, "u@x", "p/w", "starttls")),
        ("smtp://u:p@localhost?starttls=0", MailServer("localhost", 25, "u", "p", "none")),
        ("smtps://u:p@host", MailServer("host", 465, "u", "p", "tls")),
    ],
)
def test_the_address_of_the_mail_server_is_read(url, server):
    assert Config.from_env({**ENV, "MAIL_URL": url}).mail_server == server


@pytest.mark.parametrize(
    "url",
    ["mail.example.org", "http://host", "smtp://", "smtp://host:port", "smtp://host/path", "smtp://host?tls=1",
     "smtp://u:topsecret@host:99999", "smtp://u:topsecret@[host", "smtp://u:topsecret@host?starttls=yes"],
)  # fmt: skip
def test_what_cannot_be_read_is_told_without_repeating_a_password(url):
    with pytest.raises(ConfigError, match="MAIL_URL") as refused:
        Config.from_env({**ENV, "MAIL_URL": url})

    assert "topsecret" not in str(refused.value)


@pytest.mark.parametrize(
    ("env", "sender"),
    [
        ({}, "samrom@127.0.0.1"),
        ({"BASE_URL": "https://booking.example.org:8443"}, "samrom@booking.example.org"),
        ({"MAIL_FROM": "rooms@example.org"}, "rooms@example.org"),
    ],
)
def test_mail_comes_from_the_service(env, sender):
    assert Config.from_env({**ENV, **env}).mail_from == sender


@pytest.mark.parametrize("address", ["nobody", "Samrom <a@b.no>", "a@b.no\r\nBcc: c@d.no", "a+b@c.no"])
def test_an_address_to_send_from_is_one_plain_address(address):
    with pytest.raises(ConfigError, match="MAIL_FROM"):
        Config.from_env({**ENV, "MAIL_FROM": address})


def test_a_password_is_in_no_text_of_the_configuration():
    config = Config.from_env({**ENV, "MAIL_URL": "smtp://u:topsecret@host"})

    assert "topsecret" not in repr(config)
