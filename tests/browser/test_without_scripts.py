"""The same walk with JavaScript off."""

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import Person
from tests.browser.days import workday
from tests.conftest import OpenPage
from tests.support.server import Server


def test_a_member_signs_in_finds_books_changes_cancels_and_books_again(
    open_page: OpenPage, demo_server: Server
) -> None:
    page = open_page(demo_server.url, scripts=False)
    steps.sign_in(page, "medlem10")
    steps.find(page, workday(8), "9.30", "6")
    steps.answer(page, "Teknobyen").click()
    expect(page).to_have_url(steps.BOOKING)
    expect(page.locator(":focus")).to_have_js_property("tagName", "H1")
    steps.change(page, start="11", end="12", title="Without scripts")
    expect(page.get_by_role("main").locator("time").first).to_contain_text("11:00–12:00")
    steps.cancel(page)
    expect(page.get_by_role("status").first).to_contain_text("Cancelled")
    page.get_by_role("link", name="Book again").click()
    steps.send(page)
    expect(page).to_have_url(steps.BOOKING)
    assert steps.counted(page, "Without scripts") == 2


def test_a_refusal_has_its_reasons_its_way_out_and_the_focus(person: Person) -> None:
    page = person("medlem10", scripts=False)
    steps.open_form(page, "sluppen", workday(9), "06:00", "07:00", title="No scripts", people="9")
    steps.send(page)
    assert set(steps.reasons(page)) == {"R10.closed_then", "R07.too_many"}
    expect(page.locator(":focus")).to_contain_text("closed")
    expect(steps.form(page).locator("#title")).to_have_value("No scripts")
    steps.alternatives(page).first.click()
    expect(page).to_have_url(steps.BOOKING)


def test_the_day_shows_its_timeline_and_its_list(person: Person) -> None:
    page = person("medlem10", scripts=False)
    page.goto(f"/day?date={workday(9)}&site=holtermanns-veg&view=timeline")
    page.get_by_role("link", name="Free: Øya, 07:00–22:00").click()
    expect(steps.form(page).locator("#start")).to_have_value("07:00")
    expect(page.locator("#verdict")).to_contain_text("free")


def test_menus_open_and_one_signs_out(open_page: OpenPage, demo_server: Server) -> None:
    page: Page = open_page(demo_server.url, scripts=False)
    steps.sign_in(page, "medlem10")
    page.locator("details.menu").last.locator("summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    page.goto("/bookings")
    expect(page.locator("#password")).to_be_visible()
