"""A forgotten password, from the sign-in page over a mail to a new one; and what strangers learn of it: nothing."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import event, func, select

from booking import clock
from booking.db import Base, db, writing
from booking.models import JournalEntry, Member, OneTimeLink, OutboxMessage
from tests.support.letters import deliver, link_in, receivers, text_of
from tests.support.people import PASSWORD, EnglishVisitor, page_token, sign_in

PAGE = "/password/forgotten"
NEW = "fem nye norske ord her"


def ask(client, email="kari@example.invalid", **more):
    token = page_token(client.get(PAGE))
    return client.post(PAGE, data={"csrf_token": token, "email": email}, **more)


def choose(client, link, password=NEW):
    path = link.removeprefix("http://localhost")
    return client.post(path, data={"csrf_token": page_token(client.get(path)), "password": password})


def count(app, model, *where):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model).where(*where))


def everything_stored(app):
    """Every value of every table, as text."""
    with app.app_context(), db.engine.connect() as connection:
        return "\n".join(
            str(tuple(row)) for table in Base.metadata.sorted_tables for row in connection.execute(select(table))
        )


def test_from_the_sign_in_page_over_a_mail_to_a_new_password(mailing, postbox, visitor):
    elsewhere = mailing.test_client()
    sign_in(elsewhere, "Kari")
    assert f'href="{PAGE}"' in visitor.get("/login").text

    answer = ask(visitor, " Kari@Example.invalid ")
    (letter,) = deliver(mailing, postbox)
    chosen = choose(visitor, link_in(letter))
    (told,) = deliver(mailing, postbox)

    assert (answer.status_code, answer.location) == (303, f"{PAGE}/sent")
    assert receivers(postbox) == ["kari@example.invalid"] * 2
    assert chosen.status_code == 303
    assert visitor.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert sign_in(mailing.test_client(), "Kari", NEW).status_code == 303
    assert told["Subject"] == "Passordet ditt er endret"


def test_the_letter_is_in_the_language_of_its_reader(mailing, postbox, visitor):
    with mailing.app_context(), writing() as session:
        session.scalars(select(Member).where(Member.name == "Kari")).one().language = "en"

    ask(visitor)

    (letter,) = deliver(mailing, postbox)
    assert letter["Subject"] == "Choose a new password"
    assert "Was it not you?" in text_of(letter)


def test_an_unknown_address_gets_the_same_answer_and_no_mail(mailing, postbox, visitor):
    with mailing.app_context(), writing() as session:
        session.scalars(select(Member).where(Member.name == "Tor")).one().deactivated_at = clock.now()

    answers = [ask(visitor, f"{name}@example.invalid") for name in ("kari", "nobody", "tor")]
    pages = [visitor.get(answer.location).data for answer in answers]

    assert len({(answer.status, answer.data, answer.location) for answer in answers}) == 1
    assert len(set(pages)) == 1
    assert len({tuple(sorted(answer.headers.keys())) for answer in answers}) == 1
    assert [letter["To"].addresses[0].addr_spec for letter in deliver(mailing, postbox)] == ["kari@example.invalid"]
    assert count(mailing, OutboxMessage) == count(mailing, OneTimeLink) == 1
    assert count(mailing, JournalEntry, JournalEntry.action == "member.password_forgotten") == 1


def test_the_same_statements_are_run_for_an_unknown_address(mailing, visitor):
    def statements_for(email):
        run = []
        note = lambda _c, _cursor, statement, *_: run.append(statement.partition(" sa_savepoint")[0])  # noqa: E731
        token = page_token(visitor.get(PAGE))
        with mailing.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            visitor.post(PAGE, data={"csrf_token": token, "email": email})
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return run

    known, unknown = statements_for("kari@example.invalid"), statements_for("nobody@example.invalid")

    assert any("outbox_message" in statement for statement in known)
    assert [s for s in known if "SAVEPOINT" not in s] == [s for s in unknown if "SAVEPOINT" not in s]


def test_a_link_works_once(mailing, postbox, visitor):
    ask(visitor)
    link = link_in(deliver(mailing, postbox)[0])

    choose(visitor, link)

    assert mailing.test_client().get(link).status_code == 410


def test_whoever_changes_their_password_ends_the_links_that_others_could_have(mailing, postbox, visitor):
    ask(visitor)
    link = link_in(deliver(mailing, postbox)[0])
    sign_in(visitor, "Kari")
    token = page_token(visitor.get("/account/password"))
    changed = {"csrf_token": token, "current_password": PASSWORD, "new_password": NEW}
    assert visitor.post("/account/password", data=changed).status_code == 303

    assert mailing.test_client().get(link).status_code == 410


def test_another_link_ends_the_first(mailing, postbox, visitor):
    ask(visitor)
    (first,) = deliver(mailing, postbox)
    ask(visitor)
    (second,) = deliver(mailing, postbox)

    assert visitor.get(link_in(first)).status_code == 410
    assert visitor.get(link_in(second)).status_code == 200


def test_a_link_that_anybody_can_ask_for_lives_an_hour(mailing, postbox, visitor):
    with time_machine.travel(clock.now(), tick=False) as moment:
        ask(visitor)
        link = link_in(deliver(mailing, postbox)[0])
        moment.shift(timedelta(minutes=59))
        early = visitor.get(link).status_code
        moment.shift(timedelta(minutes=2))

        assert (early, visitor.get(link).status_code) == (200, 410)


def test_a_link_that_was_replaced_before_it_was_sent_is_not_sent(mailing, postbox, visitor):
    ask(visitor)
    ask(visitor)

    (letter,) = deliver(mailing, postbox)

    assert visitor.get(link_in(letter)).status_code == 200
    assert count(mailing, OutboxMessage, OutboxMessage.state == "dropped") == 1


@pytest.mark.parametrize("email", ["kari@example.invalid", "nobody@example.invalid"])
def test_whoever_asks_again_and_again_waits_whether_there_is_an_account_or_not(mailing, postbox, visitor, email):
    with time_machine.travel(clock.now(), tick=False) as moment:
        first = [ask(visitor, email).status_code for _ in range(3)]
        slowed = ask(visitor, email)
        elsewhere = ask(visitor, "ola@example.invalid")
        moment.shift(timedelta(seconds=int(slowed.headers["Retry-After"])))
        again = ask(visitor, email)

    assert first == [303] * 3
    assert (slowed.status_code, slowed.headers["Retry-After"]) == (429, "60")
    assert (elsewhere.status_code, again.status_code) == (303, 303)


def test_one_place_cannot_ask_for_everybody(mailing, visitor):
    with time_machine.travel(clock.now(), tick=False):
        answers = [ask(visitor, f"somebody{n}@example.invalid").status_code for n in range(21)]

    assert answers == [303] * 20 + [429]


@pytest.mark.parametrize(
    "email", ["", "kari", "kari@", "kari@example.invalid\r\nBcc: ola@example.invalid", "a\x00@b.no"]
)
def test_what_is_no_address_is_told_and_goes_nowhere(mailing, visitor, email):
    answer = ask(visitor, email)

    assert answer.status_code == 422
    assert 'href="#email"' in answer.text
    assert count(mailing, OutboxMessage) == 0


def test_no_copy_of_the_database_holds_a_link_that_works(mailing, postbox, visitor):
    ask(visitor)
    before = everything_stored(mailing)
    token = link_in(deliver(mailing, postbox)[0]).rpartition("/")[2]
    after = everything_stored(mailing)

    assert "password_forgotten" in before
    assert len(token) == 32
    assert token not in before
    assert token not in after
    assert visitor.get(f"/passwords/{token}").status_code == 200


def test_the_link_stands_in_no_log_and_no_referrer(mailing, postbox, visitor, capsys):
    ask(visitor)
    link = link_in(deliver(mailing, postbox)[0])

    page = visitor.get(link)
    choose(visitor, link)

    logged = capsys.readouterr()
    assert "/passwords/***" in logged.err
    assert link.rpartition("/")[2] not in logged.out + logged.err
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"


def test_links_lead_to_the_configured_address_whatever_host_was_asked(mailing, postbox, visitor):
    forged = ask(visitor, headers={"Host": "evil.example"}, base_url="http://evil.example/")
    ask(visitor, headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"})

    (letter,) = deliver(mailing, postbox)
    assert forged.status_code == 400
    assert link_in(letter).startswith("http://localhost/passwords/")
    assert b"evil" not in postbox.delivered[0].content


def test_a_form_that_was_sent_too_late_comes_back_filled_in(visitor):
    late = visitor.post(PAGE, data={"csrf_token": "too old", "email": "kari@example.invalid"})

    assert late.status_code == 400
    assert 'value="kari@example.invalid"' in late.text


def test_without_mail_the_page_says_whom_to_ask_and_sends_nothing(app):
    app.test_client_class = EnglishVisitor
    client = app.test_client()

    page = client.get(PAGE)

    assert "Ask your organisation’s admin" in page.text
    assert PAGE not in client.get("/login").text
    assert (
        client.post(PAGE, data={"csrf_token": page_token(client.get("/login")), "email": "a@b.no"}).status_code == 422
    )
    assert count(app, OutboxMessage) == count(app, OneTimeLink) == 0
