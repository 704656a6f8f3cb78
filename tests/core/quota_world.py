"""A room with quotas, and what counts against them, in short words."""

from booking.core.facts import MemberFacts, MembershipFacts, ResourceFacts
from booking.core.rules.catalogue import RULE_BY_CODE
from booking.core.settings import Setting, effective
from booking.core.timespan import TimeSpan
from booking.core.usage import Place, Usage, Use, Used, Uses
from tests.core.world import KARI, NOW, SITE, a_room

ROOM, MEETING_ROOMS, BUILDING, SLUPPEN = 1, 10, 20, 30
BIO, ROBOTICS = 1, 2
NAMES = {
    "resource": {"nb": "Teknobyen"},
    "category": {"nb": "Møterom", "nn": "Møterom", "en": "Meeting rooms"},
    "building": {"nb": "Bygg A"},
    "site": {"nb": "Sluppen"},
}


def place(resource: int = ROOM, category: int = MEETING_ROOMS) -> Place:
    return Place({"resource": resource, "category": category, "building": BUILDING, "site": SLUPPEN}, NAMES)


def use(
    what: TimeSpan,
    *,
    of: Place | None = None,
    member: int = KARI,
    organisation: int | None = None,
    quantity: int = 1,
    number: int = 7,
) -> Use:
    return Use(number, what, member, organisation, (Used(of or place(), quantity),))


def limit(amount: int, per: str = "week", **more: object) -> dict[str, object]:
    return {"amount": amount, "per": per, **more}


def quota_room(rule: str, limits: list[dict[str, object]], *uses: Use, **changes: object) -> ResourceFacts:
    """The room with one quota, set by the site."""
    return ruled_room({rule: {"limits": limits}}, *uses, **changes)


def ruled_room(rules: dict[str, dict[str, object]], *uses: Use, **changes: object) -> ResourceFacts:
    found = {
        code: effective(RULE_BY_CODE[code], [Setting(code, params, None, SITE)], frozenset(), NOW)
        for code, params in rules.items()
    }
    return a_room(settings=found, usage=Usage(place(), Uses(uses)), **changes)


def member_of(*organisations: int, groups: tuple[int, ...] = ()) -> MemberFacts:
    return MemberFacts(KARI, True, frozenset(groups), tuple(MembershipFacts(id_, "member") for id_ in organisations))
