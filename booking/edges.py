"""The edges of the house: every blueprint that answers requests, listed once."""

from flask import Blueprint

from booking.web import health

BLUEPRINTS: tuple[Blueprint, ...] = (health.pages,)
