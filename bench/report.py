"""The table: a line for each thing that is measured, its figures side by side at every size."""

from dataclasses import dataclass, field

from rich.table import Table

GROWTH = 1.3


@dataclass(frozen=True, slots=True)
class Line:
    """One figure at one size. `about` is told of the largest size: a rate, or the weight of a page."""

    name: str
    cpu: float
    wall: float
    target: float | None = None
    about: str = ""
    in_wall_time: bool = False

    @property
    def falls_short(self) -> bool:
        return self.target is not None and (self.wall if self.in_wall_time else self.cpu) > self.target


@dataclass(slots=True)
class Report:
    """All lines, by database and name, in the order they came."""

    sizes: tuple[str, ...]
    lines: dict[tuple[str, str], dict[str, Line]] = field(default_factory=dict)

    def add(self, kind: str, size: str, line: Line) -> None:
        self.lines.setdefault((kind, line.name), {})[size] = line

    def table(self) -> Table:
        """CPU and wall milliseconds; growth is CPU at the largest size against the smallest."""
        table = Table(title="Milliseconds of CPU (with the database's) / of wall time, for one of each")
        for heading in ("what", *self.sizes, "growth", "target", "", "falls short"):
            table.add_column(heading, justify="left" if heading in ("what", "", "falls short") else "right")
        above = ""
        for (kind, name), by_size in self.lines.items():
            if kind != above:
                table.add_section()
                table.add_row(kind, style="bold")
                above = kind
            table.add_row(name, *self._cells(by_size))
        return table

    def _cells(self, by_size: dict[str, Line]) -> list[str]:
        last = list(by_size.values())[-1]
        growth = last.cpu / next(iter(by_size.values())).cpu
        short = [size for size, line in by_size.items() if line.falls_short]
        if growth > GROWTH and len(by_size) > 1 and not last.name.startswith("floor"):
            short.append("growth")
        target = "" if last.target is None else f"{last.target:g}{' wall' if last.in_wall_time else ''}"
        figures = [f"{line.cpu:.2f} / {line.wall:.2f}" for line in by_size.values()]
        return [*figures, f"{growth:.2f}×" if len(by_size) > 1 else "", target, last.about, ", ".join(short)]
