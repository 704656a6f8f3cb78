"""What must hold before the service answers its first request; maintenance commands run without it."""

import click
from flask import Flask
from flask.cli import ScriptInfo, run_command
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from booking.db import db
from booking.services import readiness

REFUSAL = (
    "Demo accounts, whose password everybody knows, are in this database:"
    " run `flask --app wsgi remove-demo`, or set SAMROM_DEMO=1 to serve a demo."
)


class DemoAccountsPresent(SystemExit):
    """The service must not be reachable with passwords that are printed in its documentation."""


def refuse_demo_accounts(app: Flask) -> None:
    """Raises DemoAccountsPresent outside demo mode, unless a maintenance command is what starts the application.

    A database that cannot be reached yet does not stop the start; `/readyz` asks the same again.
    """
    if app.extensions["samrom"].demo or _is_maintenance():
        return
    with app.app_context(), Session(db.engine) as session:
        try:
            found = readiness.demo_accounts(session)
        except OperationalError:
            return
        finally:
            session.close()
            db.engine.dispose()  # the server may fork now: its workers must not share a connection
    if found:
        raise DemoAccountsPresent(REFUSAL)


def _is_maintenance() -> bool:
    """Whether `flask --app wsgi <command>` loads the application for anything but `run`."""
    context = click.get_current_context(silent=True)
    if context is None or context.find_object(ScriptInfo) is None:
        return False
    return context.command is not run_command
