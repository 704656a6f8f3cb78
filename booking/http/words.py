"""gettext as Flask-Babel has it, with types: texts in the reader's language."""

from flask_babel import gettext as _gettext
from flask_babel import ngettext as _ngettext


def gettext(msgid: str, **values: object) -> str:
    """The text in the reader's language, with its values filled in."""
    return str(_gettext(msgid, **values))


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """The text for this many; `%(num)s` is the number."""
    return str(_ngettext(singular, plural, num, **values))
