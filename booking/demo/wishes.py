"""What the demo members wish for: a few fixed bookings that show something, and many ordinary ones."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

TITLES = (
    "Ukesmøte", "Prosjektmøte", "Statusmøte helse", "Workshop Elgeseter", "Intervju", "Styremøte", "Partnerdialog",
    "Planlegging", "Oppstartsmøte", "Én til én", "Demo for partnere", "Veiledning", "Søknadsskriving", "Gjennomgang",
    "Innovasjonsfrokost", "Kundemøte", "Retrospektiv", "Opplæring", "Studentgruppe", "Åpent kontor",
)  # fmt: skip
ROOMS = (
    "teknobyen", "gloshaugen", "oya", "sorgenfri", "sluppen", "verksted-padriv", "stillerom-a", "stillerom-b",
    "studio-3", "moteplassen", "demosone", "arena-vest", "arena-ost", "delte-arbeidsplasser", "prototypelab",
    "simuleringsrom", "brukertestlab", "xr-lab", "laserkutter", "fdm-printere", "varmekamera", "xr-briller",
)  # fmt: skip
LENGTHS = (30, 45, 60, 60, 60, 90, 90, 120, 120, 180, 240)


@dataclass(frozen=True, slots=True)
class DemoWish:
    """One booking wished for by one member, in local time; `along` are slugs and numbers of what goes with it."""

    slug: str
    member: int
    starts: datetime
    ends: datetime
    title: str
    people: int | None = None
    visibility: str = "organisation"
    cancelled: bool = False
    quantity: int = 1
    along: tuple[tuple[str, int], ...] = ()


def fixed(today: date) -> Iterator[DemoWish]:
    """Bookings that show something: DST nights, week 53, the arena taken through a part, a request, a cancelled one."""
    monday = today - timedelta(days=today.weekday())
    coming = _working_day(today + timedelta(days=1))
    for night in _clock_changes(today):
        starts = datetime.combine(night, time(23)) - timedelta(days=1)
        yield DemoWish("klimaskap", 11, starts, starts + timedelta(hours=8), "Forsøk over natten", visibility="members")
    yield _at("teknobyen", 1, coming, 9, 90, "Prosjektmøte", 6)
    yield _at("gloshaugen", 1, coming + timedelta(days=7), 13, 60, "Partnerdialog", 10)
    yield _at("sluppen", 1, _working_day(today), 15, 30, "Én til én", 2)
    yield _at("sorgenfri", 1, _working_day(coming + timedelta(days=1)), 10, 60, "Intervju", 3, cancelled=True)
    yield _at(
        "arena-elgeseter", 10, _working_day(monday + timedelta(days=10)), 12, 360, "Innovasjonsdag", 75, "members"
    )
    yield _at("arena-elgeseter", 12, _working_day(monday + timedelta(days=17)), 9, 180, "Frokostseminar", 60, "members")
    for day in (date(2026, 12, 28), date(2026, 12, 29), date(2026, 12, 30)):
        yield _at("oya", 3, day, 10, 120, "Uke 53: romjulsmøte", 5)
    yield replace(_at("delte-arbeidsplasser", 14, coming, 9, 360, "Prosjektgruppe", 4), quantity=4)
    yield replace(_at("delte-arbeidsplasser", 6, coming, 11, 240, "Sprint", 5), quantity=5)
    yield replace(_at("xr-lab", 11, coming, 9, 180, "XR-kurs", 5), along=(("xr-briller", 4),))
    yield replace(_at("brukertestlab", 7, coming, 12, 120, "Brukertest", 4), along=(("mobil-videovogn", 1),))
    yield _at("forskningsultralyd", 11, coming, 10, 120, "Opptak av testdata", 2)
    yield replace(_at("pasientsimulator", 11, coming, 13, 120, "Simulering", 6), along=(("simuleringsrom", 1),))
    for n in range(14):
        yield _at("delte-arbeidsplasser", 1 + n % 5, _working_day(monday + timedelta(days=n)), 8, 420, "Arbeidsdag", 1)


def ordinary(today: date, seed: int = 2026) -> Iterator[DemoWish]:
    """An endless stream of wishes around the current week, the same for the same day and seed."""
    # A seed makes the demo the same for everybody; nothing here is secret.
    chance = random.Random(seed)  # nosec B311
    while True:
        day = today + timedelta(days=round(chance.triangular(-21, 35, 2)))
        if day.weekday() > 4:
            continue
        minutes = chance.choice(LENGTHS)
        hour = chance.choice((8, 8, 9, 9, 10, 10, 11, 12, 13, 13, 14, 14, 15, 16, 17))
        starts = datetime.combine(day, time(hour, chance.choice((0, 0, 0, 15, 30, 30))))
        yield DemoWish(
            slug=chance.choice(ROOMS),
            member=chance.choice((1, *range(1, 41))),
            starts=starts,
            ends=starts + timedelta(minutes=minutes),
            title=chance.choice(TITLES),
            people=chance.choice((None, 1, 2, 3, 4)),
            visibility=chance.choice(("organisation", "organisation", "members", "private")),
            cancelled=chance.random() < 0.03,
        )


def _at(
    slug: str, member: int, day: date, hour: int, minutes: int, title: str, people: int,
    visibility: str = "organisation", *, cancelled: bool = False,
) -> DemoWish:  # fmt: skip
    starts = datetime.combine(day, time(hour))
    ends = starts + timedelta(minutes=minutes)
    return DemoWish(slug, member, starts, ends, title, people, visibility, cancelled)


def _working_day(day: date) -> date:
    return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))


def _clock_changes(today: date) -> list[date]:
    """The last Sundays of March and October that lie nearest, one behind and one ahead."""
    sundays = [_last_sunday(year, month) for year in range(today.year - 1, today.year + 2) for month in (3, 10)]
    return [max(day for day in sundays if day <= today), min(day for day in sundays if day > today)]


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)
