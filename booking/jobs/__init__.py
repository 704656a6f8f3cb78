"""Work that goes on without anybody waiting for a page, and its commands of `flask --app wsgi`."""

from flask import Flask

from booking.jobs import calendars

COMMANDS = (calendars.fetch_calendars,)


def init_app(app: Flask) -> None:
    """Registers every command."""
    for command in COMMANDS:
        app.cli.add_command(command)
