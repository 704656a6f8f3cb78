"""The worker's table of tasks, and the loop that runs each in its own time; what fails is logged and tried again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import click
import structlog
from flask.cli import with_appcontext

from booking import clock
from booking.db import db, writing
from booking.jobs import calendars, sending, stopping
from booking.services import jobs, outbox, reminding

log = structlog.get_logger("samrom")
PAUSE = 1.0  # seconds between two looks at the table
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do again and again; it gets the present instant and minds its own transactions."""

    name: str
    every: timedelta
    run: Callable[[datetime], object]


def beat(now: datetime) -> None:
    """Leaves word that the worker lives."""
    with writing() as session:
        jobs.beat(session, now, jobs.WORKER)


def forget_old(now: datetime) -> None:
    """Removes what was sent long ago."""
    with writing() as session:
        outbox.forget_old(session, now)


def remind(now: datetime) -> None:
    """Posts the reminders that are due."""
    with writing() as session:
        reminding.post_due(session, now)


def fetch_calendars(now: datetime) -> None:
    """Reads one calendar elsewhere that is due; a slow one keeps mail waiting for seconds, and no more."""
    calendars.fetch_due(now, most=1)


TASKS = (
    Task("heartbeat", MINUTE / 2, beat),
    Task("mail", timedelta(seconds=2), sending.send_due),
    Task("reminders", MINUTE, remind),
    Task("calendars", timedelta(seconds=5), fetch_calendars),
    Task("outbox", DAY, forget_old),
)


@dataclass(slots=True)
class Round:
    """When each task is next to be run; all of them at first."""

    tasks: Iterable[Task]
    due: dict[str, datetime] = field(default_factory=dict)

    def run(self, now: datetime) -> None:
        """Runs what is due. No error of one task keeps another from running."""
        for task in self.tasks:
            wait_until = self.due.get(task.name)
            # A clock that was put back must not silence a task until it has caught up.
            is_early = wait_until is not None and wait_until - task.every <= now < wait_until
            if is_early or stopping.is_asked():
                continue
            self.due[task.name] = now + task.every
            _run(task, now)


def _run(task: Task, now: datetime) -> None:
    try:
        task.run(now)
    except Exception as error:  # the worker must outlive whatever one task runs into
        log.error("task failed", task=task.name, exc_info=error)
    finally:
        db.session.remove()


@click.command("worker")
@click.option("--once", is_flag=True, help="Do everything that is due now, and end.")
@with_appcontext
def worker(*, once: bool) -> None:
    """Send mail and do what else is due, until told to stop (SIGTERM, Ctrl-C); what is in hand is finished first.

    Several may run at once.
    """
    stopping.listen()
    tasks = Round(TASKS)
    while not stopping.is_asked():
        tasks.run(clock.now())
        if once:
            while sending.send_due(clock.now()):
                pass
            break
        stopping.rest(PAUSE)
