"""What a rule has to say for itself: its title, a function that makes its sentences, and what it says of itself."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from booking import wording
from booking.core.params import Params
from booking.core.settings import Effective
from booking.http.language import language

Words = object  # text that is translated when it is shown
Names = Mapping[str, Mapping[int, str]]  # what ids are called, by what they are of: "group", "resource"
Told = Iterator[tuple[str, str]]  # a sentence, and the value it is about
P = TypeVar("P", bound=Params)


@dataclass(frozen=True, slots=True)
class Policy:
    """One rule. `otherwise` is said when the values leave nothing to tell.

    A rule that is `quiet` is told in full on the policy page alone, not in short beside the resource.
    """

    title: Words
    tell: Callable[[Effective, Names], Told]
    otherwise: Words
    quiet: bool = False


def params_of(found: Effective, kind: type[P]) -> P:
    """The values, as what they are."""
    return found.params if isinstance(found.params, kind) else kind()


def nothing(_found: Effective, _names: Names) -> Told:
    """For a rule without values."""
    return iter(())


def named(ids: tuple[int, ...], names: Names, source: str) -> str:
    """The names of these rows, those that are known."""
    known = names.get(source, {})
    return ", ".join(known[id_] for id_ in ids if id_ in known)


def length(minutes: int) -> str:
    """45 minutes, 2 hours."""
    return wording.length(timedelta(minutes=minutes), language())
