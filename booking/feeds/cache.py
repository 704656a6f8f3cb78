"""What each process keeps of feeds: calendars that were put together, compressed, and which key opens what.

A calendar is named by its ETag, which changes with all that the content depends on. What is known of a key holds until
the counter of rights rises, or the day ends (`services/feeds.as_known`). So nothing that is kept can be stale.
"""

import gzip
from collections import OrderedDict
from threading import Lock

from booking.services.feeds import Known

MOST_OCTETS = 64_000_000  # for each process; five thousand calendars of ordinary length


MOST_KEYS = 20_000


class Keys:
    """What is known of keys, by the hashes of their secrets; the one that was asked for longest ago goes first."""

    def __init__(self, most: int = MOST_KEYS) -> None:
        self._kept: OrderedDict[str, Known] = OrderedDict()
        self._most = most
        self._lock = Lock()

    def get(self, key_hash: str) -> Known | None:
        """What was kept."""
        with self._lock:
            known = self._kept.get(key_hash)
            if known is not None:
                self._kept.move_to_end(key_hash)
            return known

    def keep(self, key_hash: str, known: Known) -> None:
        """Keeps it, or what is newer."""
        with self._lock:
            self._kept[key_hash] = known
            self._kept.move_to_end(key_hash)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def forget(self, key_hash: str) -> None:
        """The key opens nothing any more, or has to be read anew."""
        with self._lock:
            self._kept.pop(key_hash, None)


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
