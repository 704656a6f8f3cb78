"""The forms about people and organisations; they check that input can be read and take their own fields only."""

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField, TextAreaField, ValidationError
from wtforms.validators import AnyOf, InputRequired, Length

from booking.models import DutyKind, OrganisationRole, SiteRole
from booking.services.organisations import KINDS

PICK = _l("Choose one from the list.")


class OrganisationForm(Form):
    """An organisation's name and kind."""

    name = StringField(validators=[InputRequired(_l("Enter a name.")), Length(max=120)])
    kind = StringField(default="business", validators=[AnyOf(KINDS, PICK)])
    key = StringField(validators=[Length(max=64)])


class MemberForm(Form):
    """A member's name and role for the whole service."""

    name = StringField(validators=[InputRequired(_l("Enter a name.")), Length(max=120)])
    site_role = StringField(validators=[AnyOf(list(SiteRole), PICK)])


class MembershipForm(Form):
    """That a member belongs to an organisation, as what."""

    organisation = StringField(validators=[InputRequired(PICK)])
    role = StringField(default="member", validators=[AnyOf(list(OrganisationRole), PICK)])


class DutyForm(Form):
    """What a member manages or approves for; the scope is written site:3."""

    kind = StringField(default="manager", validators=[AnyOf(list(DutyKind), PICK)])
    scope = StringField(validators=[InputRequired(PICK)])

    def scope_key(self) -> tuple[str, int]:
        """The scope as kind and id; an id of 0 stands for none."""
        kind, _, id_ = (self.scope.data or "").partition(":")
        return kind, int(id_) if id_.isdecimal() and len(id_) < 10 else 0


class InvitationForm(Form):
    """Whom to invite: one person or a list, into which organisation and as what."""

    organisation = StringField()
    role = StringField(default="member", validators=[AnyOf(list(OrganisationRole), PICK)])
    people = TextAreaField()
    show_links = StringField()
    key = StringField(validators=[Length(max=64)])


class EndingForm(Form):
    """When something ends; nothing means at once."""

    last_day = StringField()
    all = StringField(validators=[AnyOf(("", "keep", "hand_over", "cancel"), PICK)], default="")
    all_to = StringField()

    def validate_last_day(self, field: StringField) -> None:
        """A date, or nothing."""
        if field.data and a_day(field.data) is None:
            raise ValidationError(str(_l("Enter a date such as 2026-12-31.")))


def a_day(text: str) -> date | None:
    """The date, as browsers send it; None when it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
