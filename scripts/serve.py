"""Serves the demo on this machine: makes what is missing, says where and how to sign in, and runs the server.

Everything is decided by environment variables (see .env.example); SAMROM_DEMO=0 serves an empty site instead.
"""

import ctypes
import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
INSTANCE = ROOT / "instance"
HOST = "127.0.0.1"


def main() -> int:
    """0 when it was asked to stop, else what the server ended with."""
    port = os.environ.get("PORT") or "8000"
    require_free(port)
    settle_environment(port)
    if not is_prepared():
        prepare()
    if is_demo():
        greet()
    print(f"\nSamrom is at {os.environ['BASE_URL']} (Ctrl-C stops it).", flush=True)
    return serve(port, os.environ.get("WORKERS") or "2")


def require_free(port: str) -> None:
    """Stops with one sentence when something else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(port)))
        except (OSError, ValueError, OverflowError):
            sys.exit(f"Port {port} cannot be used here: try another one, for example PORT=8001 make run.")


def settle_environment(port: str) -> None:
    """What is not chosen gets the demo's value; the secret is made once and kept for this machine only."""
    INSTANCE.mkdir(exist_ok=True)
    os.environ.setdefault("SAMROM_DEMO", "1")
    os.environ.setdefault("BASE_URL", f"http://{HOST}:{port}")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = kept_secret(INSTANCE / "secret_key")


def kept_secret(path: Path) -> str:
    """The secret in `path`, which only its owner may read; made on first use."""
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()


def is_demo() -> bool:
    return os.environ["SAMROM_DEMO"] == "1"


def is_prepared() -> bool:
    """A look into SQLite that costs nothing, so that the second start need not wait for the whole application."""
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{INSTANCE / 'samrom.db'}"
    path = Path(url.removeprefix("sqlite:///"))
    if not url.startswith("sqlite:///") or not path.exists():
        return False
    connection = sqlite3.connect(path)
    try:
        (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        is_empty = connection.execute("SELECT 1 FROM member LIMIT 1").fetchone() is None
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return version == (ROOT / "migrations" / "HEAD").read_text().strip() and not is_empty


def prepare() -> None:
    """Migrates, and loads the demo into an empty database; both commands do nothing where nothing is to be done."""
    for command in ("init", "demo") if is_demo() else ("init",):
        done = subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", command], cwd=ROOT, check=False)
        if done.returncode != 0:
            sys.exit(done.returncode)


def greet() -> None:
    """Who can sign in."""
    print("\nSign in with the password demo-passord as one of")
    print("  medlem1@example.invalid … medlem40@example.invalid   members of 15 organisations")
    print("  leder@example.invalid                                manager of rooms")
    print("  lab@example.invalid                                  manager of labs")
    print("  admin@example.invalid                                site admin")


def serve(port: str, workers: str) -> int:
    """The same server as in production, and the worker beside it, each in a group of its own.

    Ctrl-C then reaches only this program, which asks both to stop: the server's workers take a signal of their own ill.
    """
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", HOST, "--port", port]
    sizes = ["--workers", workers, "--blocking-threads", "4", "--backpressure", "64", "--log-level", "warning"]
    # Without a limit the server waits for ever when it is stopped while a worker is still starting.
    sizes += ["--workers-kill-timeout", "5"]
    asked: list[int] = []
    running = start([*command, *sizes, "wsgi:app"])
    worker = start([sys.executable, "-m", "flask", "--app", "wsgi", "worker"])

    def stop(sign: int, _: object) -> None:
        asked.append(sign)
        running.terminate()

    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, stop)
    code = running.wait()
    worker.terminate()
    worker.wait()
    return 0 if asked else code


def start(command: list[str]) -> subprocess.Popen[bytes]:
    """A program in a group of its own that ends when this one does."""
    return subprocess.Popen(command, cwd=ROOT, process_group=0, preexec_fn=end_with_parent)  # noqa: PLW1509 - no threads


def end_with_parent() -> None:
    """Linux tells the server to stop when this program is killed."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
