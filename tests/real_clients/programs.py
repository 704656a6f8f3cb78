"""The programs under one interface: what each is called, how it is started, and what is known of its habits."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from tests.real_clients.evolution import evolution
from tests.real_clients.khal import Khal
from tests.real_clients.thunderbird import thunderbird
from tests.support.parsers import Occurrence


class Program(Protocol):
    """A calendar program with one subscription."""

    def subscribe(self, url: str) -> None:
        """To the feed at the address."""

    def refresh(self) -> None:
        """Asks for it anew; what it learns may be seen a little later."""

    def occurrences(self, start: datetime, end: datetime) -> set[Occurrence]:
        """What it shows in the span."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`keeps_uids` and `asks_conditionally` are its habits."""

    start: Callable[[Path], AbstractContextManager[Program]]
    keeps_uids: bool = True
    asks_conditionally: bool = True


@contextmanager
def khal(folder: Path) -> Iterator[Khal]:
    """Nothing runs between its commands."""
    yield Khal(folder)


PROGRAMS: Mapping[str, Kind] = {
    "Thunderbird": Kind(thunderbird),
    "Thunderbird without its offline store": Kind(partial(thunderbird, offline=False)),
    "Evolution": Kind(evolution),
    "khal by vdirsyncer": Kind(khal, keeps_uids=False, asks_conditionally=False),
}
