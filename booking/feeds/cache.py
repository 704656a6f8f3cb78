"""Keeps the newest calendars that were put together, compressed, so that an unchanged one is not put together twice.

What is kept is named by its ETag, which changes with all that the content depends on: nothing kept can be stale.
"""

import gzip
from collections import OrderedDict
from threading import Lock

MOST_OCTETS = 64_000_000  # for each process; five thousand calendars of ordinary length


class Bodies:
    """Compressed calendars by ETag; the one that was asked for longest ago goes first."""

    def __init__(self, most_octets: int = MOST_OCTETS) -> None:
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._room = self._most = most_octets
        self._lock = Lock()

    def get(self, etag: str) -> bytes | None:
        """The compressed body."""
        with self._lock:
            packed = self._kept.get(etag)
            if packed is not None:
                self._kept.move_to_end(etag)
            return packed

    def keep(self, etag: str, content: bytes) -> bytes:
        """The compressed body, kept from now on; one that is larger than all the room is not."""
        packed = gzip.compress(content, compresslevel=6, mtime=0)
        with self._lock:
            if etag not in self._kept and len(packed) <= self._most:
                self._kept[etag] = packed
                self._room -= len(packed)
            while self._room < 0:
                _, oldest = self._kept.popitem(last=False)
                self._room += len(oldest)
        return packed
