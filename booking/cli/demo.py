"""`demo` loads the demo district, `remove-demo` takes its accounts away before the service is used in earnest."""

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from booking import clock
from booking.cli.progress import Steps
from booking.db import db, writing
from booking.demo import NotEmpty, load_demo
from booking.demo.people import PASSWORD
from booking.services import demo_removal, passwords, readiness


@click.command()
@with_appcontext
def demo() -> None:
    """Load the demo district into an empty database; nothing happens when it is there already."""
    if demo_accounts():
        click.echo("The demo district is here already.")
        return
    password_hash = passwords.hash_password(PASSWORD, current_app.extensions["samrom"].password_cost)
    try:
        with Steps() as steps:
            made = load_demo(writing, clock.now(), password_hash, steps.report)
    except NotEmpty as refusal:
        sentence = "There is something in this database already; the demo is only loaded into an empty one."
        raise click.ClickException(sentence) from refusal
    click.echo(f"The demo district is ready, with {made} bookings.")


@click.command("remove-demo")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
def remove_demo(*, yes: bool) -> None:
    """Remove the demo accounts, their bookings and their sign-ins; places and rules stay."""
    count = demo_accounts()
    if not count:
        click.echo("There are no demo accounts.")
        return
    if not yes:
        click.confirm(f"Remove {count} demo accounts and everything they have booked?", abort=True)
    with writing() as session:
        removed = demo_removal.remove_demo_accounts(session, clock.now())
    click.echo(f"Removed {removed.members} demo accounts and {removed.bookings} bookings.")


def demo_accounts() -> int:
    """How many there are."""
    with Session(db.engine) as session:
        return readiness.demo_accounts(session)
