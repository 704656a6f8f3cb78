"""Sample iTIP messages of every form, for every program that can judge them: `SAMPLES` by name."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from booking.core.recurrence import Every, Recurrence
from booking.core.request import WallSpan
from booking.core.timespan import TimeSpan
from booking.ical import invitation
from booking.ical.event import Status
from booking.ical.invitation import Envelope, Meeting, Party
from booking.ical.pattern import Pattern

OSLO = ZoneInfo("Europe/Oslo")
MADE = datetime(2027, 2, 1, 9, tzinfo=UTC)
ROOM = Party('Møterom "A"; 2, etasje', "samrom+mote-a@booking.example", "ROOM")
SCOPE = Party("Mikroskop", "samrom+mikroskop@booking.example", "RESOURCE")


def an_envelope(zone: str = "Europe/Oslo", sequence: int = 1, uid: str = "s1@samrom") -> Envelope:
    """From the service to Kari."""
    organizer, kari = Party("Samrom", "samrom@booking.example"), Party("Kari Nordmann", "kari@example.invalid")
    return Envelope(uid, ZoneInfo(zone), sequence, MADE, organizer, kari)


def a_meeting(span: TimeSpan, **changes: object) -> Meeting:
    """A confirmed one in one room."""
    about = {
        "span": span, "status": Status.CONFIRMED, "created_at": MADE, "modified_at": MADE, "summary": "Styremøte",
        "location": "Møterom A, Gata 7", "things": (ROOM,), "url": "https://booking.example/bookings/b1",
        "description": "Å takke nei avlyser ikke:\nhttps://booking.example/bookings/b1/cancellation",
    }  # fmt: skip
    return Meeting(**{**about, **changes})  # type: ignore[arg-type]


def a_pattern(starts: str, ends: str, rule: Recurrence, zone: str = "Europe/Oslo") -> Pattern:
    """From one wall time to another, and again."""
    return Pattern(WallSpan(datetime.fromisoformat(starts), datetime.fromisoformat(ends)), rule, ZoneInfo(zone))


def dates_of(pattern: Pattern, *left_out: date) -> dict[date, Meeting]:
    """Every date as the pattern means it."""
    return {day: a_meeting(pattern.span(day)) for day in pattern.days if day not in left_out}


def _samples() -> dict[str, bytes]:
    span = TimeSpan(datetime(2027, 5, 25, 8, tzinfo=UTC), datetime(2027, 5, 25, 9, tzinfo=UTC))
    night = TimeSpan(datetime(2027, 10, 30, 21, tzinfo=UTC), datetime(2027, 10, 31, 5, tzinfo=UTC))
    weekly = a_pattern("2027-03-23T09:00", "2027-03-23T10:00", Recurrence(Every.WEEK, count=8))
    nightly = a_pattern("2027-10-29T23:00", "2027-10-30T06:00", Recurrence(Every.DAY, count=4))
    picked = Recurrence(Every.DATES, dates=tuple(date(2027, 3, 27) + timedelta(days=n) for n in (0, 1, 9)))
    listed = a_pattern("2027-03-27T02:30", "2027-03-27T03:30", picked)
    some = Recurrence(Every.DATES, dates=tuple(date(2027, 3, 2) + timedelta(days=n) for n in (0, 2, 30, 31, 90)))
    chosen = a_pattern("2027-03-02T09:00", "2027-03-02T11:00", some)
    moved = dates_of(weekly, date(2027, 4, 6)) | {
        date(2027, 4, 13): a_meeting(span, things=(SCOPE,), summary="Flyttet")
    }
    whole = a_meeting(span, url="https://booking.example/series/s1")
    hostile = a_meeting(span, summary="END:VEVENT\r\nBEGIN:VALARM\x00\u2028🎈" + "æ" * 90, location=";,\\")
    return {
        "confirmed": invitation.single(an_envelope(), a_meeting(span), "REQUEST"),
        "requested": invitation.single(an_envelope(), a_meeting(span, status=Status.TENTATIVE), "REQUEST"),
        "cancelled": invitation.single(an_envelope(sequence=2), a_meeting(span), "CANCEL"),
        "of two things": invitation.single(an_envelope(), a_meeting(span, things=(ROOM, SCOPE)), "REQUEST"),
        "over a clock change": invitation.single(an_envelope(), a_meeting(night), "REQUEST"),
        "hostile": invitation.single(an_envelope(), hostile, "REQUEST"),
        "odd zone": invitation.single(an_envelope("America/Nuuk"), a_meeting(span), "REQUEST"),
        "series": invitation.series(an_envelope(), weekly, dates_of(weekly), whole),
        "series with changes": invitation.series(an_envelope(sequence=5), weekly, moved, whole),
        "nights over a clock change": invitation.series(an_envelope(), nightly, dates_of(nightly), whole),
        "hand-picked": invitation.series(an_envelope(), chosen, dates_of(chosen), whole),
        "hand-picked, one in a missing hour": invitation.series(an_envelope(), listed, dates_of(listed), whole),
        "series cancelled": invitation.series(an_envelope(sequence=9), weekly, {}, whole),
        "one date moved": invitation.one_date(
            an_envelope(sequence=3), weekly, date(2027, 4, 20), a_meeting(span), "REQUEST"
        ),
        "one date cancelled": invitation.one_date(
            an_envelope(sequence=4), weekly, date(2027, 4, 20), a_meeting(weekly.span(date(2027, 4, 20))), "CANCEL"
        ),
    }  # fmt: skip


SAMPLES = _samples()
