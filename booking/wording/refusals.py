"""What we say about a DomainError: a title by its status, and a sentence by its code."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from babel import Locale

from booking.core.errors import BookingRefused, DomainError
from booking.wording.approvals import APPROVALS
from booking.wording.calendars import CALENDARS
from booking.wording.lab_sentences import LAB_REFUSALS
from booking.wording.placeholders import placeholders
from booking.wording.sentences import SENTENCES, choices, fitting, sentences
from booking.wording.translating import N_, translate

# As with findings: the first sentence whose gaps can be filled, and "code:state" or "code:kind" for that one alone.
REFUSALS: dict[str, tuple[str, ...]] = {
    **LAB_REFUSALS,
    "domain.refused": (N_("This cannot be done. Go back and try another way."),),
    "activity.approval": (N_("From level 2 on, an activity needs an approval. Write its reference."),),
    "activity.approved_until": (N_("Write the last day that the approval counts."),),
    "access.denied": (N_("You may not do this. Ask a manager or your organisation’s admin."),),
    "access.not_found": (N_("We cannot find it. It may have been removed, or it is not shown to you."),),
    **APPROVALS,
    **CALENDARS,
    "booking.changed": (N_("Somebody changed this while you were looking. See how it is now, then try again."),),
    "booking.day_far_off": (N_("That day is too far off. Choose another."),),
    "booking.message_needed": (N_("Write to whoever holds the booking why you do this."),),
    "booking.not_a_colleague": (N_("Choose a colleague of the same organisation."),),
    "booking.not_your_organisation": (N_("You are not a member of that organisation. Choose one of your own."),),
    "booking.refused": (N_("The booking cannot stand as you asked. Change the time or the resource."),),
    "booking.taken": (N_("Somebody else was faster and took that time. Choose another time."),),
    "booking.too_long": (N_("A booking can last a year at most. Choose an earlier end."),),
    "booking.visitor_incomplete": (N_("Enter both the name of the guest and how to reach them."),),
    "booking.wrong_state": (N_("This can no longer be done, because something has changed. See how it is now."),),
    "booking.wrong_state:answered": (N_("This has been answered already. See how the booking is now."),),
    "booking.wrong_state:begun": (N_("The booking has begun, so it cannot be cancelled. Change its end instead."),),
    "booking.wrong_state:begun_start": (N_("The booking has begun, so its start stays. Change its end instead."),),
    "booking.wrong_state:begun_restore": (N_("Its time has begun, so it stays cancelled. Book again instead."),),
    "booking.wrong_state:cancelled": (N_("The booking is cancelled already. Book again if you still need it."),),
    "booking.wrong_state:cleared": (N_("Somebody has cleared this fault already. See how it is now."),),
    "booking.wrong_state:elsewhere": (N_("One of these bookings is of another resource. Load the page again."),),
    "booking.wrong_state:declined_before": (N_("They have said no before, and keep their time. Choose another."),),
    "booking.wrong_state:makes_no_room": (N_("That would not make room any more, so nothing was moved."),),
    "booking.wrong_state:not_a_pool": (N_("Only a pool can have more or fewer units."),),
    "booking.wrong_state:nobody_to_ask": (N_("There is nobody to ask: something else stands in the way."),),
    "booking.wrong_state:not_running": (N_("Only a booking that is running can be ended."),),
    "booking.wrong_state:retired": (N_("The resource is out of use already."),),
    "closure.order": (N_("The closure must end after it starts. Choose a later end."),),
    "closure.past": (N_("This closure would be over already. Choose a later end."),),
    "closure.too_long": (N_("The closure is too long. Choose an earlier end, or take the resource out of use."),),
    "delegate.not_a_colleague": (N_("Nobody in your organisations has this address. Check it, or choose another."),),
    "dispensation.reference": (N_("Write the reference of the decision, of at most {most} characters."),),
    "document.questions": (N_("Write the same number of sentences in every language, one on each line."),),
    "document.text": (N_("Write what the document says, of at most {most} characters."),),
    "document.too_many": (N_("Ask for at most {most} confirmations."),),
    "duty.no_such_scope": (N_("There is no such place or resource. Choose one from the list."),),
    "ending.hand_over_refused": (N_("The one you chose cannot have this booking. Choose another person."),),
    "ending.in_the_past": (N_("The last day has passed. Choose today or later."),),
    "ending.nobody_by_that_address": (N_("Nobody in the organisation has this address. Check it, or choose another."),),
    "ending.undecided": (N_("Decide for every booking: hand over, keep or cancel."),),
    "fault.back_in_the_past": (N_("That time has passed. Choose a later one, or leave it empty."),),
    "fault.what_is_wrong": (N_("Tell us in a few words what is wrong."),),
    "feed_key.detail": (N_("Choose how much the calendar shows."),),
    "feed_key.name": (N_("Enter a name of at most {longest} characters."),),
    "feed_key.no_form": (N_("The page had been open too long. Try once more."),),
    "feed_key.too_many": (N_("You have {most} calendar addresses already. Withdraw one first."),),
    "form.key_reused": (N_("This form was already sent with other content. Open it again to make a new booking."),),
    "group.name_taken": (N_("Another group has this name. Choose another."),),
    "group.no_such_member": (N_("No member has this address. Check it and try again."),),
    "import.broken": (N_("The event cannot be read: its times or its rule make no sense."),),
    "import.cancelled_here": (N_("It was imported before and has been cancelled here since. It stays so."),),
    "import.elsewhere": (N_("It was imported before and has been moved to another resource here. It stays there."),),
    "import.no_calendar": (N_("The file is not a calendar. Export it once more as ICS."),),
    "import.no_columns": (N_("The first line must name the columns {columns}."),),
    "import.no_length": (N_("The event has no length. Give it an end."),),
    "import.no_such_member": (N_("No member has this address. Invite them first, or name another member."),),
    "import.no_such_organisation": (N_("There is no such organisation. Check its slug."),),
    "import.no_table": (N_("The file is not a table. Save it once more as CSV."),),
    "import.no_time": (N_("The day or the times cannot be read. Write them as 2026-11-24 and 09:00."),),
    "import.no_uid": (N_("The event has no UID, so it could not be known again."),),
    "import.nobody": (N_("The row names nobody. Name a member for such rows."),),
    "import.people": (N_("Write the number of people as a whole number from 1."),),
    "import.seconds": (N_("Bookings begin and end at whole minutes."),),
    "import.too_large": (N_("The file is larger than {most} MB. Export a shorter time."),),
    "import.too_many": (N_("There are more than {most} bookings in it. Export a shorter time."),),
    "import.transparent": (N_("The event is shown as free, so it takes no time."),),
    "import.uid_twice": (N_("Another row has the same UID."),),
    "import.wild_rule": (N_("The event repeats within a day or without end in a way that we do not follow."),),
    "input.invalid": (N_("We could not read this. Check it and try again."),),
    "input.not_a_day": (N_("Enter a date such as 24.11.2026."),),
    "input.too_long": (N_("Enter at most {most} characters."),),
    "link.gone": (N_("This link has been used or has expired. Ask for a new one."),),
    "link.throttled": (N_("Links were asked for many times in a short time. Wait {seconds}, then try again."),),
    "mail.family": (N_("Choose mails from the list."),),
    "mail.reminder": (N_("Choose reminders from the list."),),
    "member.last_site_admin": (N_("Nobody else can administer the service. Make another member site admin first."),),
    "message.days": (N_("The last day is before the first. Choose a later one."),),
    "message.nobody": (N_("Nobody has a booking in these days. Choose others."),),
    "message.one_line": (N_("Write the subject on one line, in plain letters."),),
    "message.subject": (N_("Write a subject of at most {most} characters."),),
    "message.too_long_time": (N_("Choose at most a year."),),
    "message.words": (N_("Write the message, of at most {most} characters."),),
    "name.length": (N_("Enter a name of at most {longest} characters."),),
    "name.taken": (N_("The name {name} is taken. Choose another."),),
    "outage.made_meanwhile": (
        N_("Somebody booked or changed a booking while this page was open. Look at it, and send once more."),
    ),
    "outage.message_needed": (N_("Write a few words to those whose bookings you move or cancel."),),
    "outage.move_refused": (N_("The booking cannot move there any more. Choose another way for it."),),
    "outage.no_time": (N_("The clock jumps over that time on that day. Choose another."),),
    "outage.too_many_dates": (N_("That would be more than {most} dates. Choose an earlier last date."),),
    "outage.undecided": (N_("Decide for every booking: move, cancel or keep."),),
    "outage.until_before_start": (N_("The last date is before the first. Choose a later one."),),
    "password.too_easy": (N_("This password is easy to guess. Choose another, such as four words of your own."),),
    "password.too_long": (N_("Choose a password of at most {longest} characters."),),
    "password.too_short": (N_("Choose a password of at least {shortest} characters."),),
    "password.wrong": (N_("This is not your present password. Try again."),),
    "pool.in_use": (N_("Bookings hold {units}. Keep at least {least} units, or move those bookings first."),),
    "resource.no_such_site": (N_("There is no such site. Choose one from the list."),),
    "resource.not_in_site": (N_("The building is at another site. Choose one at this site."),),
    "resource.slug": (N_("Use small letters a to z, digits and hyphens."),),
    "resource.slug_taken": (N_("Another resource has this address. Choose another."),),
    "retiring.none_chosen": (N_("Choose the bookings to cancel, or keep them all."),),
    "retiring.undecided": (N_("Decide what becomes of the bookings: keep them, or cancel those you choose."),),
    "rules.half_a_window": (N_("Enter both when it opens and when it closes, or neither."),),
    "rules.no_hours": (N_("Enter hours for at least one day, or choose always open."),),
    "rules.no_draft": (N_("The draft could not be read. Fill in the form once more."),),
    "rules.not_ahead": (N_("Choose a day after today, or leave it empty to let it count at once."),),
    "rules.not_for_groups": (N_("The strictest value counts for everybody here; a group cannot have a looser one."),),
    "rules.typed_but_inherited": (N_("To use this value, choose to set it here."),),
    "search.too_short": (N_("Enter at least {shortest} characters to search."),),
    "series.dates": (N_("Write the dates one by one, such as 2026-11-24 2026-12-01."),),
    "series.until": (N_("Write the last date as 2026-11-24 or 24.11.2026."),),
    "series.choice": (N_("That room can no longer stand in. Look at the dates once more, and choose again."),),
    "series.count": (N_("Write how many times as a whole number from 1 to 400."),),
    "series.no_dates": (N_("It falls on no date. Choose another last date, or other days."),),
    "series.no_end": (N_("Say when it ends: write a last date, or how many times."),),
    "series.nth": (N_("Choose which weekday of the month it is."),),
    "series.step": (N_("Write how often as a whole number from 1 to 99."),),
    "series.unsettled": (N_("Some dates still stand in the way. Choose what to do with each of them."),),
    "setting.not_a_choice": (N_("Choose one of the values in the list."),),
    "setting.not_a_number": (N_("Enter a whole number."),),
    "setting.not_a_time": (N_("Enter a time such as 08:30."),),
    "setting.not_a_weekday": (N_("Choose a day of the week."),),
    "setting.not_groups": (N_("Choose groups from the list."),),
    "setting.limits_twice": (N_("Two of these limit the same. Keep one of them."),),
    "setting.not_limits": (N_("Enter how many, in which period, for whom and of what."),),
    "setting.not_known": (N_("Choose from the list."),),
    "setting.needs_more": (N_("Whatever needs %(name)s must name %(more)s too."),),
    "setting.not_needs": (N_("Choose resources from the list, and how many of each."),),
    "setting.not_texts": (N_("Write at most 300 letters on each line."),),
    "setting.not_windows": (N_("Enter opening hours as a day, an opening time and a closing time."),),
    "setting.not_yes_or_no": (N_("Choose yes or no."),),
    "setting.out_of_range": (N_("Enter a number from {least} to {most}."),),
    "setting.required": (N_("Enter a value."),),
    "setting.unknown": (N_("There is no setting called {field}."),),
    "signin.failed": (N_("The e-mail address and the password do not go together. Try again."),),
    "signin.throttled": (N_("There have been many tries in a short time. Wait {seconds}, then try again."),),
    "special_day.exists": (N_("This day has hours of its own already. Remove them first, or choose another day."),),
    "special_day.hours_or_closed": (N_("Enter the hours of the day, or choose that it is closed."),),
    "special_day.past": (N_("The day has passed. Choose today or later."),),
}

TITLES: dict[int, str] = {
    403: N_("This is not yours to change"),
    404: N_("Nothing lives at this address"),
    409: N_("Somebody was here before you"),
    410: N_("This link no longer works"),
    422: N_("That did not work yet"),
    429: N_("A moment’s patience"),
}

_UTC = ZoneInfo("UTC")


def error_title(error: DomainError, locale: str | Locale) -> str:
    return translate(TITLES.get(error.status, TITLES[422]), locale)


def error_sentence(error: DomainError, locale: str | Locale, zone: ZoneInfo | None = None) -> str:
    """Why it was refused; with a zone, a refused booking gives every reason."""
    if isinstance(error, BookingRefused) and zone is not None:
        return " ".join(sentences(error.verdict.refusals, locale, zone))
    gaps = placeholders(error.facts, None, locale, zone or _UTC)
    return translate(fitting(_choices(error), gaps), locale).format_map(gaps)


def _choices(error: DomainError) -> tuple[str, ...]:
    if error.code == "R05.overlap":
        return REFUSALS["booking.taken"]
    known = choices(REFUSALS, error.code, error.facts) or choices(SENTENCES, error.code, error.facts)
    return known or REFUSALS["domain.refused"]
