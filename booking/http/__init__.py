"""What every edge shares: who is asking, in which language, how errors look, and which headers go out."""

from typing import TYPE_CHECKING

from flask import Flask

from booking.http import access, assets, csrf, display, errors, headers, language, logs, notices, words

if TYPE_CHECKING:
    from config import Config


def init_app(app: Flask, config: "Config") -> None:
    """Sets up the shared parts, each in its own module."""
    logs.init_app(app, config)
    headers.init_app(app, config)
    language.init_app(app)
    words.init_app(app)
    access.init_app(app)
    csrf.init_app(app)
    notices.init_app(app)
    errors.init_app(app)
    display.init_app(app, config)
    assets.init_app(app)
