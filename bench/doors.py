"""Making bookings through HTTP: eight members post forms at once; the CPU of server and database counts."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bench.cases import beyond_the_crowd
from bench.timing import cpu_of, database_processes, descendants
from tests.support import server
from tests.support.visitor import Visitor

CLIENTS, WORKERS, EACH = 8, 4, 60
TARGET = 4.5
RATE = 200
PASSWORD = "demo-passord"
WARM_UP = 5
Post = Callable[[Visitor, int, int], int]


@dataclass(frozen=True, slots=True)
class Through:
    """Milliseconds of CPU and of wall time for one request, and how many were answered each second."""

    cpu: float
    wall: float
    rate: float


def through_http(url: str, folder: Path) -> tuple[Through, Through]:
    """The floor, and the making of bookings."""
    with server.serving(url, folder, workers=WORKERS, app="bench.wsgi:app", SAMROM_DEMO="1") as running:
        visitors = [Visitor(running.url) for _ in range(CLIENTS)]
        for number, visitor in enumerate(visitors, start=1):
            visitor.sign_in(f"medlem{number}@example.invalid", PASSWORD)
            visitor.open_form("femti-0")
        pid = running.process.pid
        return _measured(visitors, _nothing, pid), _measured(visitors, _book, pid)


def _nothing(visitor: Visitor, _client: int, _number: int) -> int:
    return visitor.post("/bench/floor", visitor.form).status


def _book(visitor: Visitor, client: int, number: int) -> int:
    """Each client has rooms of its own, and takes their evenings beyond the crowd, one after the other."""
    room, day = divmod(number, 40)
    starts = beyond_the_crowd(19, day)
    times = {"date": f"{starts:%Y-%m-%d}", "start": f"{starts:%H:%M}", "end": f"{starts + timedelta(hours=1):%H:%M}"}
    return visitor.book(f"femti-{client + CLIENTS * room}", visitor.filled_form(**times)).status


def _measured(visitors: list[Visitor], post: Post, pid: int) -> Through:
    _all_at_once(visitors, post, range(WARM_UP))
    processes = [*descendants(pid), *database_processes()]
    cpu, wall = cpu_of(processes), time.perf_counter()
    _all_at_once(visitors, post, range(WARM_UP, WARM_UP + EACH))
    cpu, wall = cpu_of(processes) - cpu, time.perf_counter() - wall
    requests = EACH * len(visitors)
    return Through(cpu * 1000 / requests, wall * 1000 / requests, requests / wall)


def _all_at_once(visitors: list[Visitor], post: Post, numbers: range) -> None:
    def one(client: int) -> list[int]:
        return [post(visitors[client], client, number) for number in numbers]

    with ThreadPoolExecutor(len(visitors)) as threads:
        statuses = [status for each in threads.map(one, range(len(visitors))) for status in each]
    if set(statuses) != {303}:
        raise RuntimeError(f"the benchmark's own requests were answered with {sorted(set(statuses))}")
