"""Samrom: booking of shared rooms and equipment. `create_app` puts the house together and decides nothing else."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Blueprint, Flask
from flask_migrate import Migrate
from sqlalchemy.engine import make_url

from booking import cli, edges, http, jobs
from booking.db import Base, db, guard_reads, prepare

if TYPE_CHECKING:
    from config import Config

__all__ = ["create_app"]

migrate = Migrate()


def create_app(config: "Config", blueprints: Iterable[Blueprint] = edges.BLUEPRINTS) -> Flask:
    """The application for one configuration; opens no connection and reads no environment.

    Without blueprints it has no pages, which is enough for services and quicker to make.
    """
    app = Flask(__name__, template_folder="../templates", static_folder=None)
    app.config.from_mapping(_flask_config(config))
    app.extensions["samrom"] = config
    _database(app)
    http.init_app(app, config)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    cli.init_app(app)
    jobs.init_app(app)
    return app


def _flask_config(config: "Config") -> dict[str, object]:
    prefix = "__Host-" if config.is_https else ""
    return {
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(config.database_url),
        "SESSION_COOKIE_NAME": f"{prefix}samrom",
        "SESSION_COOKIE_SECURE": config.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": config.session_days * 86_400,
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "BABEL_DEFAULT_LOCALE": "nb",
        "BABEL_DEFAULT_TIMEZONE": config.default_timezone,
        "BABEL_TRANSLATION_DIRECTORIES": "translations",
        "TEMPLATES_AUTO_RELOAD": False,
    }


def _engine_options(url: str) -> dict[str, object]:
    """A few connections a worker, checked before use so that a restarted database heals itself; no values in logs."""
    pool: dict[str, object] = {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 8, "hide_parameters": True}
    if make_url(url).get_backend_name() == "sqlite":
        return pool | {"connect_args": {"check_same_thread": False}}
    return pool


def _database(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=f"{app.root_path}/../migrations", metadatas=Base.metadata)
    with app.app_context():
        prepare(db.engine)
        guard_reads()
