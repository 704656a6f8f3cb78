"""What one takes along from a booking: a file for one's calendar, and a code that leads a phone to its page."""

import segno
from flask import Response, url_for

from booking.db import db
from booking.http.access import signed_in, the_actor
from booking.http.words import gettext as _
from booking.ical.calendar import CalendarView, calendar
from booking.ical.event import EventView, Status, event_lines
from booking.services.mine import Mine, listed_booking
from booking.services.standing import Standing
from booking.web.display import names_of, title_of
from booking.web.features import whole_place
from booking.web.shown import shown_booking

STATUS = {"requested": Status.TENTATIVE, "confirmed": Status.CONFIRMED}


@signed_in
def calendar_file(public_id: str) -> Response:
    """The booking as a calendar file, with the same identity as in a feed, so that no program shows it twice."""
    standing = shown_booking(the_actor(), public_id)
    event = _event(standing, listed_booking(db.session(), standing.row.id))
    about = CalendarView(
        name=event.summary,
        description=_("One booking"),
        url=event.url,
        modified_at=standing.row.modified_at,
        zones=(standing.zone.key,),
    )
    response = Response(calendar(about, [event_lines(event)]), mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="booking.ics"'
    return response


def _event(standing: Standing, mine: Mine) -> EventView:
    row, card = standing.row, mine.cards[0]
    return EventView(
        uid=row.uid,
        span=row.span,
        zone=standing.zone,
        status=STATUS.get(row.state, Status.CANCELLED),
        sequence=row.sequence,
        created_at=row.created_at,
        modified_at=row.modified_at,
        summary=title_of(mine),
        location=f"{names_of(mine)}, {whole_place(card)}",
        url=url_for("bookings.page", public_id=row.public_id, _external=True),
    )


def code_for(address: str) -> str:
    """The address as a picture that a phone's camera reads."""
    return str(segno.make(address, micro=False).svg_inline(border=2, light="white", omitsize=True))
