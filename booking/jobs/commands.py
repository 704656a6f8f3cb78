"""Commands of `flask --app wsgi` that have to do with the worker and with mail."""

from flask import Flask

from booking.jobs import calendars, mail_test, worker

COMMANDS = (worker.worker, mail_test.mail_test, calendars.fetch_calendars)


def init_app(app: Flask) -> None:
    """Registers every command."""
    for command in COMMANDS:
        app.cli.add_command(command)
