"""Static files: served precompressed with a year's caching under names that hold their content's hash."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask
from flask_compress import Compress
from whitenoise import WhiteNoise

from booking.http.headers import always

STATIC = Path(__file__).parent.parent / "static"
YEAR = 31_536_000


@cache
def digest(path: str) -> str:
    """Ten letters that change when the file does. Raises FileNotFoundError for a name that does not exist."""
    return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:10]


def asset(path: str) -> str:
    """The address of a static file, safe to cache for ever: `css/base.css` becomes `/static/<hash>/css/base.css`."""
    return f"/static/{digest(path)}/{path}"


def init_app(app: Flask) -> None:
    """Lets WhiteNoise answer for static files and compresses pages."""
    app.config["COMPRESS_BR_LEVEL"] = 4
    app.config["COMPRESS_MIMETYPES"] = ["text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"]
    Compress(app)
    app.jinja_env.globals["asset"] = asset
    guards = always(app.extensions["samrom"])
    served = WhiteNoise(
        app.wsgi_app,
        max_age=YEAR,
        allow_all_origins=False,
        add_headers_function=lambda headers, _path, _url: [headers.add_header(*guard) for guard in guards.items()],
    )
    for file in sorted(STATIC.rglob("*")):
        if file.is_file():
            path = file.relative_to(STATIC).as_posix()
            served.add_file_to_dictionary(asset(path), str(file))
    app.wsgi_app = served  # type: ignore[method-assign]
