"""`make run`: quick the second time, tells where it is and who can sign in, stops cleanly."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.serve import kept_secret
from tests.support import databases, server

ROOT = Path(__file__).parents[2]
WORK_UNTIL_SERVING = 6.0  # seconds of computing: what two cores do in the three seconds a second start may take


@pytest.fixture
def demo_url(tmp_path):
    with databases.fresh("sqlite", tmp_path, name="demo", fill=databases.with_demo, demo=True) as url:
        yield url


def test_with_the_data_there_it_serves_within_seconds_and_ctrl_c_stops_it_cleanly(demo_url, tmp_path):
    port = server.free_port()
    env = {**os.environ, "DATABASE_URL": demo_url, "PORT": str(port), "WORKERS": "2", "PYTHONDONTWRITEBYTECODE": ""}
    subprocess.run([sys.executable, "-c", "import wsgi"], cwd=ROOT, env={**env, "SAMROM_DEMO": "1"}, check=True)
    before = os.times()
    with (tmp_path / "said").open("wb") as output:
        running = subprocess.Popen(
            [sys.executable, "scripts/serve.py"], cwd=ROOT, env=env, stdout=output, stderr=output
        )
    try:
        server.wait_until_it_answers(f"http://127.0.0.1:{port}/healthz", running, tmp_path / "said")
    finally:
        running.send_signal(signal.SIGINT)
        code = running.wait(timeout=30)

    after = os.times()
    said = (tmp_path / "said").read_text()
    assert code == 0
    assert f"http://127.0.0.1:{port}" in said
    assert {"medlem1@", "leder@", "lab@", "admin@"} <= set(re.findall(r"\w+@", said))
    assert "demo-passord" in said
    assert "Traceback" not in said
    work = after.children_user + after.children_system - before.children_user - before.children_system
    assert work < WORK_UNTIL_SERVING


def test_a_taken_port_is_told_in_one_sentence():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        env = {**os.environ, "PORT": str(other.getsockname()[1])}
        asked = subprocess.run(
            [sys.executable, "scripts/serve.py"], cwd=ROOT, env=env, check=False, capture_output=True, text=True
        )

    assert asked.returncode == 1
    assert asked.stderr.count("\n") == 1
    assert "PORT=" in asked.stderr


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    first = kept_secret(tmp_path / "secret_key")
    second = kept_secret(tmp_path / "secret_key")

    assert first == second
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
