"""The words that explain a subscription: what each detail level shows, how each program does it, and how late it is."""

from dataclasses import dataclass

from flask_babel import gettext as _

from booking.services.feed_keys import Detail


@dataclass(frozen=True, slots=True)
class Program:
    """A calendar program: what to press, and how soon it sees a change."""

    name: str
    steps: str
    delay: str


def detail_words() -> dict[Detail, tuple[str, str]]:
    """What each level is called and what it shows."""
    return {
        Detail.FULL: (_("Everything"), _("Title, time, room, address and a link to the booking.")),
        Detail.TITLE: (_("Title and room"), _("Title, time and room, but no address and no link.")),
        Detail.BUSY: (_("Only that you are busy"), _("Times alone, for a calendar that others can see.")),
    }


def programs() -> list[Program]:
    """The programs people ask about, with honest delays."""
    return [
        Program(
            _("iPhone, iPad and Mac"),
            _("Press “Open in my calendar”, or point the camera at the code. Then choose “Subscribe”."),
            _("usually within an hour; its settings let you choose"),
        ),
        Program(
            _("Outlook"),
            _("Choose “Add calendar”, then “Subscribe from web”, and paste the address."),
            _("usually within 3 hours, now and then more than a day"),
        ),
        Program(
            _("Google Calendar"),
            _("On a computer: press the plus sign beside “Other calendars”, choose “From URL” and paste the address."),
            _("8 to 24 hours later, and you cannot hurry it"),
        ),
        Program(
            _("Thunderbird"),
            _("Choose “New calendar”, then “On the network”, and paste the address."),
            _("within 30 minutes, unless you have chosen otherwise"),
        ),
        Program(
            _("Android"),
            _("Use Google Calendar, or install ICSx5 and paste the address there."),
            _("as often as you choose, with ICSx5"),
        ),
        Program(
            _("Nextcloud"),
            _("Choose “New calendar”, then “New subscription from link”, and paste the address."),
            _("after an hour or up to a week, as your Nextcloud is set up"),
        ),
    ]
