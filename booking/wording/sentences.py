"""One table: the code of a finding and what we say, which is what is wrong, with which value, and the way out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from string import Formatter
from zoneinfo import ZoneInfo

from babel import Locale

from booking.core.verdict import Finding
from booking.wording.lab_sentences import LAB_SENTENCES
from booking.wording.placeholders import placeholders
from booking.wording.quota_sentences import QUOTA_SENTENCES
from booking.wording.safety_sentences import SAFETY
from booking.wording.translating import N_, translate

# Of several sentences the first is said whose gaps can all be filled. "code:kind" is for that kind of finding alone.
SENTENCES: dict[str, tuple[str, ...]] = {
    **LAB_SENTENCES,
    **SAFETY,
    "R01.order": (N_("The end must be after the start. Choose a later end, or let it end the next day."),),
    "R01.missing_hour": (
        N_("On {day} the clock goes forward, so {asked} does not exist. Try {instead}."),
    ),
    "R02.grid": (N_("{resource} is booked in steps of {step}. The nearest is {try}."),),
    "R03.past": (N_("The start has passed. The earliest start is {try}."),),
    "R04.not_bookable": (
        N_("{resource} cannot be booked. Choose another, or ask {contact}."),
        N_("{resource} cannot be booked. Choose another."),
    ),
    "R05.overlap": (N_("{resource} is taken {taken}. Choose another time."),),
    "R05.elsewhere": (N_("{place} is taken in the calendar “{name}” {taken}. Choose another time."),),
    "R05.overlap:through": (N_("{resource} is taken {taken}, through {through}. Choose another time."),),
    "R05.overlap:pool": (
        N_(
            "You asked for {asked}, and {resource} has {free} of {total} free at the fullest time, {span}. "
            "Ask for fewer, or choose another time."
        ),
    ),
    "R05.overlap:small_pool": (
        N_("You asked for {asked}, and {resource} has {total} in all. Ask for fewer, or choose another."),
    ),
    "R05.overlap:full_pool": (N_("All {total} of {resource} are taken {taken}. Choose another time."),),
    "R06.buffer": (
        N_("{resource} needs {minutes} between bookings and is taken {span}. Leave more room, or choose another time."),
    ),
    "R06.staffed_turnover": (
        N_("Staff make {resource} ready before and after, and it is closed {span} ({name}). Choose another time."),
        N_("Staff make {resource} ready before and after, and it is closed {span}. Choose another time."),
    ),
    "R07.fire_limit": (
        N_("The fire limit of {resource} is {limit}, and you entered {people}. Choose a larger room, or be fewer."),
    ),
    "R07.too_many": (
        N_("{resource} seats {limit}, and you entered {people}. A larger room may suit you better."),
    ),
    "R07.too_few": (
        N_("{resource} is meant for at least {limit}, and you entered {people}. A smaller room may suit you better."),
    ),
    "R08.companion": (
        N_("{resource} also needs {quantity} of {companion} for the whole time. Add them to the booking."),
        N_("{resource} also needs {companion} for the whole time. Add it to the booking."),
    ),
    "R08.companion:taken": (
        N_(
            "{resource} also needs {companion} for the whole time, and {companion} is taken {taken}. "
            "Choose another time."
        ),
    ),
    "R08.shared": (
        N_("{resource} and {other} share the same space, so one booking cannot have both. Choose one of them."),
    ),
    "R09.own_clash": (N_("You already have {other} at this time, {span}. Check that you need both."),),
    "R10.closed_then": (
        N_("{resource} is open {hours} on {day} ({name}). Choose a time within that."),
        N_("{resource} is open {hours} on {day}. Choose a time within that."),
        N_("{resource} is closed on {day} ({name}). Choose another day."),
        N_("{resource} is closed on {day}. Choose another day."),
    ),
    "R11.closure": (
        N_("{place} is closed {span} ({name}). Choose another time."),
        N_("{place} is closed {span}. Choose another time."),
    ),
    "R12.outage": (N_("{place} has maintenance {span} ({name}). Choose another time."),),
    "R12.notice": (N_("Work goes on at {place} {span} ({name}). It can be booked all the same."),),
    "R13.out_of_service": (
        N_("{place} is out of service, expected back {back}. Choose a later time, or another."),
        N_("{place} is out of service, and nobody knows for how long. Choose a start after {assumed}, or another."),
    ),
    "R13.may_be_down": (N_("{place} is out of service now. We do not know yet whether it is back by then."),),
    "R13.safety": (
        N_("{place} is closed for safety until somebody has put it right. Choose another, or ask {contact}."),
        N_("{place} is closed for safety until somebody has put it right. Choose another."),
    ),
    "R17.notice": (N_("{resource} must be booked at least {notice} ahead. The earliest start is {try}."),),
    "R18.horizon": (
        N_("{resource} can be booked for {day} from {opens}. Choose an earlier day, or come back then."),
    ),
    "R19.too_late": (
        N_("{resource} could be changed or cancelled until {until}, {deadline} before the start. Ask {contact}."),
        N_("{resource} could be changed or cancelled until {until}, {deadline} before the start."),
    ),
    "R19.late": (
        N_("This is later than {deadline} before the start, so it is marked as late. You can still do it."),
    ),
    "R20.too_short": (N_("{resource} is booked for at least {least}, and you asked for {asked}. Choose a later end."),),
    "R21.too_long": (
        N_(
            "{resource} can be booked for at most {most}, and bookings in a row count as one: "
            "yours would be {total}. Choose a shorter time."
        ),
        N_("{resource} can be booked for at most {most}, and you asked for {asked}. Choose an earlier end."),
    ),
    "R28.not_allowed": (N_("{resource} is not booked in series. Book each date by itself, or choose another."),),
    "R28.not_allowed:competes": (
        N_("Requests for {resource} compete, and a series would keep others out. Ask for each date by itself."),
    ),
    "R28.too_many": (
        N_("A series of {resource} can have {limit} dates, and yours has {asked}. Leave some out, or end it sooner."),
    ),
    "R28.too_far": (
        N_("A series of {resource} can run over {limit} days, and yours runs over {asked}. End it sooner."),
    ),
    "R30.membership_ends": (
        N_("Your membership ends {ends}, before this booking does. Choose an earlier day, or ask {contact}."),
        N_("Your membership ends {ends}, before this booking does. Choose an earlier day, or ask your organisation."),
        N_("You are not a member of that organisation. Choose one of your own, or ask {contact}."),
        N_("You are not a member of that organisation. Choose one of your own."),
    ),
    "R30.not_open_to_you": (
        N_("{resource} is open to {groups}. Choose another, or ask {contact}."),
        N_("{resource} is open to {groups}. Choose another."),
        N_("{resource} is not open to you. Choose another, or ask {contact}."),
        N_("{resource} is not open to you. Choose another."),
    ),
    "R30.inactive": (
        N_("Your account is not active, so it cannot book. Ask {contact}."),
        N_("Your account is not active, so it cannot book. Ask your organisation to open it."),
    ),
    "R38.needed": (
        N_("{resource} needs approval ({why}). We ask {who}, and the time is held for you until {until}."),
        N_("{resource} needs approval ({why}). The time is held for you until {until}."),
        N_("{resource} needs approval ({why})."),
    ),
    "R38.needed:competes": (
        N_("{resource} needs approval ({why}). Others can ask for the same time, and {who} decides who gets it."),
        N_("{resource} needs approval ({why}). Others can ask for the same time until somebody gets it."),
    ),
    "R40.fewer:members": (N_("What happens at {resource} is announced to nobody but members."),),
    "R40.fewer:organisation": (N_("Names and titles at {resource} are shown to your own organisation at most."),),
    "R40.fewer": (N_("Names and titles at {resource} are shown to nobody but you and those who manage it."),),
    **QUOTA_SENTENCES,
}  # fmt: skip


def sentence(finding: Finding, locale: str | Locale, zone: ZoneInfo) -> str:
    """What we say about a finding, with times as the clocks in `zone` show them."""
    gaps = placeholders(finding.facts, finding.way_out, locale, zone)
    msgid = fitting(choices(SENTENCES, finding.code, finding.facts), gaps)
    return translate(msgid, locale).format_map(gaps)


def sentences(findings: Iterable[Finding], locale: str | Locale, zone: ZoneInfo) -> list[str]:
    return [sentence(finding, locale, zone) for finding in findings]


def fitting(msgids: tuple[str, ...], gaps: dict[str, str]) -> str:
    """The first sentence whose gaps can all be filled; that none can is a bug, so it fails loudly."""
    for msgid in msgids:
        if gaps_of(msgid) <= gaps.keys():
            return msgid
    raise LookupError(f"no sentence can be said with {sorted(gaps)}: {msgids}")


def gaps_of(msgid: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(msgid) if name)


def choices(table: Mapping[str, tuple[str, ...]], code: str, facts: Mapping[str, object]) -> tuple[str, ...]:
    """What may be said about a code, and first of all about this kind or state of it."""
    keys = (f"{code}:{facts.get('kind')}", f"{code}:{facts.get('state')}", code)
    return next((table[key] for key in keys if key in table), ())
