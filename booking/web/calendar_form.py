"""The form for a new feed address: what it follows, what it is called, how much it shows, and two options."""

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, StringField
from wtforms.validators import AnyOf, InputRequired, Length

from booking.core.errors import InvalidInput
from booking.db import db
from booking.http.access import the_actor
from booking.http.display import length
from booking.http.language import language
from booking.http.words import gettext as _
from booking.services import feed_following
from booking.services.feed_following import Followable
from booking.services.feed_keys import ALARMS, Detail, Kind, Wanted
from booking.web.calendar_help import detail_words


class KeyForm(Form):
    """A name to know the address by, what it follows, and how much it shows."""

    name = StringField(filters=[lambda typed: " ".join((typed or "").split())])
    what = StringField(default=Kind.MEMBER.value, validators=[Length(max=80)])
    detail = StringField(validators=[AnyOf([each.value for each in Detail], _l("Choose what the calendar shows."))])
    buffers = BooleanField()
    alarm = StringField(
        default="",
        validators=[AnyOf(["", *map(str, ALARMS)], _l("Choose one of the reminders, or none."))],
    )
    key = StringField(validators=[InputRequired(), Length(max=64)])

    def wanted(self) -> Wanted:
        """What is asked for. Raises InvalidInput for what the member may not follow."""
        found = feed_following.followable(db.session(), the_actor(), self.what.data or Kind.MEMBER.value)
        return Wanted(
            self.name.data or "",
            Detail(self.detail.data or ""),
            language(),
            found.kind,
            found.scope_id,
            bool(self.buffers.data),
            int(self.alarm.data) if self.alarm.data else None,
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """What the form's lists hold."""

    what: list[tuple[str, str]]
    levels: list[tuple[str, str, str]]
    alarms: list[tuple[str, str]]


def offer(form: KeyForm) -> Offer:
    """What the member may follow, with what the form already names: rooms come from their own pages."""
    known = feed_following.choices(db.session(), the_actor())
    words = form.what.data or ""
    if words not in {each.word for each in known}:
        known += [each for each in [_named(words)] if each is not None]
    return Offer(
        [(each.word, what_words(each.kind, each.name)) for each in known],
        [(level.value, *words) for level, words in detail_words().items()],
        [("", _("No reminder")), *((str(each), _before(each)) for each in ALARMS)],
    )


def what_words(kind: Kind, name: str) -> str:
    """What a feed follows, in words."""
    words = {Kind.MEMBER: _("My own bookings"), Kind.APPROVALS: _("Requests that wait for my answer")}
    return words.get(kind) or name


def _before(minutes: int) -> str:
    return _("%(length)s before", length=length(timedelta(minutes=minutes)))


def _named(words: str) -> Followable | None:
    try:
        return feed_following.followable(db.session(), the_actor(), words)
    except InvalidInput:
        return None
