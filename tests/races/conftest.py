"""A server with four workers on a database full of racers, on each engine."""

import pytest

from tests.support import databases
from tests.support.racing import with_racers


@pytest.fixture(params=databases.KINDS)
def racers_url(request, tmp_path):
    with databases.fresh(request.param, tmp_path, name="racers", fill=with_racers) as url:
        yield url
