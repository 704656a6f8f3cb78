"""The forms of a member's own pages; they check that input can be read, nothing more."""

from flask_babel import lazy_gettext as _l
from wtforms import Form, PasswordField, StringField
from wtforms.validators import AnyOf, InputRequired, Length

from booking.services.members import LANGUAGES


class AccountForm(Form):
    """Name and choices; no language means the browser's."""

    name = StringField(validators=[InputRequired(_l("Enter your name.")), Length(max=120)])
    language = StringField(validators=[AnyOf(("", *LANGUAGES), _l("Choose a language from the list."))])


class NewPasswordForm(Form):
    """Another password; the present one proves who asks."""

    current_password = PasswordField(validators=[InputRequired(_l("Enter the password you have now."))])
    new_password = PasswordField(validators=[InputRequired(_l("Choose a password."))])
