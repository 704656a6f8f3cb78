"""E-mail addresses of people, one by one or as a list that was pasted or uploaded: one person a line."""

import re
from dataclasses import dataclass

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

SPECIAL_USE_DOMAIN_NAMES.remove("invalid")  # the library's own way to let a reserved ending in: the demo lives there

MOST_LINES = 500
SEPARATORS = re.compile(r"[;,\t]")
ANGLED = re.compile(r"^(?P<name>[^<]*)<(?P<email>[^>]+)>$")
HEADINGS = frozenset({"email", "e-mail", "epost", "e-post", "e-postadresse", "mail"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list; `problem` is a code that says why it could not be read."""

    number: int
    text: str
    name: str = ""
    email: str = ""
    problem: str | None = None


def normal(email: str) -> str | None:
    """The address as it is stored, lower-case; None when it is none."""
    try:
        # Reserved endings such as .invalid are for demonstrations; whether mail arrives is for mail to find out.
        checked = validate_email(email.strip(), check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return None
    return checked.normalized.lower()


def for_mail(email: str) -> str | None:
    """The address as every mail server knows it, its domain in ASCII (RFC 5891); None when no mail can go there."""
    try:
        return validate_email(email, check_deliverability=False, globally_deliverable=False).ascii_email
    except EmailNotValidError:
        return None


def decoded(content: bytes) -> str:
    """The text of an uploaded list: UTF-8, or what spreadsheets in Norway write."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read_list(text: str) -> list[Line]:
    """Every line that holds something, in order: name and address by semicolon, comma or tab, or an address alone."""
    numbered = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    filled = [(number, line) for number, line in numbered if line]
    if filled and _is_heading(filled[0][1]):
        filled = filled[1:]
    seen: set[str] = set()
    return [_line(number, line, position, seen) for position, (number, line) in enumerate(filled)]


def _line(number: int, text: str, position: int, seen: set[str]) -> Line:
    shown = text[:120]
    if position >= MOST_LINES:
        return Line(number, shown, problem="list.too_long")
    name, address = _parts(text)
    if not address:
        return Line(number, shown, problem="list.no_address")
    email = normal(address)
    if email is None:
        return Line(number, shown, name, problem="list.bad_address")
    if email in seen:
        return Line(number, shown, name, email, problem="list.twice")
    seen.add(email)
    return Line(number, shown, name, email)


def _parts(text: str) -> tuple[str, str]:
    """The name and the address, in whichever order they stand."""
    angled = ANGLED.match(text)
    if angled:
        return angled["name"].strip(' "'), angled["email"]
    cells = [cell.strip(' "') for cell in SEPARATORS.split(text)]
    address = next((cell for cell in cells if "@" in cell), "")
    name = " ".join(cell for cell in cells if cell and cell != address)
    if not address and len(cells) > 1:
        return name, ""
    return name[:120], address


def _is_heading(text: str) -> bool:
    return "@" not in text and bool(HEADINGS & {cell.strip(' "').lower() for cell in SEPARATORS.split(text)})
