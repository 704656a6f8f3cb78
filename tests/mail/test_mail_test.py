"""`mail-test ADDRESS` sends one mail and says what the mail server answered, or what would help."""

import pytest

from booking import create_app
from booking.db import db
from config import MailServer
from tests.support.databases import a_config
from tests.support.letters import letters, receivers, text_of
from tests.support.server import free_port


@pytest.fixture
def mail_test(sqlite_url):
    def mail_test(address, server):
        app = create_app(a_config(sqlite_url, mail_server=server, mail_from="samrom@example.invalid"))
        result = app.test_cli_runner().invoke(args=["mail-test", address])
        with app.app_context():
            db.engine.dispose()
        return result

    return mail_test


def test_a_mail_is_sent_at_once_and_the_answer_is_said(mail_test, postbox):
    done = mail_test("Kari@Example.invalid", postbox.server)

    (letter,) = letters(postbox)
    assert done.exit_code == 0, done.output
    assert done.output.rstrip().endswith("answered: 250 taken")
    assert receivers(postbox) == ["Kari@example.invalid"]
    assert "http://localhost" in text_of(letter)


@pytest.mark.parametrize(
    ("answer", "helps"), [("550 5.7.1 not from you", "look at MAIL_FROM"), ("451 too busy", "try again")]
)
def test_a_refusal_is_repeated_with_what_would_help(mail_test, postbox, answer, helps):
    postbox.answers = [answer]

    done = mail_test("kari@example.invalid", postbox.server)

    assert done.exit_code == 1
    assert answer in done.output
    assert helps in done.output


def test_where_nothing_listens_it_says_so(mail_test):
    done = mail_test("kari@example.invalid", MailServer("127.0.0.1", free_port()))

    assert done.exit_code == 1
    assert "Nothing listens there" in done.output


@pytest.mark.parametrize(
    "more", [{"user": "samrom", "password": "hush-hush"}, {"security": "starttls"}], ids=["user", "starttls"]
)
def test_what_the_server_does_not_offer_is_said_without_the_password(mail_test, postbox, more):
    done = mail_test("kari@example.invalid", MailServer("127.0.0.1", postbox.port, **more))

    assert done.exit_code == 1
    assert "does not offer what MAIL_URL asks for" in done.output
    assert "hush-hush" not in done.output


def test_a_server_that_speaks_plainly_is_not_asked_for_a_safe_start(mail_test, postbox):
    done = mail_test("kari@example.invalid", MailServer("127.0.0.1", postbox.port, security="tls"))

    assert done.exit_code == 1
    assert "smtps:// is for port 465" in done.output


def test_without_mail_or_an_address_it_says_what_to_do(mail_test, postbox):
    off, nobody = mail_test("kari@example.invalid", None), mail_test("kari", postbox.server)

    assert (off.exit_code, nobody.exit_code) == (1, 1)
    assert "set MAIL_URL" in off.output
    assert "no e-mail address" in nobody.output
    assert letters(postbox) == []
