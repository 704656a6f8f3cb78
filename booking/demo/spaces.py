"""The demo district's sites, buildings, categories and spaces, as plain data."""

from typing import Any

SITES: list[dict[str, Any]] = [
    {
        "slug": "holtermanns-veg",
        "name": "Holtermanns veg 1-13",
        "area": "Elgeseter",
        "address": "Holtermanns veg 1-13, Trondheim",
    },
    {
        "slug": "helseinnovasjonsarena",
        "name": "Helseinnovasjonsarena (planlagt)",
        "area": "Øya",
        "address": "Øya, Trondheim",
        "is_illustrative": True,
    },
    {"slug": "testsoner", "name": "Testsoner Elgeseter", "area": "Elgeseter", "is_illustrative": True},
    {"slug": "nyhavna", "name": "Nyhavna", "area": "Nyhavna", "kind": "link_out", "is_illustrative": True},
    {
        "slug": "innocamp-steinkjer",
        "name": "InnoCamp Steinkjer",
        "area": "Steinkjer",
        "kind": "imported",
        "is_illustrative": True,
    },
]

BUILDINGS = [
    {"site": "holtermanns-veg", "slug": "byggetrinn-1", "name": "Byggetrinn 1"},
    {"site": "holtermanns-veg", "slug": "byggetrinn-2", "name": "Byggetrinn 2"},
    {"site": "holtermanns-veg", "slug": "byggetrinn-3", "name": "Byggetrinn 3"},
    {"site": "helseinnovasjonsarena", "slug": "laboratoriene", "name": "Laboratoriene"},
]

CATEGORIES = [
    ("moterom", "Møterom", "Møterom", "Meeting rooms"),
    ("stillerom", "Stillerom", "Stillerom", "Quiet rooms"),
    ("arrangement", "Arrangementslokaler", "Arrangementslokale", "Event spaces"),
    ("arbeidsplasser", "Arbeidsplasser", "Arbeidsplassar", "Desks"),
    ("verksted", "Verksted og studio", "Verkstad og studio", "Workshops and studios"),
    ("laboratorium", "Laboratorier", "Laboratorium", "Laboratories"),
    ("mikroskopi", "Mikroskopi og analyse", "Mikroskopi og analyse", "Microscopy and analysis"),
    ("prototyping", "Prototyping og test", "Prototyping og test", "Prototyping and testing"),
    ("utlan", "Utlån", "Utlån", "Loan items"),
    ("uterom", "Uterom og testsoner", "Uterom og testsoner", "Outdoors and test zones"),
]

HOUSE = {"site": "holtermanns-veg", "building": "byggetrinn-2", "floor": "2", "contact": "leder@example.invalid"}
LABS = {
    "site": "helseinnovasjonsarena",
    "building": "laboratoriene",
    "floor": "1",
    "contact": "lab@example.invalid",
    "is_illustrative": True,
}
STEP_FREE = ["step_free"]
MEETING = ["video", "whiteboard", *STEP_FREE]


def room(slug: str, name: str, code: str, seats: int | None, area: int, category: str, **more: Any) -> dict[str, Any]:
    """One space of the house, with what differs from the usual."""
    plain = {"slug": slug, "name": name, "code": code, "seats": seats, "area_m2": area, "category": category}
    return {**HOUSE, "kind": "space", **plain, **more}


HALL = ["av", "hybrid", "hearing_loop", *STEP_FREE]
SPACES: list[dict[str, Any]] = [
    room("arena-vest", "Arena Vest", "A-V", 50, 65, "arrangement", features=HALL, floor="1"),
    room("arena-ost", "Arena Øst", "A-Ø", 30, 45, "arrangement", features=HALL, floor="1"),
    room(
        "arena-elgeseter",
        "Arena Elgeseter",
        "ARENA",
        80,
        110,
        "arrangement",
        features=HALL,
        floor="1",
        parts=("arena-vest", "arena-ost"),
        description="Hele arenaen med foldeveggen åpen.",
    ),
    room("gloshaugen", "Gløshaugen", "GLØ", 12, 28, "moterom", features=[*MEETING, "hybrid"]),
    room("oya", "Øya", "ØYA", 10, 24, "moterom", features=MEETING),
    room("teknobyen", "Teknobyen", "TEK", 8, 20, "moterom", features=[*MEETING, "hybrid", "hearing_loop"]),
    room("sorgenfri", "Sorgenfri", "SOR", 6, 14, "moterom", features=MEETING),
    room("sluppen", "Sluppen", "SLU", 4, 10, "moterom", features=["screen", *STEP_FREE]),
    room("verksted-padriv", "Verksted Pådriv", "PÅD", 16, 40, "verksted", features=["movable_furniture", "whiteboard"]),
    room("stillerom-a", "Stillerom A", "ST-A", 1, 4, "stillerom", features=["adjustable_table"]),
    room("stillerom-b", "Stillerom B", "ST-B", 1, 4, "stillerom", features=["adjustable_table"]),
    room("studio-3", "Studio 3", "ST3", 12, 30, "verksted", features=["av", "hybrid", "sound_recording"]),
    room("moteplassen", "Møteplassen", "MØT", 40, 80, "arrangement", features=["catering", *STEP_FREE], floor="1"),
    room(
        "delte-arbeidsplasser",
        "Delte arbeidsplasser",
        "PULT",
        None,
        90,
        "arbeidsplasser",
        units=12,
        features=["adjustable_table", *STEP_FREE],
        description="Tolv pulter; du får en ledig.",
    ),
    room("demosone", "Demosone", "DEMO", 15, 20, "verksted", features=["screen", *STEP_FREE], floor="1"),
    room("vatlab", "Våtlab", "VÅT", None, 60, "laboratorium", **LABS, units=6),
    room("prototypelab", "Prototypelab", "PRO", 8, 45, "laboratorium", **LABS),
    room("simuleringsrom", "Simuleringsrom", "SIM", 8, 40, "laboratorium", **LABS, features=["av"]),
    room("observasjonsrom", "Observasjonsrom", "OBS", 6, 15, "laboratorium", **LABS, features=["screen"]),
    room("brukertestlab", "Brukertestlab", "BRU", 6, 25, "laboratorium", **LABS, features=["av", *STEP_FREE]),
    room("ultralydlab", "Ultralydlab", "ULT", 4, 20, "laboratorium", **LABS, state="draft"),
    room("xr-lab", "XR-lab", "XR", 6, 30, "laboratorium", **LABS),
    room(
        "uterom-holtermanns-veg",
        "Uterom Holtermanns veg",
        "UTE",
        60,
        200,
        "uterom",
        site="testsoner",
        building=None,
        floor="",
        is_illustrative=True,
    ),
    room(
        "teststrekning-elgeseter-gate",
        "Teststrekning Elgeseter gate",
        "TEST",
        None,
        900,
        "uterom",
        site="testsoner",
        building=None,
        floor="",
        is_illustrative=True,
        state="draft",
    ),
]
