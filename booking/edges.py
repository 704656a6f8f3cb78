"""The edges of the house: every blueprint that answers requests, listed once."""

from flask import Blueprint

from booking.feeds import views as feeds
from booking.web import calendar, health, signin

BLUEPRINTS: tuple[Blueprint, ...] = (health.pages, signin.pages, calendar.pages, feeds.pages)
