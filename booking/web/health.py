"""Whether the process lives and whether it is ready to serve."""

from flask import Blueprint, Response, current_app, jsonify
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
    """The database answers, its schema and guards are this code's, and no demo account is open to the world."""
    try:
        problem = readiness.problem(db.session(), demo=current_app.extensions["samrom"].demo)
    except SQLAlchemyError:
        problem = "database unreachable"
    return jsonify(status=problem or "ok"), 503 if problem else 200
