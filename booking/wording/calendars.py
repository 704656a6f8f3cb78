"""What we say when the address of a calendar elsewhere cannot be taken, or the calendar not be fetched."""

from booking.wording.translating import N_

CALENDARS: dict[str, tuple[str, ...]] = {
    "address.host": (N_("The address must name a server that everybody can reach, such as outlook.office365.com."),),
    "address.not_https": (N_("The address must begin with https:// or webcal://."),),
    "address.port": (N_("The address names a port. Copy one without, as calendars that are shared have."),),
    "address.unreadable": (N_("This is no address. Copy it once more from the other calendar."),),
    "address.userinfo": (N_("The address holds a name or password. Copy one that is meant for sharing."),),
    "calendar.no_file": (N_("Choose a file to upload."),),
    "calendar.too_many": (N_("The resource has {most} calendars already. Remove one first."),),
    "fetch.broken": (N_("The server’s answer broke off, or was none that we understand."),),
    "fetch.certificate": (N_("The server cannot prove that it is the one in the address."),),
    "fetch.encoding": (N_("The server sent the calendar packed in a way that we do not unpack."),),
    "fetch.inward": (N_("The address leads to a machine inside a private network, and we ask none of those."),),
    "fetch.no_answer": (N_("The server does not answer."),),
    "fetch.no_such_server": (N_("There is no server of that name. Check the address."),),
    "fetch.status": (N_("The server answered with error {status}. Is the calendar still shared?"),),
    "fetch.too_many_redirects": (N_("The server sends us from one address to the next without end."),),
    "fetch.too_slow": (N_("The server was too slow."),),
    "import.too_heavy": (N_("Reading it takes more time or memory than we allow. Share a shorter time."),),
    "import.unexpected": (N_("It made our reader stumble ({what}). Tell whoever runs this service."),),
}
