"""What a feed says: the bookings of its scope within its window, as an iCalendar file.

Each booking's text was rendered when it changed; here its pieces are joined with the few words of a language, and
with no more than the reader may know. What has no text that counts is rendered on the way.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from booking.ical.calendar import TEMPLATE, CalendarView, calendar
from booking.ical.event import Status, alarm_lines, ended, joined, prefixed
from booking.ical.text import line, text, texts
from booking.models import Category
from booking.permissions import Actor
from booking.services.actors import actor_for_member
from booking.services.feed_about import About, about_of
from booking.services.feed_beside import buffers, closures
from booking.services.feed_following import may_follow
from booking.services.feed_keys import Detail, Kind
from booking.services.feed_reading import readable, waiting
from booking.services.feed_rendering import Rendered, render, status_of
from booking.services.feed_shown import departed, shown
from booking.services.feeds import Feed, House, Words

MOST_EVENTS = 1000  # Google stops a little above


@dataclass(frozen=True, slots=True)
class Reader:
    """How one feed is written: in which words, how much of each booking, and what waits for its reader."""

    feed: Feed
    words: Words
    house: House
    busy: bytes
    categories: dict[int, str]
    readable: Collection[int] | None  # None: all of them
    waiting: Collection[int] | None  # None: the feed is not about requests


def content(
    session: Session, now: datetime, feed: Feed, words: Words, house: House, most: int = MOST_EVENTS
) -> bytes | None:
    """The whole calendar; None when it is no longer for its reader."""
    actor = _actor(session, now, feed, house)
    if not may_follow(actor, feed.kind, feed.scope_id):
        return None
    rows = shown(session, feed, most)
    waits = waiting(session, now, actor, [row.id for row in rows]) if feed.kind is Kind.APPROVALS and actor else None
    if waits is not None:
        rows = [row for row in rows if row.id in waits]
    read = readable(session, now, actor, feed, [row.id for row in rows])
    if feed.kind is Kind.EVENTS and read is not None:
        rows = [row for row in rows if row.id in read]
    turn = None if waits is None else {id_ for id_, is_turn in waits.items() if is_turn}
    reader = Reader(feed, words, house, text("SUMMARY", words.busy), _categories(session, feed.language), read, turn)
    about = about_of(session, feed)
    events = [*_bookings(session, reader, rows), *closures(session, feed, words, about), *_gone(session, reader)]
    if feed.options.with_buffers:
        events += buffers(session, feed, words, rows)
    return calendar(_view(feed, words, house, about), events)


def _actor(session: Session, now: datetime, feed: Feed, house: House) -> Actor | None:
    return actor_for_member(session, now, feed.reader_id, zone=house.zone) if feed.reader_id else None


def _view(feed: Feed, words: Words, house: House, about: About) -> CalendarView:
    places = {"what": about.name, "site": house.name}
    address = f"{house.base_url}/feeds/public/{about.slug}.ics" if feed.kind is Kind.EVENTS else ""
    return CalendarView(
        name=words.name.format(**places),
        description=words.description.format(**places),
        url=f"{house.base_url}{about.page}",
        modified_at=feed.modified_at,
        zones=tuple(dict.fromkeys((about.zone or house.zone.key, *about.zones))),
        source=address,
    )


def _bookings(session: Session, reader: Reader, rows: list[Row[Any]]) -> Iterator[bytes]:
    stale = [row.id for row in rows if not _counts(row)]
    fresh = {each.booking_id: each for each in render(session, stale)} if stale else {}
    for row in rows:
        piece = fresh.get(row.id, row)
        if getattr(piece, "core", None) is not None:
            yield _event(reader, row, piece)


def _counts(row: Row[Any]) -> bool:
    """Whether the kept text is of the booking as it stands."""
    return (row.template, row.kept_at, row.kept_sequence) == (TEMPLATE, row.modified_at, row.sequence)


def _event(reader: Reader, row: Row[Any], piece: Row[Any] | Rendered) -> bytes:
    feed, words = reader.feed, reader.words
    detail = feed.detail if reader.readable is None or row.id in reader.readable else Detail.BUSY
    core, status = piece.core, status_of(row.state, row.application)
    if reader.waiting is not None and row.id not in reader.waiting:
        core, status = ended(core), Status.CANCELLED
    name = reader.busy if detail is Detail.BUSY else piece.summary
    if status is Status.CANCELLED:
        name = prefixed(words.cancelled if reader.waiting is None else words.answered, name)
    elif row.hold is not None and detail is not Detail.BUSY:
        name = prefixed(words.on_hold, name)
    alarm = _alarm(reader, row.uid) if feed.options.alarm_minutes and status is not Status.CANCELLED else b""
    if detail is Detail.BUSY:
        return joined(core, name, alarm)
    if detail is Detail.TITLE:
        return joined(core, name, piece.short_place, alarm)
    return joined(core, name, piece.full_place, _url(reader, row), _labels(reader, piece), alarm)


def _url(reader: Reader, row: Row[Any]) -> bytes:
    """The booking's own page is for members."""
    if reader.feed.kind is Kind.EVENTS:
        return b""
    return line("URL", f"{reader.house.base_url}/bookings/{row.public_id}")


def _labels(reader: Reader, piece: Row[Any] | Rendered) -> bytes:
    names = tuple(dict.fromkeys(reader.categories.get(id_, "") for id_ in piece.categories))
    return texts("CATEGORIES", tuple(name for name in names if name)) if any(names) else b""


def _alarm(reader: Reader, uid: str) -> bytes:
    return alarm_lines(uid, reader.feed.options.alarm_minutes or 0, reader.words.busy)


def _gone(session: Session, reader: Reader) -> Iterator[bytes]:
    for row in departed(session, reader.feed):
        tells = reader.feed.kind is Kind.MEMBER and reader.feed.detail is not Detail.BUSY and row.summary
        yield joined(row.core, prefixed(reader.words.cancelled, row.summary if tells else reader.busy))


def _categories(session: Session, language: str) -> dict[int, str]:
    """Each category in the feed's language, or else in any."""
    rows = session.execute(select(Category.id, Category.names))
    return {id_: names.get(language) or next(iter(names.values()), "") for id_, names in rows}
