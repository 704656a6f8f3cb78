"""The verdict while a form is filled in: silent while one types, said politely and once when a field is left."""

from playwright.sync_api import Page, Request, expect

from tests.browser import steps
from tests.browser.conftest import Person
from tests.browser.days import workday

WATCH = """() => {
  window.said = 0;
  const region = document.getElementById("verdict");
  new MutationObserver(() => window.said++).observe(region, { childList: true, subtree: true, characterData: true });
}"""


def open_watched(page: Page, day: int) -> list[Request]:
    """A form whose live region and questions to the server are counted."""
    steps.open_form(page, "gloshaugen", workday(day))
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if request.url.endswith("/verdict") else None)
    page.evaluate(WATCH)
    return asked


def said(page: Page) -> int:
    return int(page.evaluate("window.said"))


def leave(page: Page) -> None:
    """Leaves the field, and waits for the answer that follows."""
    with page.expect_response("**/verdict"):
        page.keyboard.press("Tab")


def test_the_region_is_polite(person: Person) -> None:
    page = person("medlem13")
    open_watched(page, 13)
    region = page.locator("#verdict")
    expect(region).to_have_attribute("role", "status")
    expect(region).to_have_attribute("aria-live", "polite")


def test_nothing_is_asked_or_said_while_one_types_and_one_answer_comes_when_the_field_is_left(person: Person) -> None:
    page = person("medlem13")
    asked = open_watched(page, 13)
    page.locator("#end").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("23:30", delay=20)
    assert (len(asked), said(page)) == (0, 0)
    leave(page)
    expect(page.locator("#verdict [data-code='R10.closed_then']")).to_be_visible()
    assert (len(asked), said(page)) == (1, 1)
    expect(page.locator("#verdict")).not_to_have_attribute("aria-busy", "true")


def test_a_field_that_is_left_as_it_was_asks_and_says_nothing(person: Person) -> None:
    page = person("medlem13")
    asked = open_watched(page, 13)
    for field in ("#date", "#start", "#end", "#title", "#people"):
        page.locator(field).focus()
    page.locator("#date").focus()
    page.wait_for_load_state("networkidle")
    assert (len(asked), said(page)) == (0, 0)


def test_an_answer_that_is_the_same_as_before_is_not_said_again(person: Person) -> None:
    page = person("medlem13")
    asked = open_watched(page, 13)
    page.locator("#end").fill("23:30")
    leave(page)
    expect(page.locator("#verdict [data-code='R10.closed_then']")).to_be_visible()
    page.locator("#title").fill("Another title")
    leave(page)
    page.wait_for_load_state("networkidle")
    assert (len(asked), said(page)) == (2, 1)


def test_what_stands_in_the_way_is_found_solved_and_said(person: Person) -> None:
    page = person("medlem13")
    open_watched(page, 13)
    page.locator("#people").fill("13")
    leave(page)
    expect(page.locator("#verdict [data-code='R07.too_many']")).to_be_visible()
    page.locator("#people").fill("12")
    leave(page)
    expect(page.locator("#verdict [data-code]")).to_have_count(0)
    expect(page.locator("#verdict")).to_contain_text("free")
    expect(page.locator("#people")).not_to_be_focused()
