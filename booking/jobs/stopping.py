"""Whether the worker has been asked to stop; what is in hand is finished first."""

import signal
from threading import Event

_asked = Event()


def listen() -> None:
    """From now on SIGTERM and SIGINT ask for the end instead of bringing it."""
    _asked.clear()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: _asked.set())


def is_asked() -> bool:
    """Whether to begin nothing more."""
    return _asked.is_set()


def rest(seconds: float) -> None:
    """Waits that long, or until somebody asks for the end."""
    _asked.wait(seconds)
