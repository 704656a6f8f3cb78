"""Sends several processes through the history at once and gathers what they noted down."""

import time
import warnings
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy.exc import SAWarning

from tests.support.history.deeds import DEEDS
from tests.support.history.ending import wrong_in
from tests.support.history.records import DONE, Record
from tests.support.history.walk import Route, go
from tests.support.history.world import Clock

PATIENCE = 60
NOTHING = "nothing to do"
SHARED: dict[str, Any] = {}


@dataclass(slots=True)
class History:
    """All that was noted down, and everything that is wrong with it."""

    records: list[Record] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def done(self) -> Counter[str]:
        """How many deeds of each kind were accepted."""
        return Counter(each.deed for each in self.records if each.outcome == DONE)

    @property
    def refused(self) -> Counter[str]:
        """How many of each kind were refused."""
        return Counter(each.deed for each in self.records if each.outcome not in (DONE, NOTHING))

    @property
    def reasons(self) -> Counter[str]:
        return Counter(each.outcome for each in self.records if each.outcome not in (DONE, NOTHING))


def make_history(
    url: str,
    seed: str,
    *,
    processes: int = 4,
    deeds: int | None = None,
    seconds: float | None = None,
    progress: Callable[[int], None] | None = None,
) -> History:
    """Lets them go all at once, each for so many deeds or seconds, and looks at what is left behind."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    barrier, clock = context.Barrier(processes), Clock(context.Value("q", 0))
    until = None if seconds is None else time.monotonic() + seconds
    routes = [Route(url, seed, number, deeds, until) for number in range(processes)]
    with ProcessPoolExecutor(processes, context, initializer=_share, initargs=(barrier, clock)) as pool:
        walks = [pool.submit(_walk, route) for route in routes]
        while wait(walks, timeout=1, return_when=FIRST_EXCEPTION).not_done:
            if progress:
                progress(clock.deeds.value)
        history = History([record for walk in walks for record in walk.result()])
    history.wrong = wrong_in(url, history.records)
    return history


def _share(barrier: Barrier, clock: Clock) -> None:
    """What all processes of one history have in common; a warning from the database is trouble too."""
    warnings.simplefilter("error", SAWarning)
    SHARED.update(barrier=barrier, clock=clock)


def _walk(route: Route) -> list[Record]:
    SHARED["barrier"].wait(PATIENCE)
    return go(route, SHARED["clock"], DEEDS)
