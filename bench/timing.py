"""How figures are taken: CPU time of this process and wall time, the median of several batches."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

BATCHES = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """Milliseconds for one run of something: CPU time of this process, and wall time."""

    cpu: float
    wall: float


def measured(work: Callable[[], object], *, runs: int, warm_up: int = 3) -> Figure:
    """The median batch; `work` is run a few times first so that nothing is compiled or connected while measured."""
    for _ in range(warm_up):
        work()
    batches = [_batch(work, runs) for _ in range(BATCHES)]
    return Figure(statistics.median(cpu for cpu, _ in batches), statistics.median(wall for _, wall in batches))


def _batch(work: Callable[[], object], runs: int) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(runs):
        work()
    return (time.process_time() - cpu) * 1000 / runs, (time.perf_counter() - wall) * 1000 / runs
