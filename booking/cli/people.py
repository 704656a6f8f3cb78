"""`make-admin` lets the first person in, and anybody who has lost their way."""

import click
from flask import current_app
from flask.cli import with_appcontext

from booking import clock
from booking.db import writing
from booking.services import addresses, appointing


@click.command("make-admin")
@click.argument("email")
@click.option("--name", default="", help="The name to show, for a new account.")
@with_appcontext
def make_admin(email: str, name: str) -> None:
    """Make the member with this EMAIL a site admin, and print an address where they choose a password."""
    address = addresses.normal(email)
    if address is None:
        raise click.ClickException(f"{email} is no e-mail address.")
    with writing() as session:
        token = appointing.appoint_site_admin(session, clock.now(), address, name)
    base_url = current_app.extensions["samrom"].base_url
    click.echo(f"{address} is a site admin. Within a week, a password can be chosen once at")
    click.echo(f"{base_url}/passwords/{token}")
