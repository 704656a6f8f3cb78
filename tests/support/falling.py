"""Kills a server in the middle of its work, and asks what became of each booking that was on its way."""

import os
import random
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.client import HTTPException
from itertools import count

from booking import clock
from tests.support.server import Server
from tests.support.visitor import Answer, Visitor

MOST_ANSWERS = 12


@dataclass(slots=True)
class Sent:
    """A form that was sent, and what came back before the server fell; nothing, perhaps."""

    visitor: Visitor
    form: dict[str, str]
    answer: Answer | None = None


@dataclass(slots=True)
class Fall:
    """Everybody books hour after hour of their own until the server is gone; it is killed after a few answers."""

    server: Server
    visitors: list[Visitor]
    hours: Iterator[dict[str, str]]
    chance: random.Random
    sent: list[Sent] = field(default_factory=list)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> list[Sent]:
        """What was sent to this server, in all."""
        answers_before_the_end = self.chance.randint(1, MOST_ANSWERS)
        enough = threading.Semaphore(0)
        with ThreadPoolExecutor(len(self.visitors) + 1) as threads:
            booking = [threads.submit(self._book_until_the_end, visitor, enough) for visitor in self.visitors]
            for _ in range(answers_before_the_end):
                assert enough.acquire(timeout=60), "the server answers nobody"
            os.killpg(self.server.process.pid, signal.SIGKILL)
            self.server.process.wait()
            for each in booking:
                each.result()
        return self.sent

    def _book_until_the_end(self, visitor: Visitor, enough: threading.Semaphore) -> None:
        while True:
            with self.turn:
                sent = Sent(visitor, visitor.filled_form(**next(self.hours)))
                self.sent.append(sent)
            try:
                sent.answer = visitor.book("vest", sent.form)
            except (OSError, HTTPException):
                return
            enough.release()


def hours_of_their_own() -> Iterator[dict[str, str]]:
    """One quarter of an hour after the other, from next week on; no two are the same."""
    first: date = clock.now().date() + timedelta(days=7)
    for quarter in count():
        day, rest = divmod(quarter, 40)
        minutes = 8 * 60 + rest * 15
        start, end = (f"{at // 60:02}:{at % 60:02}" for at in (minutes, minutes + 15))
        yield {"date": (first + timedelta(days=day)).isoformat(), "start": start, "end": end}
