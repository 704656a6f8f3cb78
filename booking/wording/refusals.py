"""What we say about a DomainError: a title by its status, and a sentence by its code."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from babel import Locale

from booking.core.errors import BookingRefused, DomainError
from booking.wording.placeholders import placeholders
from booking.wording.sentences import SENTENCES, fitting, sentences
from booking.wording.translating import N_, translate

REFUSALS: dict[str, tuple[str, ...]] = {
    "domain.refused": (N_("This cannot be done. Go back and try another way."),),
    "access.denied": (N_("You may not do this. Ask a manager or your organisation’s admin."),),
    "access.not_found": (N_("We cannot find it. It may have been removed, or it is not shown to you."),),
    "booking.changed": (N_("Somebody changed this while you were looking. See how it is now, then try again."),),
    "booking.refused": (N_("The booking cannot stand as you asked. Change the time or the resource."),),
    "booking.wrong_state": (N_("The booking is no longer in a state that allows this. See how it is now."),),
    "booking.taken": (N_("Somebody else was faster and took that time. Choose another time."),),
    "form.key_reused": (N_("This form was already sent with other content. Open it again to make a new booking."),),
    "input.invalid": (N_("We could not read this. Check it and try again."),),
    "duty.no_such_scope": (N_("Choose a place or a resource from the list."),),
    "ending.hand_over_refused": (N_("The rules do not let that member have this booking. Choose another member."),),
    "ending.in_the_past": (N_("Choose today or a later day."),),
    "ending.nobody_by_that_address": (
        N_("Enter the e-mail address of another active member of the booking’s organisation."),
    ),
    "ending.undecided": (N_("Choose what happens to each booking below."),),
    "link.gone": (N_("This link has been used or has expired. Ask the one who sent it for a new one."),),
    "list.bad_address": (N_("The e-mail address is not complete. It should look like name@example.org."),),
    "list.no_address": (N_("There is no e-mail address on this line. Write name; name@example.org."),),
    "list.too_long": (N_("The list is longer than 500 lines. Send the rest as a list of its own."),),
    "list.twice": (N_("This address is further up in the list too."),),
    "member.last_site_admin": (N_("This is the last site admin. Make somebody else site admin first."),),
    "name.length": (N_("Enter a name of at most {longest} characters."),),
    "name.taken": (N_("There is already one called {name}. Choose another name."),),
    "password.too_short": (N_("Choose a password of at least {shortest} characters."),),
    "password.too_long": (N_("Choose a password of at most {longest} characters."),),
    "password.too_easy": (N_("This password is easy to guess. Choose another, such as four words of your own."),),
    "password.wrong": (N_("This is not your present password. Try again."),),
    "search.too_short": (N_("Enter at least {shortest} letters."),),
    "setting.unknown": (N_("There is no setting called {field}."),),
    "setting.required": (N_("Enter a value."),),
    "setting.not_a_number": (N_("Enter a whole number."),),
    "setting.out_of_range": (N_("Enter a number from {least} to {most}."),),
    "setting.not_yes_or_no": (N_("Choose yes or no."),),
    "setting.not_a_choice": (N_("Choose one of the values in the list."),),
    "setting.not_a_time": (N_("Enter a time such as 08:30."),),
    "setting.not_a_weekday": (N_("Choose a day of the week."),),
    "setting.not_windows": (N_("Enter opening hours as a day, an opening time and a closing time."),),
    "setting.not_groups": (N_("Choose groups from the list."),),
    "signin.failed": (N_("The e-mail address and the password do not go together. Try again."),),
    "signin.throttled": (N_("There have been many tries in a short time. Wait a little, then try again."),),
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
    return REFUSALS.get(error.code) or SENTENCES.get(error.code) or REFUSALS["domain.refused"]
