"""What every letter is written from: who reads it in which language, whose house sends it, and what it is about."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from booking import wording
from booking.models import Member
from booking.services import addresses
from booking.services.actors import is_active
from booking.services.outbox import Claimed
from booking.wording.translating import catalogue

if TYPE_CHECKING:
    from config import Config

DEFAULT_LANGUAGE = "nb"


class Unreachable(Exception):
    """The reader's address is none that mail can be sent to, today or later."""


class Gone(Exception):
    """The letter need not be sent any more: what it is about did not come to stand, or nobody is there to read it."""


@dataclass(frozen=True, slots=True)
class House:
    """Who sends: the service's name, its address for people, and its mail address."""

    name: str
    base_url: str
    sender: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One message and its reader; `member_id` is None for somebody without an account."""

    session: Session
    now: datetime
    message: Claimed
    house: House
    member_id: int | None
    name: str
    email: str
    language: str

    def gettext(self, msgid: str, **values: object) -> str:
        """The text in the reader's language, with its values filled in."""
        text = catalogue(self.language).gettext(msgid)
        return text % values if values else text

    def ngettext(self, singular: str, plural: str, num: int, **values: object) -> str:
        """The text for this many; `%(num)s` is the number."""
        return catalogue(self.language).ngettext(singular, plural, num) % {"num": num, **values}


@dataclass(frozen=True, slots=True)
class Invitation:
    """The calendar part; `method` is the METHOD in it."""

    method: Literal["REQUEST", "CANCEL"]
    calendar: bytes


@dataclass(frozen=True, slots=True)
class Content:
    """What a kind of letter says: its values, the gaps of its subject, and another subject where that varies."""

    values: dict[str, Any]
    gaps: dict[str, object] = field(default_factory=dict)
    subject: str = ""
    template: str = ""
    invitation: Invitation | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of letter: its subject, its two templates (`mail/<template>.txt` and `.html`), and what fills them.

    One that `is_secret` holds a link that works: it is never stored, and written anew, the same, if it is sent again.
    """

    subject: str
    template: str
    values: Callable[[Reading], Content]
    is_secret: bool = False


def reading_of(session: Session, now: datetime, message: Claimed, config: "Config") -> Reading:
    """Raises Gone for a member whose account is closed or has come to its end, and Unreachable."""
    house = House(config.site_name, config.base_url, config.mail_from)
    if message.member_id is None:
        spoken = wording.language(str(message.facts.get("language") or DEFAULT_LANGUAGE))
        return Reading(session, now, message, house, None, "", _reachable(message.email), spoken)
    member = session.get(Member, message.member_id)
    if member is None or not is_active(member, now, ZoneInfo(config.default_timezone)):
        raise Gone
    spoken = member.language or DEFAULT_LANGUAGE
    email = _reachable(message.email or member.email)
    return Reading(session, now, message, house, member.id, member.name, email, spoken)


def _reachable(email: str) -> str:
    found = addresses.for_mail(email)
    if found is None:
        raise Unreachable
    return found
