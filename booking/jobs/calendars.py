"""Reads the calendars elsewhere that are due: fetched or uploaded, and parsed in a process of its own.

Nothing is fetched or parsed inside a transaction: a claim says whose turn it is, and what was found is written at the
end, unless somebody removed or changed the calendar meanwhile.
"""

import random
import time
from datetime import datetime, timedelta

import click
from flask.cli import with_appcontext

from booking import clock
from booking.core.errors import DomainError
from booking.db import writing
from booking.ical.apart import read_apart
from booking.ical.reading import UnreadableCalendar
from booking.jobs.connecting import INTERNET, Network
from booking.jobs.fetching import Fetched, Validators, fetch
from booking.services import external_reading
from booking.services.external_reading import Claimed

SPREAD = (0.8, 1.2)


def fetch_due(now: datetime, network: Network = INTERNET, *, most: int | None = None) -> int:
    """Reads the calendars that are due, one after the other, and answers how many. Several workers may do so at once.

    An error that nobody foresaw is written down as the calendar's failure, so that the next time another has its turn,
    and raised. Needs an application context.
    """
    began, done = time.monotonic(), 0
    while most is None or done < most:
        moment = now + timedelta(seconds=time.monotonic() - began)
        with writing() as session:
            claimed = external_reading.claim(session, moment)
        if claimed is None:
            break
        _read(moment, claimed, network)
        done += 1
    return done


def _read(now: datetime, claimed: Claimed, network: Network) -> None:
    jitter = random.uniform(*SPREAD)  # nosec - it spreads requests, and hides nothing
    try:
        fetched = _fetched(claimed, network)
        reading = read_apart(fetched.body, claimed.zone, claimed.within) if fetched.body is not None else None
    except DomainError as refused:
        _fail(now, claimed, refused, jitter)
        return
    except Exception as unforeseen:
        _fail(now, claimed, UnreadableCalendar("import.unexpected", what=type(unforeseen).__name__), jitter)
        raise
    with writing() as session:
        if reading is None:
            external_reading.stays_as_it_was(session, now, claimed, jitter)
        else:
            known = fetched.validators
            external_reading.take_over(
                session, now, claimed, reading, jitter, etag=known.etag, last_modified=known.last_modified
            )


def _fetched(claimed: Claimed, network: Network) -> Fetched:
    if claimed.address is None:
        return Fetched(claimed.upload or b"", Validators())
    return fetch(claimed.address, Validators(claimed.etag, claimed.last_modified), network)


def _fail(now: datetime, claimed: Claimed, why: DomainError, jitter: float) -> None:
    with writing() as session:
        external_reading.failed(session, now, claimed, why, jitter)


@click.command("fetch-calendars")
@with_appcontext
def fetch_calendars() -> None:
    """Read the calendars elsewhere that are due, once. The worker does so by itself; this is for cron, and for trying.

    Safe to run at any time, also beside the worker.
    """
    click.echo(f"{fetch_due(clock.now())} calendars read or tried.")
