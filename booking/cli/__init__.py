"""Commands of `flask --app wsgi`, one module for each family."""

from flask import Flask

from booking.cli import databases, demo, importing, importing_qualifications, people, rechecking, requests, safekeeping

COMMANDS = (
    databases.init,
    databases.check,
    demo.demo,
    demo.remove_demo,
    importing.import_,
    importing_qualifications.import_qualifications,
    people.make_admin,
    rechecking.recheck,
    requests.settle_requests,
    safekeeping.backup,
    safekeeping.restore,
    safekeeping.copy_to,
)


def init_app(app: Flask) -> None:
    """Registers every command."""
    for command in COMMANDS:
        app.cli.add_command(command)
