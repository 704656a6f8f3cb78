"""One reported fault: what the reporter wrote, and what a manager says of it."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock, wording
from booking.admin import reading
from booking.admin.fault_view import fault_view
from booking.admin.frame import Typed, error_of, sent, typed
from booking.core.errors import InvalidInput, WrongState
from booking.core.localtime import on_the_clock
from booking.db import db, writing
from booking.http.access import allowed, the_actor
from booking.http.forms import shown_errors
from booking.http.language import language
from booking.permissions import can
from booking.services import faults
from booking.services.faults import FaultLine, Settling

pages = Blueprint("admin_faults", __name__, url_prefix="/admin/faults")


@pages.get("/<public_id>")
@allowed("resource.inspect")
def show(public_id: str) -> ResponseReturnValue:
    """What is wrong, and the question how it stands."""
    fault, card, _is_open = faults.found_fault(db.session(), the_actor(), public_id)
    return _page(public_id, typed("admin_faults.show", _as_it_stands(fault, card.zone)), {})


@pages.post("/<public_id>")
@allowed("resource.manage")
def settle(public_id: str) -> ResponseReturnValue:
    """Out of service until a date, usable all the same, or fixed."""
    fault, card, _is_open = faults.found_fault(db.session(), the_actor(), public_id)
    try:
        settling, back = _read(card.zone)
        with writing() as session:
            change = faults.settle_fault(
                session, clock.now(), the_actor(), public_id, settling,
                expected_back=back, is_safety=bool(request.form.get("is_safety")),
            )  # fmt: skip
    except (InvalidInput, WrongState) as refused:
        if isinstance(refused, InvalidInput):
            return _page(public_id, sent(), error_of(refused)), 422
        return _page(public_id, sent(), {"": wording.error_sentence(refused, language())}), 409
    flash(_told(settling, fault), "ok")
    return redirect(url_for("admin_outages.show", slug=card.slug, saved=change.entry_id), 303)


settle.form_page = "admin_faults.show"  # type: ignore[attr-defined]


def _told(settling: Settling, fault: FaultLine) -> str:
    words = {
        Settling.OUT: _("%(name)s is out of service.", name=fault.place),
        Settling.USABLE: _("%(name)s can be used. The fault stays on the list.", name=fault.place),
        Settling.FIXED: _("Fixed. %(name)s can be used again.", name=fault.place),
    }
    return str(words[settling])


def _as_it_stands(fault: FaultLine, zone: ZoneInfo) -> dict[str, str]:
    back = fault.expected_back.astimezone(zone) if fault.expected_back else None
    return {
        "settling": (Settling.OUT if fault.out_since else Settling.USABLE).value,
        "back_date": back.date().isoformat() if back else "",
        "back_time": f"{back:%H:%M}" if back else "",
        "is_safety": "1" if fault.is_safety else "",
    }


def _read(zone: ZoneInfo) -> tuple[Settling, datetime | None]:
    """Raises InvalidInput. A day without a time means its morning, eight o'clock."""
    form = request.form
    if form.get("settling") not in set(Settling):
        raise InvalidInput("settling", "setting.not_a_choice")
    settling = Settling(form["settling"])
    if settling is not Settling.OUT or not form.get("back_date", "").strip():
        return settling, None
    on = reading.day(form["back_date"], "back_date")
    return settling, on_the_clock(
        reading.wall_time(on, form.get("back_time", "").strip() or "08:00", "back_time"), zone
    )


def _page(public_id: str, values: Typed, errors: Mapping[str, str]) -> str:
    fault, card, is_open = faults.found_fault(db.session(), the_actor(), public_id)
    return render_template(
        "admin/outages/fault.html",
        card=card,
        fault=fault_view(fault, card, clock.now()),
        public_id=public_id,
        is_dangerous=fault.is_dangerous,
        is_open=is_open,
        may_change=is_open and can(the_actor(), "resource.manage", card.place),
        typed=values,
        errors=errors,
        shown=shown_errors(errors),
    )
