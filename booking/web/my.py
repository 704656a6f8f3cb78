"""A member's own bookings, the page of one, and giving one back."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, flash, redirect, render_template, url_for

from booking import clock, wording
from booking.core.errors import WrongState
from booking.core.timespan import TimeSpan
from booking.db import db, writing
from booking.http.access import signed_in, the_actor
from booking.http.language import language
from booking.http.words import gettext as _
from booking.permissions import Actor, can, require
from booking.services.changes import Standing, cancel_booking
from booking.services.mine import Happening, Mine, given_up, history, listed_booking, member_name, past, upcoming
from booking.services.pools import unit_names
from booking.web.display import booking_view, by_day, things_of
from booking.web.features import whole_place
from booking.web.shown import shown_booking
from booking.web.takeaway import code_for


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a booking's history."""

    iso: str
    time: str
    words: str


@signed_in
def mine() -> str:
    """Upcoming, waiting, past and given up; an empty page teaches what to do first."""
    actor, now = the_actor(), clock.now()
    ahead = upcoming(db.session(), now, actor)
    waiting = [each for each in ahead if each.state == "requested"]
    return render_template(
        "bookings/mine.html",
        days=by_day([each for each in ahead if each.state != "requested"], now),
        waiting=[booking_view(each, now) for each in waiting],
        past=[booking_view(each, now) for each in past(db.session(), now, actor)],
        given_up=[booking_view(each, now) for each in given_up(db.session(), now, actor)],
        count=len(ahead),
    )


@signed_in
def page(public_id: str) -> str:
    """Everything about one booking, and what may be done with it."""
    actor, now = the_actor(), clock.now()
    standing = shown_booking(actor, public_id)
    mine_ = listed_booking(db.session(), standing.row.id)
    may_change = can(actor, "booking.change", standing.subject)
    address = url_for("bookings.page", public_id=public_id, _external=True)
    return render_template(
        "bookings/page.html",
        booking=booking_view(mine_, now),
        mine=mine_,
        holder=standing.row.member_id == actor.member_id,
        may_change=may_change and standing.row.live and standing.row.ends_at > now,
        may_cancel=_may_cancel(actor, standing, now),
        places=[whole_place(card) for card in mine_.cards],
        things=things_of(mine_),
        units=_units(standing, mine_) if may_change and standing.row.live else {},
        who=_who(standing, mine_),
        seen_by=_seen_by(mine_),
        calendar_file=url_for("bookings.calendar_file", public_id=public_id) if standing.row.live else "",
        address=address,
        code=code_for(address),
        history=_lines(history(db.session(), standing.row.id), mine_) if may_change else [],
    )


@signed_in
def cancellation(public_id: str) -> str:
    """Asks once more before the time is given back."""
    actor, now = the_actor(), clock.now()
    standing = shown_booking(actor, public_id)
    require(actor, "booking.cancel", standing.subject)
    if not _may_cancel(actor, standing, now):
        raise WrongState(state=standing.row.state)
    mine_ = listed_booking(db.session(), standing.row.id)
    return render_template("bookings/cancellation.html", booking=booking_view(mine_, now), public_id=public_id)


@signed_in
def cancel(public_id: str) -> Response:
    """Gives the time back."""
    actor = the_actor()
    shown_booking(actor, public_id)
    with writing() as session:
        cancel_booking(session, clock.now(), actor, public_id)
    flash(_("Cancelled. The time is free for others again."), "ok")
    return redirect(url_for("bookings.page", public_id=public_id), 303)  # type: ignore[return-value]


cancel.form_page = "bookings.cancellation"  # type: ignore[attr-defined]


def _units(standing: Standing, mine_: Mine) -> dict[str, str]:
    """Which units of its pools the booking holds, by the pool's slug: for its holder and those who manage it."""
    names = unit_names(db.session(), standing.row.id)
    return {card.slug: ", ".join(names.get(card.id, ())) for card in mine_.cards if card.is_pool}


def _who(standing: Standing, mine_: Mine) -> str:
    return ", ".join(filter(None, (member_name(db.session(), standing.row.member_id), mine_.organisation)))


def _seen_by(mine_: Mine) -> str:
    words = {
        "private": _("only the one who booked"),
        "organisation": mine_.organisation or _("the organisation"),
        "members": _("every member"),
    }
    return words[mine_.visibility]


def _may_cancel(actor: Actor, standing: Standing, now: datetime) -> bool:
    return standing.row.live and standing.row.starts_at > now and can(actor, "booking.cancel", standing.subject)


def _lines(happenings: list[Happening], mine_: Mine) -> list[Line]:
    zone = mine_.zone
    return [
        Line(each.at.astimezone(zone).isoformat(), wording.moment(each.at, language(), zone), _told(each, mine_))
        for each in reversed(happenings)
    ]


def _told(each: Happening, mine_: Mine) -> str:
    who = each.who or _("The service")
    words = {
        "booking.made": _("%(who)s booked it", who=who),
        "booking.changed": _("%(who)s changed it", who=who),
        "booking.cancelled": _("%(who)s cancelled it", who=who),
        "booking.handed_over": _("%(who)s handed it over", who=who),
        "booking.reseated": _("Given other units of the pool, so that everybody has room"),
    }
    told = words.get(each.action) or f"{who}: {each.action}"
    times = _times(each, mine_)
    return f"{told}: {times}" if times else told


def _times(each: Happening, mine_: Mine) -> str:
    """From when to when a change moved it."""
    spans = [_span(values) for values in (each.before, each.after)]
    if None in spans or spans[0] == spans[1]:
        return ""
    old, new = (wording.when_compact(span, language(), mine_.zone) for span in spans if span)
    return _("from %(old)s to %(new)s", old=old, new=new)


def _span(values: dict[str, object] | None) -> TimeSpan | None:
    if not values or "starts_at" not in values:
        return None
    starts, ends = (datetime.fromisoformat(str(values[name])) for name in ("starts_at", "ends_at"))
    return TimeSpan(starts, ends)
