"""Commands of `flask --app wsgi`, one module for each family."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Registers every command."""
