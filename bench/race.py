"""`python -m bench.race [rounds]`: the races in full on both databases, with how long the answers took."""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from tests.support import databases, once, server
from tests.support.racing import RACERS, RACES, line_up, run, with_racers, wrong_with

WORKERS = 4
console = Console()


def main(rounds: int = 30, kinds: tuple[str, ...] = databases.KINDS) -> int:
    """0 when every round had as many winners as units, every refusal told why, and no overlap is stored."""
    once.open_home()
    try:
        with TemporaryDirectory() as folder:
            wrong = [slip for kind in kinds for slip in _race(kind, Path(folder), rounds)]
    finally:
        once.close_home()
    for slip in wrong:
        console.print(slip, style="red")
    return 1 if wrong else 0


def _race(kind: str, folder: Path, rounds: int) -> list[str]:
    table = Table("asked for", "rounds", "winners a round", "answers", "wall s", title=f"{kind}, {RACERS} at once")
    wrong: list[str] = []
    with (
        databases.fresh(kind, folder, name="racers", fill=with_racers) as url,
        server.serving(url, folder, workers=WORKERS) as running,
    ):
        visitors = line_up(running.url)
        for number, (name, race) in enumerate(RACES.items()):
            began = time.perf_counter()
            outcome = run(race, visitors, rounds, first_day=7 + number * rounds)
            took = time.perf_counter() - began
            answers = ", ".join(f"{status}: {times}" for status, times in sorted(outcome.statuses.items()))
            winners = "/".join(str(number) for number in sorted(set(outcome.winners)))
            table.add_row(name, str(rounds), winners, answers, f"{took:.1f}")
            if outcome.winners != [race.winners] * rounds:
                wrong.append(f"{kind}, {name}: winners {outcome.winners}, not {race.winners} each round")
            wrong += [f"{kind}, {name}: {answer.status} {answer.codes}" for answer in outcome.unexplained]
        wrong += [f"{kind}: {line}" for line in wrong_with(url)]
    console.print(table)
    return wrong


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 30))
