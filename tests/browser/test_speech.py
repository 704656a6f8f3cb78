"""What the pages of each flow say to somebody who listens; `make snapshots` writes it anew, for people to read."""

import re

from playwright.sync_api import Page, expect

from tests.browser import pages, speech, steps
from tests.browser.conftest import Person
from tests.browser.days import midweek

DAY = midweek()


def assert_heard(page: Page, name: str, within: str = "main") -> None:
    """Compares what is heard with the file; all of it is shown when it differs."""
    assert not (lines := speech.differences(name, page.locator(within))), "\n".join(lines)


def test_the_frame_of_every_page(person: Person) -> None:
    page = person("revisor")
    page.goto("/account")
    assert_heard(page, "frame", "body > header")
    assert_heard(page, "footer", "footer")


def test_signing_in(person: Person) -> None:
    page = person()
    page.goto("/login?lang=en")
    assert_heard(page, "sign-in")
    steps.send(page)
    assert_heard(page, "sign-in-failed")


def test_finding(person: Person) -> None:
    page = person("revisor")
    page.goto(f"/find?date={DAY}&start=10:00&length=60&people=8&site=holtermanns-veg")
    page.locator("details.choices-more").evaluate("one => one.open = true")
    assert_heard(page, "find-the-question", "main form[role=search]")
    assert_heard(page, "find-an-answer", "main article >> nth=0")
    page.goto(f"/find?date={DAY}&start=23:00&length=60&people=8&site=holtermanns-veg")
    assert_heard(page, "find-near-answers", "main section[aria-labelledby=answers-title]")
    page.goto(f"/find?date={DAY}&start=10:00&length=60&people=400")
    assert_heard(page, "find-no-answer", "main section[aria-labelledby=answers-title]")


def test_seeing_the_day(person: Person) -> None:
    page = person("revisor")
    page.goto(f"/day?date={DAY}&site=holtermanns-veg&category=moterom&view=timeline")
    assert_heard(page, "day-timeline")
    page.goto(f"/day?date={DAY}&site=holtermanns-veg&category=moterom&view=list")
    assert_heard(page, "day-list")
    page.goto("/resources?site=testsoner")
    assert_heard(page, "resources")
    page.goto(f"/resources/uterom-holtermanns-veg?date={DAY}")
    assert_heard(page, "resource-facts", "main .resource-top")
    assert_heard(page, "resource-a-day", "main tbody tr >> nth=0")
    assert_heard(page, "resource-rules", "main section[aria-labelledby=rules-title]")


def test_booking_changing_and_cancelling(person: Person) -> None:
    page = person("revisor")
    page.goto("/bookings")
    assert_heard(page, "my-bookings-empty")
    steps.open_form(page, "gloshaugen", DAY)
    assert_heard(page, "form-fine")
    page.locator("#people").fill("many")
    steps.send(page)
    assert_heard(page, "form-unreadable")
    steps.open_form(page, "gloshaugen", DAY, "06:00", "07:00", people="13")
    steps.send(page)
    assert_heard(page, "form-refused")
    steps.book(page, "gloshaugen", DAY, title="Heard", people="5")
    assert_heard(page, "booking")
    page.get_by_role("link", name="Change", exact=True).click()
    expect(steps.form(page)).to_be_visible()
    assert_heard(page, "change")
    page.go_back()
    page.get_by_role("link", name="Cancel booking").click()
    page.wait_for_url("**/cancellation")
    assert_heard(page, "cancellation")
    page.goto("/bookings")
    assert_heard(page, "my-bookings")
    page.get_by_role("link", name="Heard", exact=True).click()
    steps.cancel(page)
    assert_heard(page, "booking-cancelled")


def test_subscribing(person: Person) -> None:
    page = person("revisor")
    page.goto("/calendar")
    assert_heard(page, "subscribe")
    page.locator("#name").fill("My phone")
    steps.send(page)
    assert_heard(page, "subscribe-made")


def test_administering(person: Person) -> None:
    page = person("admin")
    page.goto("/admin")
    assert_heard(page, "administration", "main .ways")
    pages.PLACES["admin: closures of a room"].open(page)
    assert_heard(page, "admin-closures", "main section[aria-labelledby=closures-title]")
    for name in ("admin: resource", "admin: hours"):
        pages.PLACES[name].open(page)
        assert_heard(page, re.sub(r"\W+", "-", name))
    pages.PLACES["admin: invitations"].open(page)
    assert_heard(page, "admin-invitations", "main form >> nth=0")


def test_what_went_wrong(person: Person) -> None:
    page = person("revisor")
    page.goto("/nowhere")
    assert_heard(page, "not-found")
    page.goto("/admin/rules")
    assert_heard(page, "not-allowed")
