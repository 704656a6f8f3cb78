"""Any weekday next week, on a phone without scripts: from the first page to a booking."""

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import Person


def test_a_member_finds_a_time_next_week_and_books_it_with_one_press(person: Person) -> None:
    page = person("medlem16", width=390, scripts=False)
    page.goto("/")
    page.get_by_role("link", name="Any day will do").click()
    page.locator("#people").fill("6")
    page.locator("#from").fill("9")
    page.locator("#to").fill("15.30")
    page.locator("#length").select_option("90")
    steps.show_me(page)
    expect(page.locator("#from")).to_have_value("09:00")
    expect(page.locator(":focus")).to_have_attribute("id", "answers-title")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    times = page.get_by_role("article").first.get_by_role("button")
    assert times.count() > 1
    times.nth(1).click()
    expect(page).to_have_url(steps.BOOKING)


def test_the_other_sentence_keeps_what_was_asked(person: Person) -> None:
    page = person("medlem16", width=390, scripts=False)
    page.goto("/find?when=next-week&from=9&to=15&length=90&people=6&feature=hybrid")
    page.get_by_role("link", name="I know the day and time").click()
    expect(page.locator("#people")).to_have_value("6")
    expect(page.locator("#length")).to_have_value("90")
    expect(page.get_by_role("checkbox", name="Hybrid meetings")).to_be_checked()


def test_the_day_sheet_prints_without_buttons(person: Person) -> None:
    page = person("leder")
    page.goto("/day")
    page.get_by_role("link", name="Day sheet to print").click()
    expect(steps.title_of(page)).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("banner")).to_be_hidden()
    expect(page.locator(".day-nav")).to_be_hidden()
