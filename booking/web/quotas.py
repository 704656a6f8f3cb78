"""My quotas: what I and my organisations have used and have left."""

from flask import Blueprint, render_template

from booking import clock
from booking.db import db
from booking.http.access import signed_in, the_actor
from booking.http.quota_words import QuotaView, quota_views
from booking.services import quotas
from booking.services.mine import own_organisations

pages = Blueprint("quotas", __name__, url_prefix="/account/quotas")


@pages.get("")
@signed_in
def show() -> str:
    """The member's own, and what each organisation shares."""
    session, actor, now = db.session(), the_actor(), clock.now()
    own = quota_views(quotas.of_member(session, now, actor.member_id, []))
    shared: list[tuple[str, list[QuotaView]]] = []
    for organisation in own_organisations(session, actor):
        views = quota_views(quotas.of_member(session, now, actor.member_id, [organisation.id]))
        theirs = [view for view in views if view.is_shared]
        if theirs:
            shared.append((organisation.name, theirs))
    return render_template("account/quotas.html", own=own, shared=shared)
