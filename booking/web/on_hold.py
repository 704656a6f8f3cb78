"""What the pages of bookings say of those on hold: why, to the holder, and to those who manage the place."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from booking import wording
from booking.core.verdict import Finding
from booking.db import db
from booking.http.language import language
from booking.http.words import gettext as _
from booking.permissions import Actor, Place, can
from booking.services.holds import held_by_key
from booking.services.mine import Mine
from booking.services.qualifications_known import ending_soon
from booking.services.standing import Standing
from booking.web.fault import Notice
from booking.web.qualifications import standing_words

Notices = dict[str, list[Notice]]


def hold_notices(bookings: Iterable[Mine], now: datetime, *, of_others: bool = False) -> Notices:
    """Why each booking may not start, by its public id; only those that are on hold."""
    zones = {each.public_id: each.zone for each in bookings}
    return {
        public_id: [_notice(finding, zones[public_id], of_others=of_others) for finding in findings]
        for public_id, findings in held_by_key(db.session(), now, zones).items()
    }


def holds_shown(actor: Actor, standing: Standing, mine_: Mine, now: datetime) -> Notices:
    """For the holder, and whoever looks after the place; what somebody lacks is not for their colleagues to know."""
    if standing.row.member_id == actor.member_id:
        return hold_notices([mine_], now)
    if can(actor, "resource.inspect", Place(standing.subject.scopes)):
        return hold_notices([mine_], now, of_others=True)
    return {}


def together(*several: Mapping[str, list[Notice]]) -> Notices:
    """Everything that is said about each booking."""
    return {key: [each for some in several for each in some.get(key, [])] for some_ in several for key in some_}


def hold_sentence(finding: Finding, zone: ZoneInfo, *, of_others: bool) -> str:
    """Why it may not start, to its holder or about them."""
    about_them = wording.hold_sentence(finding, language()) if of_others else ""
    return about_them or wording.sentence(finding, language(), zone)


def endings(actor: Actor, now: datetime) -> list[str]:
    """What one needs and has no longer, or not for long, as a sentence each."""
    return [
        f"{each.name}: {standing_words(each.standing, each.expires_on)}."
        for each in ending_soon(db.session(), now, actor.member_id)
    ]


def _notice(finding: Finding, zone: ZoneInfo, *, of_others: bool) -> Notice:
    why = hold_sentence(finding, zone, of_others=of_others)
    if finding.rule == "R33":
        return "waiting", _("On hold, it may not start yet. %(why)s", why=why), finding.code
    return "refused", _("On hold: it may not start.") + " " + why, finding.code


__all__ = ["endings", "hold_notices", "hold_sentence", "holds_shown", "together"]
