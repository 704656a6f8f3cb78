"""Running `flask --app wsgi` commands against a database of the test."""

import pytest
from sqlalchemy.orm import Session

from booking import create_app
from booking.db import db
from tests.support.databases import a_config


@pytest.fixture
def command():
    """`command(url, "check")` runs one command as an operator would; each time in an application of its own."""

    def command(url, *args, said=None, **config):
        app = create_app(a_config(url, **config))
        result = app.test_cli_runner().invoke(args=[str(arg) for arg in args], input=said)
        with app.app_context():
            db.engine.dispose()
        return result

    return command


@pytest.fixture
def read():
    """`read(url, select(...))` asks the database behind a command's back."""

    def read(url, *statements):
        app = create_app(a_config(url))
        with app.app_context(), Session(db.engine) as session:
            answers = [session.execute(statement).all() for statement in statements]
        with app.app_context():
            db.engine.dispose()
        return answers[0] if len(answers) == 1 else answers

    return read
