"""The walk in the other languages: every page says which one it is in, and the choice is kept."""

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import Person
from tests.browser.days import workday


@pytest.mark.parametrize(("language", "who", "number"), [("nb", "medlem18", 21), ("nn", "medlem19", 22)])
def test_a_member_finds_books_changes_and_cancels_in_norwegian(
    person: Person, language: str, who: str, number: int
) -> None:
    page, day = person(), workday(number)
    steps.sign_in(page, who, language)
    steps.find(page, day, "9", "6")
    expect(page.locator("html")).to_have_attribute("lang", language)
    steps.answer(page, "Teknobyen").click()
    expect(page).to_have_url(steps.BOOKING)
    expect(page.locator("html")).to_have_attribute("lang", language)
    booking = page.url
    steps.change(page, end="11:00")
    expect(page.locator("main time").first).to_contain_text("11.00")
    steps.cancel(page)
    expect(page).to_have_url(booking)
    expect(page.locator("main a[href$='/change']")).to_have_count(0)

    steps.open_form(page, "teknobyen", day, "05:00", "06:00")
    steps.send(page)
    assert steps.reasons(page) == ["R10.closed_then"]
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert steps.alternatives(page).count()
