"""`python -m bench.history --minutes 10 --database sqlite`: a long random history, and its verdict."""

import argparse
import secrets
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from tests.support import databases, once
from tests.support.history.crowd import History, make_history
from tests.support.history.deeds import DEEDS
from tests.support.history.world import with_history

REASONS_SHOWN = 12
console = Console()


def main() -> int:
    """0 when everything acknowledged stands, everything refused is absent, and no unit was ever held twice."""
    asked = _arguments()
    console.print(f"seed {asked.seed}, {asked.processes} processes, {asked.minutes:g} minutes on {asked.database}")
    once.open_home()
    try:
        with (
            TemporaryDirectory() as folder,
            databases.fresh(asked.database, Path(folder), name="history", fill=with_history) as url,
        ):
            history = _watched(url, asked)
    finally:
        once.close_home()
    console.print(_table(history))
    reasons = ", ".join(f"{reason}: {times}" for reason, times in history.reasons.most_common(REASONS_SHOWN))
    console.print(f"Refused with {reasons}")
    for slip in history.wrong:
        console.print(slip, style="red", markup=False, highlight=False)
    console.print(f"{len(history.wrong)} things are wrong" if history.wrong else "Nothing is wrong", style="bold")
    return 1 if history.wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.history", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--database", choices=databases.KINDS, default="sqlite")
    parser.add_argument("--processes", type=int, default=6)
    parser.add_argument(
        "--seed", default=secrets.token_hex(4), help="repeats the choices, as far as the machine lets it"
    )
    return parser.parse_args()


def _watched(url: str, asked: argparse.Namespace) -> History:
    began = time.monotonic()
    with console.status("Beginning …") as status:

        def progress(done: int) -> None:
            status.update(f"{done} deeds in {time.monotonic() - began:.0f} s")

        return make_history(url, asked.seed, processes=asked.processes, seconds=asked.minutes * 60, progress=progress)


def _table(history: History) -> Table:
    table = Table("deed", "accepted", "refused", title=f"{len(history.records)} deeds")
    for deed in DEEDS:
        table.add_row(deed, str(history.done[deed]), str(history.refused[deed]))
    table.add_row("all", str(history.done.total()), str(history.refused.total()), style="bold")
    return table


if __name__ == "__main__":
    sys.exit(main())
