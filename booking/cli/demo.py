"""`demo` loads the demo district, `remove-demo` takes its accounts away before the service is used in earnest."""

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from booking import clock
from booking.db import db, writing
from booking.services import demo_removal, readiness


@click.command("remove-demo")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
def remove_demo(*, yes: bool) -> None:
    """Remove the demo accounts, their bookings and their sign-ins; places and rules stay."""
    with Session(db.engine) as session:
        count = readiness.demo_accounts(session)
    if not count:
        click.echo("There are no demo accounts.")
        return
    if not yes:
        click.confirm(f"Remove {count} demo accounts and everything they have booked?", abort=True)
    with writing() as session:
        removed = demo_removal.remove_demo_accounts(session, clock.now())
    click.echo(f"Removed {removed.members} demo accounts and {removed.bookings} bookings.")
