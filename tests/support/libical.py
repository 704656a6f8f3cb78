"""What libical, the reader inside Evolution and KDE, finds wrong with a calendar: in its syntax and against RFC 5546.

The library comes from the system (`apt install libical3`) and is called in place; nothing is compiled.
"""

import ctypes
import ctypes.util
import os
import shutil
import sys
from functools import cache

import icalendar

from tests.support.node import apt_install

MISSING = "libical is missing, which checks our calendars: install it (`apt install libical3`)."
PACKAGE = "libical3"


def problems(data: bytes) -> list[str]:
    """What the parser and `icalrestriction_check` complain of; empty for a calendar in order.

    With a METHOD its table in RFC 5546 section 3 is what counts; without one, RFC 5545's own.
    """
    if b"\0" in data:
        return ["a NUL, after which libical reads nothing"]
    library = _library()
    component = library.icalparser_parse_string(data)
    if not component:
        return ["no calendar at all"]
    try:
        fine = library.icalrestriction_check(component)
        counted = library.icalcomponent_count_errors(component)
        said = _complaints(library.icalcomponent_as_ical_string(component))
    finally:
        library.icalcomponent_free(component)
    if said or (fine and not counted):
        return said
    return [f"{counted} errors of which it says nothing"]


def _complaints(text: bytes) -> list[str]:
    """libical writes what it found into the calendar itself, as X-LIC-ERROR."""
    calendar = icalendar.Component.from_ical(text)
    found = [part.get("X-LIC-ERROR", []) for part in calendar.walk()]
    return [str(each) for said in found for each in (said if isinstance(said, list) else [said])]


def provide() -> str:
    """Finds the library, or installs it by apt (as root on Debian)."""
    if not ctypes.util.find_library("ical") and os.geteuid() == 0 and shutil.which("apt-get"):
        apt_install(PACKAGE)
    return ctypes.util.find_library("ical") or sys.exit(MISSING)


@cache
def _library() -> ctypes.CDLL:
    name = ctypes.util.find_library("ical")
    if name is None:
        sys.exit(MISSING)
    library = ctypes.CDLL(name)
    library.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    library.icalparser_parse_string.restype = ctypes.c_void_p
    library.icalcomponent_as_ical_string.restype = ctypes.c_char_p
    for function in ("icalcomponent_count_errors", "icalrestriction_check", "icalcomponent_free"):
        getattr(library, function).argtypes = [ctypes.c_void_p]
    for function in ("icalcomponent_as_ical_string",):
        getattr(library, function).argtypes = [ctypes.c_void_p]
    return library


if __name__ == "__main__":
    print(provide())
