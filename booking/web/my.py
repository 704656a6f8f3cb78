"""A member's own bookings, the page of one, and giving one back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response, flash, redirect, render_template, request, url_for

from booking import clock, wording
from booking.core.errors import BookingRefused, InvalidInput, WrongState
from booking.core.verdict import Verdict
from booking.db import db, writing
from booking.http.access import signed_in, the_actor
from booking.http.csrf import take_draft
from booking.http.language import language
from booking.http.words import gettext as _
from booking.permissions import Actor, can, require
from booking.services import applications
from booking.services.asking import open_requests
from booking.services.changes import cancel_booking
from booking.services.history import history
from booking.services.lone_work import watches
from booking.services.mine import APPLIED, Mine, given_up, listed_booking, member_name, past, upcoming
from booking.services.notices import of_booking, unread
from booking.services.overriding import may_pass_standing
from booking.services.pools import unit_names
from booking.services.questions import open_question
from booking.services.requests import is_waiting
from booking.services.standing import Standing
from booking.services.telling import BY_HAND, as_manager, lateness_for
from booking.services.undoing import may_restore
from booking.web.changes import as_it_stands
from booking.web.display import booking_view, by_day, things_of
from booking.web.fault import booking_notices
from booking.web.features import whole_place
from booking.web.happenings import Line, lines
from booking.web.on_hold import endings, hold_notices, holds_shown, together
from booking.web.override import asked_anyway
from booking.web.safety_view import detail_lines, watch_views
from booking.web.series_words import series_view
from booking.web.shown import shown_booking
from booking.web.takeaway import code_for
from booking.web.told import NoticeView, notice_view
from booking.web.verdicts import Choice, finding_view
from booking.web.ways import after_notice, shifts, wanted_words

Answer = str | tuple[str, int] | Response
Errors = dict[str, str]
MOST_TOLD = 5
WAITING = ("requested", APPLIED)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class AskedView:
    """Somebody asks for this booking's time: when, and where it could be instead."""

    key: str
    wanted: str
    choices: list[Choice]


@signed_in
def mine() -> str:
    """Upcoming, waiting, past and given up; an empty page teaches what to do first."""
    actor, now = the_actor(), clock.now()
    ahead = upcoming(db.session(), now, actor)
    waiting = [each for each in ahead if each.state in WAITING]
    held = hold_notices(ahead, now)
    notices = together(held, booking_notices(ahead, now))
    return render_template(
        "bookings/mine.html",
        troubled=[(booking_view(each, now), notices[each.public_id]) for each in ahead if each.public_id in notices],
        days=by_day([each for each in ahead if each.state not in WAITING], now, held),
        waiting=[booking_view(each, now, held) for each in waiting],
        past=[booking_view(each, now) for each in past(db.session(), now, actor)],
        given_up=[booking_view(each, now) for each in given_up(db.session(), now, actor)],
        count=len(ahead),
        ending=endings(actor, now),
        news=[notice_view(each) for each in unread(db.session(), actor, most=MOST_TOLD)],
        watches=watch_views(watches(db.session(), now, actor)),
    )


@signed_in
def page(public_id: str) -> str:
    """Everything about one booking, and what may be done with it."""
    actor, now = the_actor(), clock.now()
    standing = shown_booking(actor, public_id)
    mine_ = listed_booking(db.session(), standing.row.id)
    ahead = standing.row.live and standing.row.ends_at > now
    may_change = can(actor, "booking.change", standing.subject)
    address = url_for("bookings.page", public_id=public_id, _external=True)
    held = holds_shown(actor, standing, mine_, now)
    return render_template(
        "bookings/page.html",
        booking=booking_view(mine_, now, held),
        notices=together(held, booking_notices([mine_], now)).get(public_id, []),
        mine=mine_,
        holder=standing.row.member_id == actor.member_id,
        may_change=ahead and may_change,
        may_cancel=_may_cancel(actor, standing, now),
        question=_question(actor, standing),
        may_restore=may_restore(db.session(), now, actor, standing),
        may_end=_may_end(actor, standing, now),
        may_hand_over=ahead and can(actor, "booking.hand_over", standing.subject),
        news=_told(actor, standing, now),
        asked=_asked(actor, standing, now),
        visitor=_visitor(actor, standing),
        places=[whole_place(card) for card in mine_.cards],
        things=things_of(mine_),
        units=_units(standing, mine_) if may_change and standing.row.live else {},
        who=_who(standing, mine_),
        booked_by=_booked_by(actor, standing),
        seen_by=_seen_by(mine_),
        calendar_file=url_for("bookings.calendar_file", public_id=public_id) if standing.row.live else "",
        address=address,
        code=code_for(address),
        asked_details=detail_lines(standing) if can(actor, "booking.follow", standing.subject) else [],
        series=series_view(standing, may_change=may_change and _may_cancel(actor, standing, now)),
        history=_history(actor, standing),
    )


@signed_in
def cancellation(public_id: str) -> str:
    """Asks once more before the time is given back; whoever manages the place says why."""
    draft = take_draft("bookings.cancel") or {}
    return _cancellation(the_actor(), public_id, draft.get("message", [request.form.get("message", "")])[0])


@signed_in
def cancel(public_id: str) -> Answer:
    """Gives the time back; or says why it is too late, and whom to ask."""
    actor = the_actor()
    shown_booking(actor, public_id)
    message = request.form.get("message", "")
    try:
        with writing() as session:
            cancel_booking(session, clock.now(), actor, public_id, reason=message, override=asked_anyway())
    except BookingRefused as refusal:
        return _cancellation(actor, public_id, message, verdict=refusal.verdict), refusal.status
    except InvalidInput as invalid:
        errors = {invalid.field: wording.error_sentence(invalid, language())}
        return _cancellation(actor, public_id, message, errors=errors), invalid.status
    flash(_("Cancelled. The time is free for others again."), "ok")
    return redirect(url_for("bookings.page", public_id=public_id), 303)  # type: ignore[return-value]


cancel.form_page = "bookings.cancellation"  # type: ignore[attr-defined]


def _cancellation(
    actor: Actor, public_id: str, message: str, *, verdict: Verdict | None = None, errors: Errors | None = None
) -> str:
    now, standing = clock.now(), shown_booking(actor, public_id)
    require(actor, "booking.cancel", standing.subject)
    if not _may_cancel(actor, standing, now):
        raise WrongState(state=standing.row.state)
    mine_ = listed_booking(db.session(), standing.row.id)
    late = verdict or lateness_for(db.session(), now, actor, standing, None, BY_HAND)[0]
    return render_template(
        "bookings/cancellation.html",
        booking=booking_view(mine_, now),
        public_id=public_id,
        findings=[finding_view(each, standing.zone) for each in late.findings],
        refused=late.refused,
        may_override=may_pass_standing(actor, late, standing),
        errors=errors or {},
        typed=request.form,
        holder="" if standing.row.member_id == actor.member_id else member_name(db.session(), standing.row.member_id),
        must_write=as_manager(actor, standing.subject),
        message=message,
        error=(errors or {}).get("message", ""),
    )


def _units(standing: Standing, mine_: Mine) -> dict[str, str]:
    """Which units of its pools the booking holds, by the pool's slug: for its holder and those who manage it."""
    names = unit_names(db.session(), standing.row.id)
    return {card.slug: ", ".join(names.get(card.id, ())) for card in mine_.cards if card.is_pool}


def _who(standing: Standing, mine_: Mine) -> str:
    return ", ".join(filter(None, (member_name(db.session(), standing.row.member_id), mine_.organisation)))


def _booked_by(actor: Actor, standing: Standing) -> str:
    """Who made it in the holder's name, for those who may follow what happens to it."""
    row = standing.row
    if row.booked_by_id == row.member_id or not can(actor, "booking.follow", standing.subject):
        return ""
    return member_name(db.session(), row.booked_by_id)


def _seen_by(mine_: Mine) -> str:
    words = {
        "private": _("only the one who booked"),
        "organisation": mine_.organisation or _("the organisation"),
        "members": _("every member"),
        "public": _("everybody"),
    }
    return words[mine_.visibility]


def _question(actor: Actor, standing: Standing) -> str:
    """What whoever is to answer would like to know first, for those who can tell."""
    row = standing.row
    if not can(actor, "booking.own", standing.subject) or not is_waiting(db.session(), row):
        return ""
    asked = open_question(db.session(), row.id)
    return asked.text or "" if asked else ""


def _may_cancel(actor: Actor, standing: Standing, now: datetime) -> bool:
    held = standing.row.live or applications.is_open(db.session(), standing.row.id)
    return held and standing.row.starts_at > now and can(actor, "booking.cancel", standing.subject)


def _may_end(actor: Actor, standing: Standing, now: datetime) -> bool:
    """Until its last minute: the end is rounded up to the next."""
    row = standing.row
    runs = row.live and row.starts_at <= now and now + MINUTE < row.ends_at
    return runs and can(actor, "booking.own", standing.subject)


def _history(actor: Actor, standing: Standing) -> list[Line]:
    """For those who may follow what happens to it, not for all who may see its title."""
    if not can(actor, "booking.follow", standing.subject):
        return []
    return lines(history(db.session(), standing.row.id), standing.zone)


def _told(actor: Actor, standing: Standing, now: datetime) -> list[NoticeView]:
    """What the reader was told about this booking, with what they may rather have."""
    found = of_booking(db.session(), actor, standing.row.public_id)
    form = as_it_stands(standing)
    holds = standing.row.member_id == actor.member_id
    return [notice_view(each, after_notice(now, standing, each, form) if holds else []) for each in found]


def _asked(actor: Actor, standing: Standing, now: datetime) -> list[AskedView]:
    """Requests to shift that the holder can answer here."""
    return [
        AskedView(each.key, wanted_words(each.wanted, standing), shifts(now, standing, each))
        for each in open_requests(db.session(), now, actor, standing)
    ]


def _visitor(actor: Actor, standing: Standing) -> tuple[str, str] | None:
    """The guest it was booked for, and how to reach them."""
    row = standing.row
    return (
        (row.visitor_name, row.visitor_contact)
        if row.visitor_name and can(actor, "booking.follow", standing.subject)
        else None
    )
