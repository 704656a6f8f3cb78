"""What each kind of mail about a booking says: its subject and its first sentence, with gaps to fill.

Where a notice on a page says the same, the sentence is the same. `title`, `short` (Tue 24 Nov 10:00–11:00), `when`,
`before`, `where` and `who` are the gaps.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from booking.wording import N_


@dataclass(frozen=True, slots=True)
class Saying:
    """The subject and the first sentence."""

    subject: str
    lead: str


CONFIRMED = N_("Confirmed: %(title)s, %(short)s")
CHANGED = N_("Changed: %(title)s, %(short)s")
CANCELLED = N_("Cancelled: %(title)s, %(short)s")
NOT_YOURS = N_("Not yours: %(title)s, %(short)s")
SERIES = N_("Series: %(title)s, from %(short)s")
BUDDY = N_("Buddy at %(where)s, %(short)s")
ON_HOLD = N_("On hold: %(title)s, %(short)s")
STANDS = N_("Stands: %(title)s, %(short)s")

OWN: Mapping[str, Saying] = {
    "booking_made": Saying(CONFIRMED, N_("Your booking %(title)s stands: %(when)s.")),
    "requested": Saying(
        N_("Asked for: %(title)s, %(short)s"),
        N_("You have asked for %(title)s, %(when)s. You hear from us when somebody has answered."),
    ),
    "booking_changed": Saying(CHANGED, N_("You changed your booking %(title)s. It is now %(when)s.")),
    "booking_cancelled": Saying(
        CANCELLED, N_("You cancelled your booking %(title)s, %(when)s. The time is free again.")
    ),
    "booking_restored": Saying(CONFIRMED, N_("Your booking %(title)s stands again: %(when)s.")),
    "booking_ended": Saying(CHANGED, N_("You ended your booking %(title)s early: %(when)s. Others can use the rest.")),
    "booking_handed_over": Saying(CONFIRMED, N_("You took %(title)s over, %(when)s. It is your booking now.")),
    "booking_given_away": Saying(NOT_YOURS, N_("You handed your booking %(title)s, %(when)s, over to somebody else.")),
    "booking_series_made": Saying(SERIES, N_("Your series %(title)s stands, the first date %(when)s.")),
    "booking_series_changed": Saying(SERIES, N_("You changed your series %(title)s. The first date is now %(when)s.")),
    "booking_series_cancelled": Saying(
        CANCELLED, N_("You cancelled your series %(title)s from %(when)s on. The time is free again.")
    ),
    "series_redrawn": Saying(
        SERIES,
        N_("%(title)s was split into two series. Nothing of yours has moved; this mail keeps your calendar right."),
    ),
}
BY_OTHERS: Mapping[str, Saying] = {
    "made": Saying(CONFIRMED, N_("%(who)s booked %(title)s for you, %(when)s.")),
    "changed": Saying(CHANGED, N_("%(who)s changed your booking %(title)s, %(when)s.")),
    "cancelled": Saying(CANCELLED, N_("%(who)s cancelled your booking %(title)s, %(when)s.")),
    "restored": Saying(
        CONFIRMED, N_("%(who)s took the cancellation of your booking %(title)s back. It stands %(when)s.")
    ),
    "ended": Saying(CHANGED, N_("%(who)s ended your booking %(title)s early: %(when)s.")),
    "handed_over": Saying(CONFIRMED, N_("%(who)s handed %(title)s over to you, %(when)s. It is your booking now.")),
    "given_away": Saying(NOT_YOURS, N_("%(who)s handed your booking %(title)s, %(when)s, over to somebody else.")),
    "series_made": Saying(SERIES, N_("%(who)s booked a series of %(title)s for you, the first %(when)s.")),
    "series_changed": Saying(SERIES, N_("%(who)s changed your series %(title)s. Look at its dates.")),
    "series_cancelled": Saying(CANCELLED, N_("%(who)s cancelled your series %(title)s from %(when)s on.")),
    "approved": Saying(CONFIRMED, N_("%(who)s approved %(title)s. It is yours, %(when)s.")),
    "partly_approved": Saying(
        N_("One yes more: %(title)s, %(short)s"), N_("%(who)s approved %(title)s. Others must say yes too.")
    ),
    "declined": Saying(N_("Declined: %(title)s, %(short)s"), N_("%(who)s declined %(title)s, %(when)s.")),
    "lost": Saying(NOT_YOURS, N_("Somebody else got the time that you asked for: %(title)s, %(when)s.")),
    "expired": Saying(
        N_("Nobody answered: %(title)s, %(short)s"),
        N_("Nobody answered your request in time: %(title)s, %(when)s. The time is free again."),
    ),
    "question": Saying(
        N_("A question about %(title)s, %(short)s"), N_("%(who)s would like to know more about %(title)s, %(when)s.")
    ),
    "shift_asked": Saying(
        N_("Could you shift? %(title)s, %(short)s"),
        N_("Somebody would like to have the time of your booking %(title)s: %(when)s."),
    ),
    "shift_accepted": Saying(CHANGED, N_("There is room now, so your booking %(title)s is longer: %(when)s.")),
    "shift_declined": Saying(
        STANDS, N_("Whoever has the room next would rather not shift, so %(title)s stays as it is.")
    ),
    "on_hold": Saying(ON_HOLD, N_("Your booking %(title)s, %(when)s, is on hold and may not start.")),
    "released": Saying(STANDS, N_("Your booking %(title)s, %(when)s, is no longer on hold.")),
    "buddy_accepted": Saying(STANDS, N_("%(who)s will be your buddy for %(title)s, %(when)s.")),
    "buddy_declined": Saying(ON_HOLD, N_("%(who)s cannot be your buddy for %(title)s, %(when)s. Name somebody else.")),
    "buddy_withdrawn": Saying(
        ON_HOLD, N_("%(who)s can no longer be your buddy, so %(title)s, %(when)s, is on hold. Name somebody else.")
    ),
    "outage_kept": Saying(
        N_("Maintenance: %(title)s, %(short)s"),
        N_("There is maintenance during %(title)s, %(when)s. It stands all the same."),
    ),
    "outage_lifted": Saying(STANDS, N_("The maintenance during %(title)s, %(when)s, is called off.")),
    "fault": Saying(N_("A fault: %(title)s, %(short)s"), N_("A fault stands in the way of %(title)s, %(when)s.")),
    "fault_over": Saying(STANDS, N_("The fault is dealt with: %(title)s stands, %(when)s.")),
    "reminder": Saying(N_("Soon: %(title)s, %(short)s"), N_("Your booking %(title)s begins soon: %(when)s.")),
}
TO_APPROVERS: Mapping[str, Saying] = {
    "request": Saying(
        N_("Your answer, please: %(title)s, %(short)s"), N_("%(who)s asks for %(title)s, %(when)s. Answer yes or no.")
    ),
    "answer": Saying(
        N_("An answer about %(title)s, %(short)s"),
        N_("%(who)s has answered your question about %(title)s, %(when)s."),
    ),
    "delegated": Saying(
        N_("Your answer, please: %(title)s, %(short)s"), N_("%(who)s lets you answer the request %(title)s, %(when)s.")
    ),
}
TO_BUDDIES: Mapping[str, Saying] = {  # who may not see the booking itself
    "buddy_asked": Saying(BUDDY, N_("%(who)s asks you to be their buddy at %(where)s, %(when)s. Answer yes or no.")),
    "buddy_released": Saying(BUDDY, N_("You need not be a buddy at %(where)s, %(when)s, any more.")),
    "buddy_stepped_back": Saying(
        BUDDY, N_("You are no buddy at %(where)s, %(when)s, any more. Whoever books there has been told.")
    ),
}
