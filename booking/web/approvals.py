"""Requests to answer: the list by age, one request with all about it, and each answer to it."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from booking import clock, wording
from booking.core.errors import BookingRefused, DomainError, InvalidInput
from booking.core.lifecycle import State
from booking.core.verdict import Verdict
from booking.db import db, writing
from booking.http.access import allowed, signed_in, the_actor
from booking.http.language import language
from booking.http.words import gettext as _
from booking.http.words import ngettext
from booking.services import inbox
from booking.services.approving import Answered, approve, decline, may_approve_anyway
from booking.services.delegating import delegate_request, stand_ins
from booking.services.questions import answer, ask_for_more
from booking.services.requests import AlreadyDecided, request_by
from booking.web.approvals_view import request_view, request_views
from booking.web.override import asked_anyway
from booking.web.shown import NUL
from booking.web.verdicts import finding_view

Answer = str | tuple[str, int] | Response
pages = Blueprint("approvals", __name__)


@pages.get("/approvals")
@allowed("request.decide")
def listing() -> str:
    """Those that wait for the reader, the oldest first; then those that others are asked about first."""
    actor, now = the_actor(), clock.now()
    found = inbox.inbox(db.session(), now, actor)
    mine = {each.booking.public_id for each in found if each.is_called and each.is_turn}
    views = request_views(found, now)
    return render_template(
        "approvals/inbox.html",
        mine=[each for each in views if each.public_id in mine],
        others=[each for each in views if each.public_id not in mine],
    )


@pages.get("/approvals/<public_id>")
@allowed("request.decide")
def show(public_id: str) -> Answer:
    """One request, with everything that one wants to know and may answer; or what has become of it."""
    return _page(public_id)


@pages.post("/approvals/<public_id>/approval")
@allowed("request.decide")
def yes(public_id: str) -> Answer:
    """Approves it; or shows what the rules refuse by now, and a way past them for those who may."""
    return _answered(public_id, lambda now: _approve(now, public_id))


yes.form_page = "approvals.show"  # type: ignore[attr-defined]


@pages.post("/approvals/<public_id>/refusal")
@allowed("request.decide")
def no(public_id: str) -> Answer:
    """Declines it with a reason."""

    def said(now: datetime) -> str:
        with writing() as session:
            decline(session, now, the_actor(), public_id, request.form.get("reason", ""))
        return _("Declined. The one who asked has been told why.")

    return _answered(public_id, said)


no.form_page = "approvals.show"  # type: ignore[attr-defined]


@pages.post("/approvals/<public_id>/question")
@allowed("request.decide")
def question(public_id: str) -> Answer:
    """Asks for more."""

    def said(now: datetime) -> str:
        with writing() as session:
            ask_for_more(session, now, the_actor(), public_id, request.form.get("question", ""))
        return _("Asked. You hear when they answer; the request waits meanwhile.")

    return _answered(public_id, said)


question.form_page = "approvals.show"  # type: ignore[attr-defined]


@pages.post("/approvals/<public_id>/delegation")
@allowed("request.decide")
def delegation(public_id: str) -> Answer:
    """Lets somebody else answer it."""

    def said(now: datetime) -> str:
        with writing() as session:
            name = delegate_request(session, now, the_actor(), public_id, request.form.get("to", ""))
        return _("%(name)s can answer it now, and has been told.", name=name)

    return _answered(public_id, said)


delegation.form_page = "approvals.show"  # type: ignore[attr-defined]


@pages.post("/approvals")
@allowed("request.decide")
def many() -> Answer:
    """Answers all that were chosen, each by itself: what cannot be answered is told, and the rest is done."""
    keys, reason = request.form.getlist("request"), request.form.get("reason", "")
    if not keys:
        flash(wording.error_sentence(InvalidInput("request", "approval.none_chosen"), language()), "refused")
        return _to_list()
    done = 0
    for key in keys:
        try:
            with writing() as session:
                if request.form.get("do") == "decline":
                    decline(session, clock.now(), the_actor(), key, reason)
                else:
                    approve(session, clock.now(), the_actor(), key)
            done += 1
        except DomainError as refused:
            flash(_sentence(key, refused), "refused")
    if done:
        flash(ngettext("Answered %(num)s request.", "Answered %(num)s requests.", done), "ok")
    return _to_list()


many.form_page = "approvals.listing"  # type: ignore[attr-defined]


@pages.post("/bookings/<public_id>/answer")
@signed_in
def answer_question(public_id: str) -> Answer:
    """The answer of whoever asked for the booking."""
    try:
        with writing() as session:
            answer(session, clock.now(), the_actor(), public_id, request.form.get("answer", ""))
    except InvalidInput as wrong:
        flash(wording.error_sentence(wrong, language()), "refused")
    else:
        flash(_("Answered. The request waits for them now."), "ok")
    return redirect(url_for("bookings.page", public_id=public_id), 303)  # type: ignore[return-value]


answer_question.form_page = "bookings.page"  # type: ignore[attr-defined]


def _approve(now: datetime, public_id: str) -> str:
    with writing() as session:
        done = approve(session, now, the_actor(), public_id, override=asked_anyway())
    return _approved_words(done)


def _approved_words(done: Answered) -> str:
    if done.state is State.CONFIRMED:
        return _("Approved. The one who asked has been told.")
    return _("Noted. It now waits for %(who)s.", who=", ".join(done.waits_for))


def _answered(public_id: str, act: Callable[[datetime], str]) -> Answer:
    """Back to the list with what was done; or the request again with what stands in the way."""
    try:
        words = act(clock.now())
    except InvalidInput as wrong:
        return _page(public_id, errors={wrong.field: wording.error_sentence(wrong, language())}), wrong.status  # type: ignore[return-value]
    except BookingRefused as refused:
        return _page(public_id, verdict=refused.verdict), refused.status  # type: ignore[return-value]
    except AlreadyDecided as decided:
        return _decided(public_id, decided)
    flash(words, "ok")
    return _to_list()


def _page(public_id: str, *, errors: dict[str, str] | None = None, verdict: Verdict | None = None) -> Answer:
    actor, now = the_actor(), clock.now()
    key = public_id.replace(NUL, "")
    row = request_by(db.session(), key)
    try:
        found = inbox.one(db.session(), now, actor, key)
    except DomainError:
        decided = inbox.decided(db.session(), actor, row)
        if decided is None:
            raise
        return _decided(key, decided)
    others = {each.booking.public_id: each for each in inbox.inbox(db.session(), now, actor)} if found.rivals else {}
    return render_template(
        "approvals/one.html",
        item=request_view(found, now, others),
        errors=errors or {},
        typed=request.form,
        findings=[finding_view(each, row.zone) for each in verdict.refusals] if verdict else [],
        may_override=verdict is not None and may_approve_anyway(db.session(), now, actor, key),
        stand_ins=[(each.key, each.name) for each in stand_ins(db.session(), now, actor)],
    )


def _decided(public_id: str, decided: AlreadyDecided) -> Answer:
    zone = request_by(db.session(), public_id).zone
    links = [(url_for("approvals.listing"), _("To the requests"))]
    title, text = _("It has been decided already"), wording.error_sentence(decided, language(), zone)
    page = render_template("errors/problem.html", status=decided.status, title=title, text=text, links=links)
    return page, decided.status


def _sentence(public_id: str, refused: DomainError) -> str:
    """Which request it was, and why it stays."""
    standing = request_by(db.session(), public_id)
    title = standing.row.title or ", ".join(card.name for card in standing.cards.values())
    return f"{title}: {wording.error_sentence(refused, language(), standing.zone)}"


def _to_list() -> Response:
    return redirect(url_for("approvals.listing"), 303)  # type: ignore[return-value]
