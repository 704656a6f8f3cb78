"""Quotas as pages show them: what they are, how much is used and left, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from booking import wording
from booking.http.language import language
from booking.http.words import gettext as _
from booking.services.quotas import QuotaLine
from booking.wording.limits import limit_text
from booking.wording.times import period


@dataclass(frozen=True, slots=True)
class QuotaView:
    """One quota; `percent` is how much of it is used, at most a hundred."""

    name: str
    words: str
    period: str
    used: str
    left: str
    percent: int
    is_used_up: bool
    is_shared: bool


def quota_views(lines: Iterable[QuotaLine]) -> list[QuotaView]:
    """In the order given."""
    return [_view(line) for line in lines]


def _view(line: QuotaLine) -> QuotaView:
    names = line.names
    span = line.period
    return QuotaView(
        name=names.get(language()) or names.get("nb", ""),
        words=limit_text(line.limit, language(), hours=line.is_time),
        period=period(span.per, span.first, span.last, language()) if span else _("ahead"),
        used=_amount(line, line.used),
        left=_amount(line, line.left),
        percent=min(100, round(100 * line.used / line.most)),
        is_used_up=line.left <= 0,
        is_shared=line.limit.subject == "organisation",
    )


def _amount(line: QuotaLine, amount: float) -> str:
    return wording.length(timedelta(minutes=amount), language()) if line.is_time else str(int(amount))


__all__ = ["QuotaView", "quota_views"]
