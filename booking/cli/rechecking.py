"""`recheck`, the nightly job: bookings on hold and warnings ahead."""

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from booking import clock
from booking.cli.progress import Steps
from booking.db import db, writing
from booking.services import jobs, rechecking
from booking.services.approval_time import settle_overdue
from booking.services.holds import Refreshed


@click.command()
@with_appcontext
def recheck() -> None:
    """Look again at every coming booking: put on hold what lapsed, free what was mended, warn ahead. Run it nightly.

    Requests that nobody has answered in time go on to the next wider scope, or end.
    Safe to run at any time and as often as you like; nobody is told anything twice.
    """
    now = clock.now()
    with writing() as session:
        jobs.begin(session, now, jobs.RECHECK)
    with writing() as session:
        settled = settle_overdue(session, now)
    with Session(db.engine) as session:
        members = rechecking.holders(session, now)
    done = Refreshed()
    with Steps() as steps:
        for number, member_id in enumerate(members, 1):
            with writing() as session:
                done += rechecking.recheck(session, now, member_id)
            steps.report("members", number, len(members))
    with writing() as session:
        warned = rechecking.warn(session, now)
        did = {"held": done.held, "released": done.released, "warned": warned, "ended": settled.expired}
        jobs.end(session, clock.now(), jobs.RECHECK, did)
    click.echo(f"{done.held} put on hold, {done.released} free again, {warned} warned.")
    click.echo(f"{settled.escalated} requests passed on, {settled.expired} ended.")
