"""Sends what is due in the outbox: claim, render once, keep the bytes, hand over, note it; each step a transaction."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from flask import current_app
from sqlalchemy.orm import Session

from booking.db import db, writing
from booking.jobs import smtp, stopping
from booking.jobs.rendering import Gone, Letter, Unreachable, render
from booking.services import outbox
from booking.services.outbox import Claimed

if TYPE_CHECKING:
    from config import Config

log = structlog.get_logger("samrom")
MOST_AT_ONCE = 100  # messages in one conversation; mail servers tire of more
LONGEST_TURN = 20.0  # seconds


def send_due(now: datetime) -> int:
    """Sends what is due, for a while; how many. When the mail server is away the rest waits for the next round."""
    config: Config = current_app.extensions["samrom"]
    if config.mail_server is None:
        return 0
    turn, sent = Turn(now), 0
    while (first := _claim(turn)) is not None:
        try:
            with smtp.connected(config.mail_server) as connection:
                sent += _send_many(turn, first, connection)
        except smtp.ServerAway as away:
            _trouble(turn.now, first, str(away))
            break
    return sent


@dataclass(slots=True)
class Turn:
    """How late it is as the sending goes on, so that a claim always lasts as long as it should."""

    began: datetime
    since: float = field(default_factory=time.monotonic)

    @property
    def now(self) -> datetime:
        return self.began + timedelta(seconds=time.monotonic() - self.since)

    @property
    def is_over(self) -> bool:
        """Other tasks have their time too."""
        return stopping.is_asked() or time.monotonic() - self.since > LONGEST_TURN


def _send_many(turn: Turn, first: Claimed, connection: smtp.Connection) -> int:
    """Messages in one conversation. Raises ServerAway only for the first: a later one is put off by itself."""
    message: Claimed | None = first
    done = number = 0
    while message is not None:
        try:
            done += _send(turn.now, message, connection)
        except smtp.ServerAway as away:
            if message is first:
                raise
            _trouble(turn.now, message, str(away))
            break
        number += 1
        message = _claim(turn) if number < MOST_AT_ONCE else None
    return done


def _send(now: datetime, message: Claimed, connection: smtp.Connection) -> bool:
    """Whether it went out. Raises ServerAway."""
    letter = _rendered(now, message)
    if letter is None:
        return False
    try:
        connection.hand_over(letter.sender, letter.receiver, letter.content)
    except smtp.Refused as refusal:
        if refusal.for_good:
            _bury(now, message, str(refusal))
        else:
            _trouble(now, message, str(refusal))
        return False
    _write(lambda session: outbox.mark_sent(session, now, message.id))
    return True


def _rendered(now: datetime, message: Claimed) -> Letter | None:
    """The letter; unless it is secret its bytes are kept first. None when there is nothing to send, or it failed."""
    try:
        with Session(db.engine) as session:
            letter = render(session, now, message)
    except Gone:
        _write(lambda session: outbox.drop(session, now, message.id))
        return None
    except Unreachable:
        _bury(now, message, "no address that mail can go to")
        return None
    except Exception as error:  # one letter that cannot be written must not stop the others
        log.error("mail cannot be written", message=message.public_id, kind=message.kind, exc_info=error)
        _trouble(now, message, f"cannot be written: {type(error).__name__}")
        return None
    if message.rendered is None and not letter.is_secret:
        with writing() as session:
            letter = replace(letter, content=outbox.keep_rendered(session, message.id, letter.content))
    return letter


def _claim(turn: Turn) -> Claimed | None:
    if turn.is_over:
        return None
    with writing() as session:
        return outbox.claim(session, turn.now)


def _bury(now: datetime, message: Claimed, error: str) -> None:
    _write(lambda session: outbox.bury(session, now, message.id, error))
    log.error("mail refused", message=message.public_id, kind=message.kind, error=error)


def _trouble(now: datetime, message: Claimed, error: str) -> None:
    jitter = random.SystemRandom().random()
    with writing() as session:
        is_over = outbox.put_off(session, now, message.id, error, jitter)
    said = log.error if is_over else log.warning
    said("mail given up" if is_over else "mail put off", message=message.public_id, kind=message.kind, error=error)


def _write(change: Callable[[Session], object]) -> None:
    with writing() as session:
        change(session)
