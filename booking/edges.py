"""The edges of the house: every blueprint that answers requests, listed once."""

from flask import Blueprint

from booking.admin import (
    activities,
    closures,
    demand,
    dispensations,
    documents,
    endings,
    faults,
    groups,
    invitations,
    landing,
    organisations,
    outages,
    people,
    places,
    resource_state,
    rules,
)
from booking.admin import resources as admin_resources
from booking.feeds import views as feeds
from booking.web import about, account, bookings, calendar, day, fault, find, health, home, notices, resources, signin

BLUEPRINTS: tuple[Blueprint, ...] = (
    health.pages,
    signin.pages,
    account.pages,
    home.pages,
    find.pages,
    day.pages,
    resources.pages,
    fault.pages,
    bookings.pages,
    notices.pages,
    calendar.pages,
    feeds.pages,
    about.pages,
    landing.pages,
    admin_resources.pages,
    resource_state.pages,
    rules.pages,
    closures.pages,
    outages.pages,
    faults.pages,
    groups.pages,
    activities.pages,
    documents.pages,
    dispensations.pages,
    places.pages,
    demand.pages,
    organisations.pages,
    people.pages,
    invitations.pages,
    endings.pages,
)
