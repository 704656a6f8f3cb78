"""`init` brings the database to this version, `check` says whether all is well with it."""

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from booking import clock
from booking.db import db, writing
from booking.services import backup_health, checks, feed_fragments, founding, jobs, mail_health, migrating, readiness

HEALTH = (jobs.health, mail_health.health, backup_health.health)


@click.command()
@with_appcontext
def init() -> None:
    """Migrate the database, renew its guards and, when it is new, make the one site an empty service needs."""
    before, missing = migrating.version(db.engine), migrating.guards_missing(db.engine)
    if before != readiness.head() or missing:
        migrating.upgrade(db.engine)
        click.echo(f"The database is at migration {readiness.head()} (was {before or 'empty'}), with its guards.")
    _render_all()
    config = current_app.extensions["samrom"]
    if config.demo:
        return
    with writing() as session:
        is_new = founding.found(session, clock.now(), config.site_name, config.default_timezone)
    if is_new:
        click.echo("An empty site is ready. Next: flask --app wsgi make-admin you@example.org")


def _render_all() -> None:
    """Bookings from before their calendar text was kept, or of an older form of it; a few at a time."""
    done = True
    while done:
        with writing() as session:
            done = feed_fragments.fill(session) > 0


@click.command()
@with_appcontext
def check() -> None:
    """Look for overlaps, half bookings, loose ends, missing guards, and what is late; exit 1 with a list."""
    now = clock.now()
    with Session(db.engine) as session:
        wrong = checks.check(session) or [line for ask in HEALTH for line in ask(session, now)]
    for line in wrong:
        click.echo(line)
    if wrong:
        raise SystemExit(1)
    click.echo("All is well.")
