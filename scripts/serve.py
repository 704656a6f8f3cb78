"""Serves the demo on this machine: makes what is missing, says where and how to sign in, and becomes the server.

Everything is decided by environment variables (see .env.example); SAMROM_DEMO=0 serves an empty site instead.
"""

import os
import secrets
import socket
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
INSTANCE = ROOT / "instance"
HOST = "127.0.0.1"


def main() -> None:
    """Ends by turning into the WSGI server, so that Ctrl-C reaches it and nothing stands between."""
    port = os.environ.get("PORT") or "8000"
    require_free(port)
    settle_environment(port)
    prepare_database()
    if os.environ["SAMROM_DEMO"] == "1":
        greet()
    print(f"\nSamrom is at {os.environ['BASE_URL']} (Ctrl-C stops it).", flush=True)
    become_server(port, os.environ.get("WORKERS") or "2")


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


def prepare_database() -> None:
    """Migrates, and loads the demo into an empty database; both in this process, as each start costs a second."""
    sys.path.insert(0, str(ROOT))
    from flask.cli import ScriptInfo  # noqa: PLC0415 - not before a taken port has been told

    from wsgi import app  # noqa: PLC0415 - reads the environment, which is settled only now

    commands = ["init", "demo"] if os.environ["SAMROM_DEMO"] == "1" else ["init"]
    for command in commands:
        try:
            app.cli.main([command], prog_name="flask", obj=ScriptInfo(create_app=lambda: app))
        except SystemExit as end:
            if end.code:
                raise


def greet() -> None:
    """Who can sign in."""
    print("\nSign in with the password demo-passord as one of")
    print("  medlem1@example.invalid … medlem40@example.invalid   members of 15 organisations")
    print("  leder@example.invalid                                manager of rooms")
    print("  lab@example.invalid                                  manager of labs")
    print("  admin@example.invalid                                site admin")


def become_server(port: str, workers: str) -> None:
    """The same server as in production; few threads, as the database is the limit."""
    server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", HOST, "--port", port]
    sizes = ["--workers", workers, "--blocking-threads", "4", "--backpressure", "64", "--log-level", "warning"]
    # Without a limit the server waits for ever when it is stopped while a worker is still starting.
    sizes += ["--workers-kill-timeout", "5"]
    os.chdir(ROOT)
    os.execv(server[0], [*server, *sizes, "wsgi:app"])


if __name__ == "__main__":
    main()
