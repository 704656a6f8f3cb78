"""gettext with types: texts in the reader's language, from the catalogues that everything else reads too."""

from flask import Flask

from booking.http.language import language
from booking.wording.translating import catalogue


def gettext(msgid: str, **values: object) -> str:
    """The text in the reader's language, with its values filled in."""
    text = catalogue(language()).gettext(msgid)
    return text % values if values else text


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """The text for this many; `%(num)s` is the number."""
    return catalogue(language()).ngettext(singular, plural, num) % {"num": num, **values}


def init_app(app: Flask) -> None:
    """Gives templates the same texts; they fill in the values themselves."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda msgid: catalogue(language()).gettext(msgid),
        ngettext=lambda singular, plural, num: catalogue(language()).ngettext(singular, plural, num),
        newstyle=True,
    )
