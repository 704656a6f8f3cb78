"""A random history that several processes make at once: what was acknowledged stands, and nothing is held twice.

`python -m bench.history` lets it go on for minutes. SAMROM_SEED repeats a seed, as far as the machine lets it.
"""

import os
import secrets

import pytest

from tests.support import databases
from tests.support.history.crowd import make_history
from tests.support.history.deeds import DEEDS
from tests.support.history.world import with_history

PROCESSES, DEEDS_OF_EACH = 4, 50


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
    assert history.refused.total() > 10
