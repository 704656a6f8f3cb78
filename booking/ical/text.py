"""Content lines: text made harmless and escaped, and long lines folded, so that every reader sees the same."""

import re

MOST_OCTETS = 75
LINE_BREAKS = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
# Control characters but tab and newline; bidi embeddings and overrides, which would turn the words around them;
# the byte order mark, surrogates and non-characters. Readers lose the rest of a feed at some of these.
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
TO_ESCAPE = re.compile(r"([\\;,])")
UNBREAKABLE = re.compile(r"\\.|.", re.DOTALL)  # a backslash and what it escapes stay together


def clean(value: str) -> str:
    """The text without anything a calendar cannot carry; every kind of line break becomes a newline."""
    return UNSAFE.sub("", LINE_BREAKS.sub("\n", value))


def escaped(value: str) -> str:
    """A clean TEXT value as it is written in a line."""
    return TO_ESCAPE.sub(r"\\\1", clean(value)).replace("\n", "\\n")


def line(name: str, value: str) -> bytes:
    """One content line with a value that is written as it is: an instant, an address, a word of the standard."""
    return folded(f"{name}:{value}")


def text(name: str, value: str) -> bytes:
    """One content line with free text."""
    return folded(f"{name}:{escaped(value)}")


def texts(name: str, values: tuple[str, ...]) -> bytes:
    """One content line with several texts, parted by commas."""
    return folded(f"{name}:{','.join(map(escaped, values))}")


def folded(content: str) -> bytes:
    """At most 75 octets a line; never broken inside a UTF-8 sequence or between a backslash and what it escapes."""
    whole = content.encode()
    if len(whole) <= MOST_OCTETS:
        return whole + b"\r\n"
    lines, current = [], b""
    for piece in UNBREAKABLE.findall(content):
        octets = piece.encode()
        if len(current) + len(octets) > MOST_OCTETS:
            lines.append(current)
            current = b" "
        current += octets
    return b"\r\n".join((*lines, current)) + b"\r\n"
