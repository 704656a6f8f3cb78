"""`settle-requests` writes down what time has done to requests that nobody has answered."""

import click
from flask.cli import with_appcontext

from booking import clock
from booking.db import writing
from booking.services.approval_time import settle_overdue


@click.command("settle-requests")
@with_appcontext
def settle_requests() -> None:
    """Pass unanswered requests on to the next wider scope, and end those that nobody can answer any more."""
    with writing() as session:
        done = settle_overdue(session, clock.now())
    click.echo(f"{done.escalated} passed on, {done.expired} ended")
