"""Lines of a calendar file: what is escaped, stripped and folded."""

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.ical.text import clean, escaped, folded, text

AWKWARD = st.text(st.sampled_from("aæøåÅ é🧪👩‍🔬\\;,:\n\t\"'") | st.characters(), max_size=300)


def unfolded(written: bytes) -> str:
    return written.decode().replace("\r\n ", "").removesuffix("\r\n")


@given(AWKWARD)
def test_a_folded_line_is_short_and_unfolds_to_itself(content):
    content = escaped(content)

    lines = folded(f"SUMMARY:{content}").split(b"\r\n")

    assert lines.pop() == b""
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode() for line in lines)  # each line alone is whole UTF-8
    assert unfolded(folded(f"SUMMARY:{content}")) == f"SUMMARY:{content}"


@given(AWKWARD)
def test_no_fold_parts_a_backslash_from_what_it_escapes(content):
    lines = text("SUMMARY", content).removesuffix(b"\r\n").split(b"\r\n")

    assert all((len(line) - len(line.rstrip(b"\\"))) % 2 == 0 for line in lines)


@pytest.mark.parametrize("pair", ["\\", ";", ",", "\n", "å", "🧪"])
@pytest.mark.parametrize("offset", range(56, 80))
def test_at_every_offset_of_a_fold_a_pair_stays_whole(pair, offset):
    title = "x" * offset + pair * 3 + "y"

    written = text("SUMMARY", title)

    parsed = icalendar.Event.from_ical(b"BEGIN:VEVENT\r\n" + written + b"END:VEVENT\r\n")
    assert str(parsed["SUMMARY"]) == title


@given(AWKWARD)
def test_any_title_comes_back_as_it_was_cleaned(title):
    parsed = icalendar.Event.from_ical(b"BEGIN:VEVENT\r\n" + text("SUMMARY", title) + b"END:VEVENT\r\n")

    assert str(parsed["SUMMARY"]) == clean(title)


@given(st.text())
def test_what_is_cleaned_holds_no_control_characters(value):
    left = clean(value)

    assert not {each for each in left if (each < " " and each not in "\n\t") or "\x7f" <= each <= "\x9f"}
    assert not set(left) & set("\u2028\u2029\u202a\u202e\u2066\u2069\ufeff")
    assert clean(left) == left


@pytest.mark.parametrize("line_break", ["\r\n", "\r", "\n", "\x85", "\u2028", "\u2029"])
def test_every_kind_of_line_break_is_written_as_an_escaped_newline(line_break):
    assert text("SUMMARY", f"a{line_break}BEGIN:VALARM") == b"SUMMARY:a\\nBEGIN:VALARM\r\n"
