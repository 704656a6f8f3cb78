"""What the booking form's page shows, for a new booking and for a change alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from babel.dates import get_day_names
from flask import g, render_template

from booking import clock, wording
from booking.core.details import NO_DETAILS, Details
from booking.core.errors import InvalidInput
from booking.core.timespan import TimeSpan
from booking.core.verdict import Verdict
from booking.db import db
from booking.http.language import language, locale
from booking.http.quota_words import QuotaView, quota_views
from booking.http.words import gettext as _
from booking.services import visibility
from booking.services.alternatives import alternatives
from booking.services.catalogue import ResourceCard
from booking.services.mine import OwnOrganisation
from booking.services.quotas import of_member
from booking.services.wishes import VISIBILITIES, Wish
from booking.web.detail_fields import DetailForm, read_details
from booking.web.features import seats_text
from booking.web.forms import LONGEST_TITLE, BookingForm, Read
from booking.web.kit_form import KitForm, read_items
from booking.web.override import typed_reason
from booking.web.reading import MOST_PEOPLE
from booking.web.series_form import RepeatForm
from booking.web.verdicts import Choice, VerdictView, asked_nothing, in_form, verdict_view

FORM_ID = "booking-form"


@dataclass(frozen=True, slots=True)
class FormPage:
    """Everything templates/bookings/form.html needs. `focus` is what to read first: errors, verdict or nothing."""

    title: str
    lead: str
    card: ResourceCard
    form: BookingForm
    action: str
    verdict_url: str
    back: str
    submit: str
    verdict: VerdictView
    organisations: list[tuple[str, str]]
    kit: KitForm
    resources: list[tuple[str, str]] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    notice: str = ""
    focus: str = ""
    repeat: RepeatForm | None = None
    repeat_action: str = ""
    holder: str = ""  # whom a manager must write to
    may_have_guest: bool = False
    details: DetailForm = field(default_factory=DetailForm)
    anyway: bool = False  # may be booked in spite of the rules, with a reason
    book_for: list[tuple[str, str]] = field(default_factory=list)  # besides oneself
    quotas: list[QuotaView] = field(default_factory=list)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """The errors for the list at the top of the page."""
        return list(self.errors.items())

    @property
    def visibilities(self) -> list[tuple[str, str, str]]:
        """Who may see the title."""
        words = {
            "private": (_("Only me"), _("Others see that it is busy.")),
            "organisation": (_("My organisation"), _("Others see the organisation, not the title.")),
            "members": (_("Every member"), _("All who are signed in see the title.")),
            "public": (_("Everybody"), _("Announced in the public programme, which anybody can read.")),
        }
        kept = self.form.visibility == "public"
        announces = kept or visibility.may_announce(db.session(), clock.now(), frozenset(self.card.scopes))
        return [(each, *words[each]) for each in VISIBILITIES if each != "public" or announces]

    @property
    def repeats(self) -> list[tuple[str, str]]:
        """How it may repeat."""
        return [
            ("", _("It does not repeat")),
            ("week", _("Every week, or on some weekdays")),
            ("day", _("Every day")),
            ("month_date", _("Every month on the same date")),
            ("month_weekday", _("Every month on the same weekday, such as the second Tuesday")),
            ("year", _("Every year")),
            ("dates", _("On dates I choose")),
        ]

    @property
    def weekday_options(self) -> list[tuple[str, str]]:
        """Monday to Sunday."""
        names = get_day_names("abbreviated", locale=locale())
        return [(str(day), names[day]) for day in range(7)]

    @property
    def override_reason(self) -> str:
        """Why in spite of the rules, as it was typed."""
        return typed_reason()

    def render(self) -> str:
        """The page."""
        return render_template("bookings/form.html", page=self, form_id=FORM_ID)


def error_words(errors: Mapping[str, str]) -> dict[str, str]:
    """What could not be read, said in the reader's language, by the field's name."""
    words = {
        "day": _("Write the day as 2026-11-24 or 24.11.2026."),
        "clock": _("Write the time as 9, 0900, 9.00 or 09:00."),
        "start_missing": _("When does it start?"),
        "end_missing": _("When does it end?"),
        "people": _("Write the number of people as a whole number from 1 to %(most)s.", most=MOST_PEOPLE),
        "title": _("Make the title shorter: %(most)s letters at most.", most=LONGEST_TITLE),
        "visibility": _("Choose one of those shown."),
        "organisation": _("Choose one of your own organisations."),
        "resource": _("Choose a resource of the same site."),
        "quantity": _("Write how many as a whole number from 1."),
        "with": _("Choose what goes along from the list."),
    }
    return {name: words.get(code) or _of_the_domain(name, code) for name, code in errors.items()}


def _of_the_domain(name: str, code: str) -> str:
    return wording.error_sentence(InvalidInput(name, code), language())


def made_wish(
    read: Read,
    card: ResourceCard,
    organisation_id: int | None,
    held: frozenset[int] = frozenset(),
    had: Details = NO_DETAILS,
) -> tuple[Read, Wish | None]:
    """The wish for a resource and what goes along, or what no wish can be made of.

    `held` is in the kit already; `had` is what the booking says where the form does not ask.
    """
    try:
        items = read_items(card, read.form, held)
        details = read_details(read.form, had)
        if read.errors:
            return read, None
        return read, read.wish(items, organisation_id, details)
    except InvalidInput as invalid:
        return replace(read, errors={**read.errors, invalid.field: invalid.code}), None


def organisation_of(form: BookingForm, own: Sequence[OwnOrganisation]) -> int | None:
    """The organisation chosen, or the first; None for a member of none. Raises LookupError for another's.

    Whoever books for somebody else may have chosen among their own: then it is the first of the other's.
    """
    known = any(each.key == form.organisation for each in own)
    if not form.organisation or (form.book_for and not known):
        return own[0].id if own else None
    return next((each.id for each in own if each.key == form.organisation), None) or _not_theirs()


def _not_theirs() -> int:
    raise LookupError("organisation")


def organisation_options(own: Sequence[OwnOrganisation]) -> list[tuple[str, str]]:
    """The choices; with one or none there is nothing to choose."""
    return [(each.key, each.name) for each in own]


def span_of(read: Read, card: ResourceCard) -> TimeSpan | None:
    """The span the form means, when there is one."""
    span = read.wall.resolve(card.zone) if read.wall else None
    return span if isinstance(span, TimeSpan) else None


def shown_verdict(verdict: Verdict | None, read: Read, card: ResourceCard, choices: Sequence[Choice]) -> VerdictView:
    """The verdict beside the form; a quiet one before there is anything to judge."""
    if verdict is None:
        return asked_nothing(card)
    return verdict_view(verdict, card, span_of(read, card), choices)


def ways_out(
    now: datetime, member_id: int, wish: Wish, action_of: Callable[[str], str], *, without: int | None = None
) -> list[Choice]:
    """Alternatives as buttons that send this form. `action_of` tells where to send it for a resource's slug."""
    found = alternatives(db.session(), now, member_id, wish, without_booking_id=without)
    return [in_form(each, wish.resource_ids[0], FORM_ID, action_of(each.card.slug)) for each in found]


def quotas_beside(now: datetime, member_id: int, read: Read, wish: Wish | None, card: ResourceCard) -> list[QuotaView]:
    """The quotas that count at the time asked for, so that one sees what is left before anything is refused."""
    span = span_of(read, card)
    if wish is None or span is None:
        return []
    shared = [wish.organisation_id] if wish.organisation_id else []
    return quota_views(of_member(db.session(), now, member_id, shared, cards=[card], at=span.starts_at))


def with_errors(page: FormPage, errors: Mapping[str, str]) -> FormPage:
    """The same page, telling what could not be read."""
    return replace(page, errors=error_words(errors), focus="errors")


def kept_notice(*, draft: bool) -> str:
    """What to say above a form that came back by itself."""
    if g.get("expired"):
        return _("This page had been open for long. Nothing is lost: look it over and send it once more.")
    return _("Here is your form, as you left it. Look it over and send it.") if draft else ""


def about(card: ResourceCard) -> str:
    """A line that tells which resource this is."""
    return " · ".join(filter(None, (card.code, seats_text(card), card.site_name)))
