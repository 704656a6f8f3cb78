"""How figures are taken: CPU time of this process and of the database, and wall time; the median of several batches."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from booking.db import db

BATCHES = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """Milliseconds for one run of something: CPU time, with the database's share, and wall time."""

    cpu: float
    wall: float


def measured(work: Callable[[], object], *, runs: int, warm_up: int = 3) -> Figure:
    """The median batch; `work` is run a few times first so that nothing is compiled or connected while measured."""
    for _ in range(warm_up):
        work()
    backends = database_processes()
    batches = [_batch(work, runs, backends) for _ in range(BATCHES)]
    return Figure(statistics.median(cpu for cpu, _ in batches), statistics.median(wall for _, wall in batches))


def _batch(work: Callable[[], object], runs: int, backends: list[int]) -> tuple[float, float]:
    theirs, ours, wall = cpu_of(backends), time.process_time(), time.perf_counter()
    for _ in range(runs):
        work()
    cpu = time.process_time() - ours + cpu_of(backends) - theirs
    return cpu * 1000 / runs, (time.perf_counter() - wall) * 1000 / runs


def database_processes() -> list[int]:
    """The processes that work for this database; none for SQLite, which works inside ours."""
    if db.engine.dialect.name == "sqlite":
        return []
    with db.engine.connect() as connection:
        found = connection.execute(text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()"))
        return [row.pid for row in found]


def cpu_of(pids: Iterable[int]) -> float:
    """Seconds of CPU that these processes have used, each with all its threads; 0 where the system does not say."""
    return sum(_seconds(Path(f"/proc/{pid}")) for pid in pids)


def _seconds(process: Path) -> float:
    try:
        return sum(int(each.read_text().split()[0]) for each in process.glob("task/*/schedstat")) / 1e9
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


def descendants(pid: int) -> list[int]:
    """A process and all that it has started."""
    try:
        told = [each.read_text() for each in Path(f"/proc/{pid}/task").glob("*/children")]
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [pid, *(each for line in told for child in line.split() for each in descendants(int(child)))]
