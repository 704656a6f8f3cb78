"""The edges of the house: every blueprint that answers requests, listed once."""

from flask import Blueprint

from booking.feeds import views as feeds
from booking.web import account, calendar, health, signin

BLUEPRINTS: tuple[Blueprint, ...] = (health.pages, signin.pages, account.pages, calendar.pages, feeds.pages)
