"""A random history that several processes make at once: what was acknowledged stands, and nothing is held twice.

`python -m bench.history` lets it go on for minutes. SAMROM_SEED repeats a seed, as far as the machine lets it.
"""

import os
import secrets

import pytest

from booking.core.errors import Stale
from tests.factories import LONG_AGO
from tests.support import databases
from tests.support.history.crowd import make_history
from tests.support.history.deeds import DEEDS
from tests.support.history.ending import against_the_books
from tests.support.history.records import DONE, Record, Told
from tests.support.history.world import with_history

PROCESSES, DEEDS_OF_EACH = 4, 35


@pytest.mark.parametrize("kind", databases.KINDS)
def test_whatever_many_do_at_once_every_acknowledged_booking_stands_and_no_unit_is_held_twice(kind, tmp_path):
    seed = os.environ.get("SAMROM_SEED") or secrets.token_hex(4)
    print(f"SAMROM_SEED={seed}")

    with databases.fresh(kind, tmp_path, name="history", fill=with_history) as url:
        history = make_history(url, seed, processes=PROCESSES, deeds=DEEDS_OF_EACH)

    assert history.wrong == []
    assert len(history.records) == PROCESSES * DEEDS_OF_EACH
    assert history.done["book"] > 10
    assert set(history.done) <= set(DEEDS)
    assert history.done.total() > history.done["book"] + 20
    assert history.refused.total() > 5


def told(public_id, version, state="confirmed"):
    return Told(public_id, version, state, LONG_AGO, LONG_AGO, f"of {public_id}", ((1, 1),))


def test_the_books_are_held_against_what_stands():
    books = [
        Record("book", DONE, "0.1", (told("whole", 1), told("gone", 1), told("turned", 1), told("silent", 1))),
        Record("move", DONE, "0.2", (told("whole", 2), told("silent", 3))),
        Record("book", Stale.code, "of whole"),
    ]
    stored = [told("whole", 2), told("turned", 1, "cancelled"), told("silent", 3), told("unheard", 1)]

    amiss = sorted(line.partition(":")[0].partition(" Told")[0] for line in against_the_books(stored, books))

    assert amiss == [
        "acknowledged",
        "acknowledged and gone",
        "changed without a word",
        "refused, and there",
        "there, and never acknowledged",
    ]
    in_order = [Record("book", DONE, "0.1", (told("whole", 1),)), Record("move", DONE, "1.7", (told("whole", 2),))]
    assert list(against_the_books([told("whole", 2)], in_order)) == []
