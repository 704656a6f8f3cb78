"""A member's feed addresses as the page lists them: what each follows, who fetched it when, and what it missed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.dates import format_timedelta

from booking import clock
from booking.db import db
from booking.http.access import the_actor
from booking.http.language import locale
from booking.http.words import gettext as _
from booking.http.words import ngettext
from booking.services import feed_following, feed_keys
from booking.services.feed_keys import KeyLine
from booking.web.calendar_form import what_words
from booking.web.calendar_help import detail_words

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Line:
    """An address without its secret."""

    public_id: str
    name: str
    follows: str
    detail: str
    created_at: datetime
    last_fetched_at: datetime | None
    fetched: str
    changes: str


def key_lines() -> list[Line]:
    """The member's own addresses, newest first."""
    keys = feed_keys.keys_of(db.session(), the_actor().member_id)
    names, levels = feed_following.names_of(db.session(), keys), detail_words()
    return [
        Line(
            key.public_id,
            key.name,
            what_words(key.kind, names.get((key.kind, key.scope_id), "")),
            levels[key.detail][0],
            key.created_at,
            key.last_fetched_at,
            _fetched(key),
            ngettext("%(num)s change since then", "%(num)s changes since then", key.changes) if key.changes else "",
        )
        for key in keys
    ]


def _fetched(key: KeyLine) -> str:
    """Outlook fetched this 3 hours ago."""
    if key.last_fetched_at is None:
        return ""
    since = min(key.last_fetched_at - clock.now(), -SECOND)
    ago: str = format_timedelta(since, add_direction=True, locale=locale())
    if key.program:
        return _("%(program)s fetched it %(ago)s", program=key.program, ago=ago)
    return ago
