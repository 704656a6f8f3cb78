"""The WSGI entry point of a server whose clock began at SAMROM_TEST_NOW, so that it lives in the corpus' time."""

import os
from datetime import datetime

import time_machine

time_machine.travel(datetime.fromisoformat(os.environ["SAMROM_TEST_NOW"]), tick=True).start()

from tests.support.wsgi import app  # noqa: E402

__all__ = ["app"]
