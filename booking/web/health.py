"""Whether the process lives and whether it is ready to serve."""

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from booking.db import db
from booking.http.access import public
from booking.services import readiness

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@pages.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """The database answers and its schema is the one this code was written for."""
    try:
        problem = readiness.problem(db.session)
    except SQLAlchemyError:
        problem = "database unreachable"
    return jsonify(status=problem or "ok"), 503 if problem else 200
