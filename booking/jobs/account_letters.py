"""Letters about accounts: invitations to join, links for a new password, and that a password was changed.

The link is worked out from the message and the service's secret each time, so these letters are never stored.
"""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app

from booking import wording
from booking.http.sealing import link_seal
from booking.jobs.reading import Content, Gone, Kind, Reading
from booking.models import Member, Organisation
from booking.services import mailed_links, one_time_links
from booking.services.credentials import CHANGED
from booking.wording import N_


def _invitation(reading: Reading) -> Content:
    facts, _ = reading.message.facts, reading.gettext
    organisation = reading.session.get(Organisation, facts.get("organisation_id") or 0)
    by = reading.session.get(Member, facts.get("by") or 0)
    gaps = {"who": by.name if by else _("An admin"), "house": reading.house.name}
    if organisation is None:
        lead = _("%(who)s invites you to book rooms and equipment with %(house)s.", **gaps)
    else:
        words = {**gaps, "organisation": organisation.name}
        lead = _("%(who)s invites you to book rooms and equipment as a member of %(organisation)s.", **words)
    content = _with_link(reading, "invitations", lead, _("Accept the invitation"), _("You need not answer."), gaps)
    content.values["name"] = reading.message.text or ""  # whoever has no account is greeted as the list named them
    return content


def _password_link(reading: Reading) -> Content:
    _ = reading.gettext
    lead = _("An admin has made a link where you choose a new password.")
    after = _("Your present password works until you have chosen another.")
    return _with_link(reading, "passwords", lead, _("Choose a new password"), after)


def _password_forgotten(reading: Reading) -> Content:
    _ = reading.gettext
    lead = _("Somebody, hopefully you, has forgotten the password of your account. Choose a new one here.")
    after = _("Was it not you? Then do nothing, and your password stays as it is.")
    return _with_link(reading, "passwords", lead, _("Choose a new password"), after)


def _password_changed(reading: Reading) -> Content:
    _ = reading.gettext
    when = _moment(reading, reading.message.created_at)
    lead = _("The password of your account was changed %(when)s, and other browsers were signed out.", when=when)
    after = _("Was it not you? Then choose a new password at once, and tell an admin.")
    return _content(lead, (_("Choose a new password"), f"{reading.house.base_url}/password/forgotten"), after)


def _with_link(
    reading: Reading, path: str, lead: str, words: str, after: str, gaps: Mapping[str, object] | None = None
) -> Content:
    """Raises Gone when the link has been used, has been replaced, or has ended."""
    token = link_seal()(reading.message.public_id)
    if not one_time_links.is_open(reading.session, reading.now, token):
        raise Gone
    until = _moment(reading, datetime.fromisoformat(reading.message.facts["expires_at"]))
    lasting = reading.gettext("The link works once, and until %(when)s.", when=until)
    return _content(lead, (words, f"{reading.house.base_url}/{path}/{token}"), f"{lasting} {after}", gaps)


def _content(lead: str, button: tuple[str, str], after: str, gaps: Mapping[str, object] | None = None) -> Content:
    return Content({"lead": lead, "button": button, "after": after}, dict(gaps or {}))


def _moment(reading: Reading, instant: datetime) -> str:
    zone = ZoneInfo(current_app.config["BABEL_DEFAULT_TIMEZONE"])
    return wording.moment(instant, reading.language, zone)


ACCOUNT_LETTERS = {
    mailed_links.INVITATION: Kind(N_("You are invited to %(house)s"), "account", _invitation, is_secret=True),
    mailed_links.PASSWORD_LINK: Kind(N_("Choose a new password"), "account", _password_link, is_secret=True),
    mailed_links.PASSWORD_FORGOTTEN: Kind(N_("Choose a new password"), "account", _password_forgotten, is_secret=True),
    CHANGED: Kind(N_("Your password was changed"), "account", _password_changed),
}
