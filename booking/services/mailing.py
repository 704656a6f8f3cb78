"""Makes messages of what a transaction tells, just before it commits: one to each person about each thing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from booking.core.lifecycle import HOLDING, State
from booking.models import Booking, BookingItem, Series
from booking.services import mail_waiting, outbox, request_mail
from booking.services.mail_waiting import Asked, News, Redrawn
from booking.services.mine import APPLIED

# What a calendar has to follow. The rest tells something about a booking that stands as it did.
CHANGES = frozenset({
    "made", "changed", "cancelled", "restored", "ended", "handed_over", "given_away", "approved", "declined", "lost",
    "expired", "shift_accepted", "series_made", "series_changed", "series_cancelled",
})  # fmt: skip
OF_SERIES = frozenset({"series_made", "series_changed", "series_cancelled"})
ONE_BY_ONE = {"series_made": "made", "series_changed": "changed", "series_cancelled": "cancelled"}
OWN = "booking_"  # begins the kinds that tell somebody of what they did themselves
REDRAWN = "series_redrawn"
About = tuple[str, int]  # ("series", 4), ("booking", 7), ("fault", 2)


@dataclass(slots=True)
class Letter:
    """All that one person is to be told about one thing, in the order it happened."""

    member_id: int
    about: About
    follows: bool  # whether the reader's calendar has to follow
    news: list[News] = field(default_factory=list)

    @property
    def booking_ids(self) -> list[int]:
        """The bookings it is about, each once."""
        named = [id_ for each in self.news for id_ in (each.facts.get("bookings") or [each.booking_id]) if id_]
        return list(dict.fromkeys(named))

    @property
    def is_of_series(self) -> bool:
        """Whether it speaks of a series as a whole."""
        return self.about[0] == "series" and (
            len(self.booking_ids) > 1 or any(each.kind in OF_SERIES for each in self.news)
        )


def listen() -> None:
    """From now on every commit posts what waits; before the feeds' counters, whose locks are always the last."""
    if not event.contains(Session, "before_commit", _post_all):
        event.listen(Session, "before_commit", _post_all, insert=True)


def _post_all(session: Session) -> None:
    """What a savepoint tells waits for the end as well."""
    if session.in_nested_transaction():
        return
    entries = mail_waiting.take(session)
    if not entries:
        return
    session.flush()
    letters = _letters(session, [each for each in entries if isinstance(each, News)])
    redrawn = {each.series_id for each in entries if isinstance(each, Redrawn)}
    followed = {letter.about[1] for letter in letters if letter.follows and letter.about[0] == "series"}
    sequences = _raise_sequences(session, redrawn | followed)
    for series_id in sorted(redrawn - followed):
        _redraw(session, entries[0].now, series_id, sequences)
    for letter in letters:
        _post(session, letter, sequences, redrawn)
    for asked in entries:
        if isinstance(asked, Asked):
            request_mail.post(session, asked.now, asked.booking_ids)


def _letters(session: Session, news: Iterable[News]) -> list[Letter]:
    """Who is told of their own doing hears only of what their calendar must follow."""
    found: dict[tuple[int, About, str], Letter] = {}
    for each in news:
        follows = each.kind in CHANGES
        if each.by == each.member_id and not follows:
            continue
        for one in _one_by_one(session, each):
            about = _about(session, one)
            key = (one.member_id, about, "" if follows else one.kind)
            found.setdefault(key, Letter(one.member_id, about, follows)).news.append(one)
    return list(found.values())


def _one_by_one(session: Session, news: News) -> list[News]:
    """Dates that were handed to somebody stand in their calendar each by itself, and so are told each by itself."""
    if news.kind not in OF_SERIES or _about(session, news)[0] == "series":
        return [news]
    ids = news.facts.get("bookings") or [news.booking_id]
    return [News(news.now, news.member_id, ONE_BY_ONE[news.kind], news.by, id_, text=news.text) for id_ in ids]


def _about(session: Session, news: News) -> About:
    """The series for whom it stands as a series; anybody else holds a date of it as a booking like any other."""
    if news.booking_id is None:
        return "fault", news.fault_id or 0
    booking = session.get_one(Booking, news.booking_id)
    if booking.series_id is not None:
        series = session.get_one(Series, booking.series_id)
        if series.member_id == news.member_id or news.kind not in CHANGES:
            return "series", series.id
    return "booking", booking.id


def _raise_sequences(session: Session, series_ids: Iterable[int]) -> dict[int, int]:
    """Of each series that a calendar must follow; they never go back, whoever else writes at the same time."""
    sequences = {}
    for id_ in sorted(series_ids):
        risen = update(Series).where(Series.id == id_).values(sequence=Series.sequence + 1)
        sequences[id_] = session.scalars(risen.returning(Series.sequence)).one()
    return sequences


def _post(session: Session, letter: Letter, sequences: Mapping[int, int], redrawn: Collection[int]) -> None:
    said = _telling(letter)
    ids = letter.booking_ids
    facts: dict[str, Any] = {**said.facts, **_first_and_last(letter), "by": said.by}
    facts.pop("bookings", None)
    if len(ids) > 1:
        facts["dates"] = ids
    if said.fault_id:
        facts["fault_id"] = said.fault_id
    if letter.follows:
        facts["calendar"] = _calendar(session, letter, sequences, redrawn)
    outbox.post(
        session, said.now, _kind(letter, said),
        to=letter.member_id,
        booking_id=ids[0] if ids else None,
        series_id=letter.about[1] if letter.about[0] == "series" else None,
        facts=facts, text=said.text,
    )  # fmt: skip


def _telling(letter: Letter) -> News:
    """What to tell when several things happened at once: what is said of the whole, else what others did, the last."""
    return max(enumerate(letter.news), key=lambda each: (each[1].kind in OF_SERIES, _is_others(each[1]), each[0]))[1]


def _is_others(news: News) -> bool:
    return news.by != news.member_id


def _first_and_last(letter: Letter) -> dict[str, Any]:
    """How it was before the first of them and is after the last."""
    if len(letter.booking_ids) > 1:
        return {}
    before = [each.facts["before"] for each in letter.news if each.facts.get("before")]
    after = [each.facts["after"] for each in letter.news if each.facts.get("after")]
    return ({"before": before[0]} if before else {}) | ({"after": after[-1]} if after else {})


def _kind(letter: Letter, said: News) -> str:
    kinds = {each.kind for each in letter.news}
    kind = said.kind if said.kind in OF_SERIES or len(kinds) == 1 or len(letter.booking_ids) == 1 else "series_changed"
    if _is_others(said):
        return kind
    waits = (said.facts.get("after") or {}).get("state") in (State.REQUESTED, APPLIED)
    return "requested" if kind == "made" and waits else OWN + kind


def _calendar(
    session: Session, letter: Letter, sequences: Mapping[int, int], redrawn: Collection[int]
) -> dict[str, Any] | None:
    """What the calendar part is to say: a booking or a date as it is now, or a series as it will be when it is sent."""
    if letter.is_of_series or (letter.about[0] == "series" and letter.about[1] in redrawn):
        return _whole(letter.about[1], sequences)
    booking = session.get_one(Booking, letter.booking_ids[0])
    kinds = {each.kind for each in letter.news}
    if not booking.live and kinds <= {"made", "restored"}:
        return None  # it competes with others and holds no time yet
    stands = booking.live and booking.member_id == letter.member_id
    snapshot: dict[str, Any] = {
        "form": "booking",
        "method": "REQUEST" if stands else "CANCEL",
        "sequence": booking.sequence,
        "stamp": booking.modified_at.isoformat(),
        "state": str(booking.state),
        "starts_at": booking.starts_at.isoformat(),
        "ends_at": booking.ends_at.isoformat(),
        "resources": _resources(session, letter, booking.id),
    }
    if letter.about[0] == "booking" or booking.series_day is None:
        return snapshot
    sequence = sequences[letter.about[1]]
    if sequence == 1 or (stands and _was_away(letter)):
        return _whole(letter.about[1], sequences)
    day = booking.series_day.isoformat()
    return {**snapshot, "form": "date", "series": letter.about[1], "day": day, "sequence": sequence}


def _was_away(letter: Letter) -> bool:
    """Whether the reader's calendar may have left the date out, so that it cannot be named by itself."""
    states = [each.facts["before"]["state"] for each in letter.news if (each.facts.get("before") or {}).get("state")]
    held = all(state in HOLDING for state in states)
    return not held or any(each.kind == "handed_over" for each in letter.news)


def _whole(series_id: int, sequences: Mapping[int, int]) -> dict[str, Any]:
    return {"form": "series", "series": series_id, "sequence": sequences[series_id]}


def _resources(session: Session, letter: Letter, booking_id: int) -> list[int]:
    """What it holds, or held; mostly told already."""
    told = [each.facts["after"]["resources"] for each in letter.news if "resources" in (each.facts.get("after") or {})]
    if told:
        return list(told[-1])
    held = select(BookingItem.resource_id).where(BookingItem.booking_id == booking_id)
    return list(session.scalars(held.order_by(BookingItem.id)))


def _redraw(session: Session, now: datetime, series_id: int, sequences: Mapping[int, int]) -> None:
    """A word to the holder whose calendar nothing else brings in line with a series that was written anew."""
    member_id = session.get_one(Series, series_id).member_id
    if member_id is not None:
        facts = {"calendar": _whole(series_id, sequences)}
        outbox.post(session, now, REDRAWN, to=member_id, series_id=series_id, facts=facts)


__all__ = ["CHANGES", "OWN", "REDRAWN"]
