"""Every address of bookings, on one page: who makes them, lists them, changes them and gives them back."""

from flask import Blueprint

from booking.web import (
    booking_changes,
    buddy,
    changes,
    my,
    new_booking,
    series,
    series_cancelling,
    series_changes,
    takeaway,
)

pages = Blueprint("bookings", __name__)

pages.add_url_rule("/resources/<slug>/bookings/new", "new", new_booking.new)
pages.add_url_rule("/resources/<slug>/bookings", "create", new_booking.create, methods=["POST"])
pages.add_url_rule("/resources/<slug>/verdict", "verdict", new_booking.verdict, methods=["POST"])

pages.add_url_rule("/resources/<slug>/series/preview", "series_preview", series.preview, methods=["POST"])
pages.add_url_rule("/resources/<slug>/series/preview", "series_again", series.again)
pages.add_url_rule("/resources/<slug>/series", "series_save", series.save, methods=["POST"])
pages.add_url_rule("/series/<public_id>", "series", series_changes.show)
pages.add_url_rule("/bookings/<public_id>/series", "series_change", series_changes.change_form)
pages.add_url_rule(
    "/bookings/<public_id>/series/preview", "series_difference", series_changes.difference_page, methods=["POST"]
)
pages.add_url_rule("/bookings/<public_id>/series", "series_change_save", series_changes.save, methods=["POST"])
pages.add_url_rule("/bookings/<public_id>/series/cancellation", "series_cancellation", series_cancelling.ask)
pages.add_url_rule(
    "/bookings/<public_id>/series/cancellation", "series_cancel", series_cancelling.cancel, methods=["POST"]
)

pages.add_url_rule("/bookings", "mine", my.mine)
pages.add_url_rule("/bookings/<public_id>", "page", my.page)
pages.add_url_rule("/bookings/<public_id>.ics", "calendar_file", takeaway.calendar_file)
pages.add_url_rule("/bookings/<public_id>/cancellation", "cancellation", my.cancellation)
pages.add_url_rule("/bookings/<public_id>/cancellation", "cancel", my.cancel, methods=["POST"])

pages.add_url_rule("/bookings/<public_id>/change", "change_form", changes.change_form)
pages.add_url_rule("/bookings/<public_id>", "change", changes.change, methods=["POST"])
pages.add_url_rule("/bookings/<public_id>/verdict", "change_verdict", changes.verdict, methods=["POST"])

pages.add_url_rule("/bookings/<public_id>/buddy", "buddy", buddy.page)
pages.add_url_rule("/bookings/<public_id>/buddy", "buddy_answer", buddy.answer, methods=["POST"])

pages.add_url_rule("/bookings/<public_id>/restoration", "restore", booking_changes.restore, methods=["POST"])
pages.add_url_rule("/bookings/<public_id>/end", "end", booking_changes.end, methods=["POST"])
pages.add_url_rule("/bookings/<public_id>/hand-over", "hand_over_form", booking_changes.hand_over_form)
pages.add_url_rule("/bookings/<public_id>/hand-over", "hand_over", booking_changes.hand_over_to, methods=["POST"])
pages.add_url_rule("/bookings/<public_id>/shift-requests", "ask", booking_changes.ask, methods=["POST"])
pages.add_url_rule("/shift-requests/<public_id>/acceptance", "accept", booking_changes.accept_shift, methods=["POST"])
pages.add_url_rule("/shift-requests/<public_id>/refusal", "decline", booking_changes.decline_shift, methods=["POST"])
