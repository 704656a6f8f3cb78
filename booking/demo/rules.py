"""The demo district's rules: which value is set where. All of it is illustrative."""

from typing import Any

WEEKDAYS = [{"weekday": day, "opens": "07:00", "closes": "22:00"} for day in range(5)]
SATURDAY = [{"weekday": 5, "opens": "09:00", "closes": "18:00"}]
LATE_DAYS = [{"weekday": day, "opens": "07:00", "closes": "22:00"} for day in range(7)]
LAB_DAYS = [{"weekday": day, "opens": "07:00", "closes": "18:00"} for day in range(5)]

START_UPS = "Oppstartsbedrifter"
MORNINGS = [{"weekday": day, "opens": "08:00", "closes": "12:00"} for day in (1, 3)]

ULTRASOUND = {"amount": 10, "per": "week", "subject": "organisation", "over": "resource"}

# (scope kind, slug, rule, params, weight or None); what is needed, documents and groups are told by slug or name
SETTINGS: list[tuple[str, str, str, dict[str, Any], str | None]] = [
    ("site", "holtermanns-veg", "R02", {"step_minutes": 15}, None),
    ("site", "holtermanns-veg", "R10", {"windows": WEEKDAYS + SATURDAY}, None),
    ("site", "holtermanns-veg", "R11", {"public_holidays": "NO"}, None),
    ("site", "holtermanns-veg", "R18", {"days": 90}, None),
    ("site", "holtermanns-veg", "R20", {"minutes": 15}, None),
    ("site", "holtermanns-veg", "R21", {"minutes": 480}, None),
    ("category", "stillerom", "R21", {"minutes": 240}, None),
    ("category", "arrangement", "R06", {"before_minutes": 60, "after_minutes": 30}, None),
    ("category", "arrangement", "R21", {"minutes": 240}, "needs_approval"),
    ("resource", "verksted-padriv", "R40", {"widest": "public"}, None),
    ("resource", "moteplassen", "R06", {"before_minutes": 0, "after_minutes": 15}, None),
    ("resource", "arena-elgeseter", "R07", {"fire_limit": 90}, None),
    ("resource", "arena-elgeseter", "R38", {"longer_than_minutes": 240, "evenings": True}, None),
    ("site", "helseinnovasjonsarena", "R18", {"days": 180}, None),
    ("category", "laboratorium", "R06", {"after_minutes": 15}, None),
    ("category", "laboratorium", "R10", {"windows": LAB_DAYS}, None),
    ("category", "laboratorium", "R11", {"public_holidays": "NO"}, None),
    ("category", "laboratorium", "R21", {"minutes": 480}, None),
    ("resource", "vatlab", "R10", {"windows": LATE_DAYS}, None),
    ("resource", "vatlab", "R32", {"level": 2}, None),
    ("resource", "vatlab", "R33", {"least_people": 2, "after": "18:00"}, None),
    ("resource", "vatlab", "R36", {"documents": ["vatlab"]}, None),
    ("category", "mikroskopi", "R17", {"hours": 24}, None),
    ("resource", "konfokalmikroskop", "R06", {"before_minutes": 30}, None),
    ("resource", "konfokalmikroskop", "R08", {"needs": [{"resource": "vatlab", "quantity": 1}]}, None),
    ("resource", "konfokalmikroskop", "R09", {"mode": "refuse"}, None),
    ("resource", "sikkerhetsbenk-1", "R32", {"level": 2}, None),
    ("resource", "sikkerhetsbenk-2", "R32", {"level": 2}, None),
    ("resource", "pasientsimulator", "R08", {"needs": [{"resource": "simuleringsrom", "quantity": 1}]}, None),
    ("resource", "forskningsultralyd", "R23", {"limits": [ULTRASOUND]}, None),
    ("category", "prototyping", "R21", {"minutes": 14 * 24 * 60}, None),
    ("resource", "sla-printer", "R16", {"groups": [START_UPS], "windows": MORNINGS, "release_hours": 48}, None),
    ("category", "utlan", "R10", {"windows": LAB_DAYS}, None),
    ("category", "utlan", "R21", {"minutes": 480}, None),
    ("site", "testsoner", "R10", {"windows": WEEKDAYS + SATURDAY}, None),
    ("site", "testsoner", "R21", {"minutes": 480}, None),
]

# (scope kind, slug, month, day, opens, closes, name); half days that admins set, not the law
HALF_DAYS = [
    ("site", "holtermanns-veg", 12, 24, "07:00", "12:00", "Julaften"),
    ("site", "holtermanns-veg", 12, 31, "07:00", "14:00", "Nyttårsaften"),
]

# (group name, role or None, organisation or None)
GROUPS = [("Studenter", "student", None), (START_UPS, None, "siva")]
