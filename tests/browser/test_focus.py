"""After every submit, focus is where one should begin to read, and the title says what happened."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import Person
from tests.browser.days import workday


def test_a_sign_in_that_fails_begins_at_the_summary_of_errors(page: Page) -> None:
    page.goto("/login?lang=en")
    page.locator("#email").fill("nobody@example.invalid")
    page.locator("#password").fill("wrong words")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator("#email")).to_have_value("nobody@example.invalid")


def test_a_form_that_cannot_be_read_begins_at_the_summary_of_errors(person: Person) -> None:
    page = person("medlem11")
    steps.open_form(page, "oya", workday(10))
    page.locator("#start").fill("")
    steps.send(page)
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page).to_have_title(re.compile("^Look at this: "))


@pytest.mark.parametrize("scripts", [True, False])
def test_a_refused_booking_begins_at_the_verdict(person: Person, *, scripts: bool) -> None:
    page = person("medlem11", scripts=scripts)
    steps.open_form(page, "oya", workday(10), "23:00", "23:30")
    steps.send(page)
    at = page.locator(":focus")
    expect(at).to_have_count(1)
    assert at.locator("[data-code='R10.closed_then']").count() == 1
    expect(page).to_have_title(re.compile("^Look at this: "))


def test_booking_changing_and_cancelling_each_begin_at_the_bookings_title(person: Person) -> None:
    page = person("medlem11")
    steps.book(page, "oya", workday(11), title="Focus")
    expect(steps.title_of(page)).to_be_focused()
    expect(steps.title_of(page)).to_have_accessible_description("Booked. It is yours.")
    steps.change(page, end="12:00")
    expect(steps.title_of(page)).to_be_focused()
    steps.cancel(page)
    expect(steps.title_of(page)).to_be_focused()


def test_a_refused_change_begins_at_the_verdict(person: Person) -> None:
    page = person("medlem11")
    steps.book(page, "oya", workday(12), title="Refused change")
    page.get_by_role("link", name="Change", exact=True).click()
    page.locator("#end").fill("23:30")
    steps.send(page)
    assert page.locator(":focus").locator("[data-code]").count() >= 1


def test_a_new_calendar_address_is_where_one_begins_to_read(person: Person) -> None:
    page = person("medlem12")
    page.goto("/calendar")
    page.locator("#name").fill("")
    steps.send(page)
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator("#name").fill("My phone")
    steps.send(page)
    expect(page.locator(":focus")).to_contain_text("Here is the address")


def test_an_admins_mistake_begins_at_the_summary_of_errors(person: Person) -> None:
    page = person("admin")
    page.goto("/admin/organisations/new")
    steps.send(page)
    expect(page.locator(".error-summary")).to_be_focused()


def test_what_was_asked_for_is_read_from_the_answers_title(person: Person) -> None:
    page = person("medlem11")
    steps.find(page, workday(10), "10", "4")
    expect(steps.title_of(page)).to_be_focused()


def test_what_was_saved_is_read_first(person: Person) -> None:
    page = person("admin")
    page.goto("/admin/resources/laserkutter")
    page.locator("#wayfinding").fill("Past the printers")
    steps.send(page)
    expect(page.locator("#messages")).to_be_focused()
    expect(page.locator("#messages")).not_to_be_empty()
    page.goto("/account")
    steps.send_button(page).first.click()
    expect(page.locator("#messages")).to_be_focused()
