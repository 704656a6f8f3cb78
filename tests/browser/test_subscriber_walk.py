"""A member subscribes, and their calendar program sees what they book, change and cancel."""

from urllib.error import HTTPError
from urllib.request import Request, urlopen

import icalendar
import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import Person
from tests.browser.days import OSLO, workday


def subscribe(page: Page, name: str) -> str:
    """From my bookings by the button; the private address."""
    page.goto("/bookings")
    page.get_by_role("main").get_by_role("link", name="Subscribe").click()
    page.locator("#name").fill(name)
    steps.send(page)
    expect(page.locator("#feed-address")).to_be_visible()
    return page.locator("#feed-address").input_value()


def event(address: str, title: str) -> icalendar.Event:
    """The one event whose summary has the title, as a calendar program reads the address."""
    with urlopen(Request(address, headers={"User-Agent": "a calendar program"}), timeout=10) as answer:
        assert answer.headers.get_content_type() == "text/calendar"
        calendar = icalendar.Calendar.from_ical(answer.read())
    found = [each for each in calendar.walk("VEVENT") if title in each["SUMMARY"]]
    assert len(found) == 1, [str(each["SUMMARY"]) for each in calendar.walk("VEVENT")]
    return found[0]


def test_a_booking_is_in_the_feed_follows_its_change_and_is_marked_when_cancelled(person: Person) -> None:
    page, day = person("medlem16"), workday(19)
    address = subscribe(page, "My calendar")
    booking = steps.book(page, "verksted-padriv", day, "09:00", "10:30", title="In the feed")
    first = event(address, "In the feed")
    assert first["DTSTART"].dt.astimezone(OSLO).strftime("%Y-%m-%d %H:%M") == f"{day} 09:00"
    assert first["DTEND"].dt.astimezone(OSLO).strftime("%H:%M") == "10:30"
    assert "Verksted Pådriv" in first["LOCATION"]

    page.goto(booking)
    steps.change(page, end="11:00")
    moved = event(address, "In the feed")
    assert moved["UID"] == first["UID"]
    assert moved["DTEND"].dt.astimezone(OSLO).strftime("%H:%M") == "11:00"

    steps.cancel(page)
    assert event(address, "In the feed")["STATUS"] == "CANCELLED"


def test_an_address_that_was_ended_gives_nothing(person: Person) -> None:
    page = person("medlem17")
    address = subscribe(page, "Old phone")
    page.goto("/calendar")
    expect(page.get_by_role("main")).not_to_contain_text(address)
    page.locator("details.ending > summary").first.click()
    page.get_by_role("button", name="Old phone").click()
    expect(page.locator("details.ending")).to_have_count(0)
    with pytest.raises(HTTPError) as gone:
        urlopen(address, timeout=10)
    assert gone.value.code in (404, 410)
    gone.value.close()
