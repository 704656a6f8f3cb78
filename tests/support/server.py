"""Starts the real WSGI server on a free port, waits until it answers, and stops it by its process id."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

APP = "tests.support.wsgi:app"
SIZES = {"--blocking-threads": 4, "--backpressure": 64, "--workers-kill-timeout": 5}
PATIENCE = 30
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers at `url`; `process` may be killed by a test."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path


@contextmanager
def serving(
    database_url: str, folder: Path, *, workers: int = 1, port: int | None = None, app: str = APP, **env: str
) -> Iterator[Server]:
    """The application on `database_url`, demo mode and more by `env`; its output goes to `server.log` in `folder`."""
    port = port or free_port()
    url, log = f"http://127.0.0.1:{port}", folder / "server.log"
    settings = {"DATABASE_URL": database_url, "SECRET_KEY": "only-for-tests-" * 3, "BASE_URL": url, **env}
    options = {"--interface": "wsgi", "--host": "127.0.0.1", "--port": port, "--workers": workers, **SIZES}
    command = [sys.executable, "-m", "granian", *(str(part) for pair in options.items() for part in pair), app]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **settings}, stdout=output, stderr=output, start_new_session=True
        )
    try:
        wait_until_it_answers(f"{url}/healthz", process, log)
        yield Server(url, process, log)
    finally:
        stop(process)


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes] | None, log: Path) -> None:
    """Asks until a 2xx comes; raises with the server's own words when it stops or takes too long."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and (process is None or process.poll() is None):
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise RuntimeError(f"No server at {url}:\n{log.read_text()}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Asks it to stop, and kills its whole group when it does not."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
