"""What a booking's page says of the series it belongs to."""

from dataclasses import dataclass

from flask import url_for

from booking.db import db
from booking.http.words import ngettext
from booking.services.series_reading import recipe_of_series
from booking.services.standing import Standing
from booking.web.series_view import recipe_of, rule_words, wall_text


@dataclass(frozen=True, slots=True)
class SeriesView:
    """How it repeats, and where all its dates stand."""

    words: str
    href: str
    count: str
    may_change: bool


def series_view(standing: Standing, *, may_change: bool) -> SeriesView | None:
    """The series of a booking; None when it belongs to none."""
    if standing.row.series_id is None:
        return None
    public_id, recipe, number = recipe_of_series(db.session(), standing.row.series_id)
    rule, wall = recipe_of(recipe)
    words = f"{rule_words(rule, wall.starts.date())}, {wall_text(wall)}."
    count = ngettext("See its %(num)s date", "See all %(num)s dates", number)
    return SeriesView(words, url_for("bookings.series", public_id=public_id), count, may_change)
