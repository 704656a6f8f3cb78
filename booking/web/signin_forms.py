"""The forms of signing in, of invitations and of new passwords; they check that input can be read, nothing more."""

from flask_babel import lazy_gettext as _l
from wtforms import Form, PasswordField, StringField
from wtforms.validators import InputRequired, Length


class SignInForm(Form):
    """Who is there."""

    email = StringField(validators=[InputRequired(_l("Enter your e-mail address.")), Length(max=254)])
    password = PasswordField(validators=[InputRequired(_l("Enter your password."))])


class ForgottenForm(Form):
    """Whose password is forgotten."""

    email = StringField(validators=[InputRequired(_l("Enter your e-mail address.")), Length(max=254)])


class PasswordForm(Form):
    """A new password; typed once, for password managers and pasting."""

    password = PasswordField(validators=[InputRequired(_l("Choose a password."))])


class AcceptForm(PasswordForm):
    """What a new member tells about themselves."""

    name = StringField(validators=[InputRequired(_l("Enter your name.")), Length(max=120)])
