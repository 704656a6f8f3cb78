"""One-line JSON logs with a request id, and never a secret: no query strings, no bodies, feed keys masked."""

import logging
import re
import secrets
import sys
import time
from typing import TYPE_CHECKING

import structlog
from flask import Flask, Response, g, request

if TYPE_CHECKING:
    from config import Config

log = structlog.get_logger("samrom")
SECRET_IN_PATH = re.compile(r"^/+(feeds|invitations|passwords)/.+", re.IGNORECASE | re.DOTALL)


def masked(path: str) -> str:
    """The path without the secret that some addresses carry, however the address was written."""
    return SECRET_IN_PATH.sub(r"/\1/***", path)


def init_app(app: Flask, config: "Config") -> None:
    """Logs each request when it has been answered, and each unexpected error with its trace."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[config.log_level.upper()]),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),  # asked each time: it may be another one by then
        cache_logger_on_first_use=False,
    )
    # Flask's own line would hold the address as it came, secrets and all.
    app.log_exception = lambda exc_info: log_crash(exc_info[1] or RuntimeError("unknown"))  # type: ignore[method-assign]
    app.before_request(_begin)
    app.after_request(_end)


def log_crash(error: BaseException) -> None:
    """The trace of a bug, under the id of the request it spoiled."""
    log.error("crashed", exc_info=error, path=masked(request.path))


def _begin() -> None:
    g.request_id = secrets.token_hex(8)
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.get("request_id", "")
    took = round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1)
    log.info("request", method=request.method, path=masked(request.path), status=response.status_code, ms=took)
    return response
