"""The one table of letters: a new kind of mail is an entry here and two short templates that extend `mail/base`."""

from collections.abc import Mapping

from booking.jobs import booking_letters, fault_letters, sayings
from booking.jobs.account_letters import ACCOUNT_LETTERS
from booking.jobs.elsewhere_letter import ELSEWHERE_LETTERS
from booking.jobs.news_letter import NEWS_LETTERS
from booking.jobs.reading import Kind
from booking.wording import N_

ABOUT = "about"

LETTERS: Mapping[str, Kind] = {
    **ACCOUNT_LETTERS,
    **ELSEWHERE_LETTERS,
    **NEWS_LETTERS,
    **{
        kind: Kind(saying.subject, ABOUT, booking_letters.about_booking(saying))
        for kind, saying in {**sayings.OWN, **sayings.BY_OTHERS}.items()
    },
    **{
        kind: Kind(saying.subject, ABOUT, booking_letters.about_request(saying))
        for kind, saying in sayings.TO_APPROVERS.items()
    },
    **{
        kind: Kind(saying.subject, ABOUT, booking_letters.about_company(saying))
        for kind, saying in sayings.TO_BUDDIES.items()
    },
    "reminder": Kind(
        sayings.BY_OTHERS["reminder"].subject, ABOUT, booking_letters.reminder(sayings.BY_OTHERS["reminder"])
    ),
    "qualification_ends": Kind(N_("Renew %(qualification)s"), ABOUT, booking_letters.qualification_ends),
    "fault_reported": Kind(fault_letters.REPORTED, ABOUT, fault_letters.reported),
    "fault_out": Kind(N_("Out of service: %(place)s"), ABOUT, fault_letters.out),
    "fault_usable": Kind(N_("Usable again: %(place)s"), ABOUT, fault_letters.usable),
    "fault_fixed": Kind(N_("Fixed: %(place)s"), ABOUT, fault_letters.fixed),
}
