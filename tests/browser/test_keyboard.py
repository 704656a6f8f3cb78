"""The whole walk with the keyboard alone: nothing here touches a mouse, and focus is seen wherever it stops."""

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import Person
from tests.browser.days import near_workdays, workday


def test_from_sign_in_to_booked_and_cancelled(page: Page) -> None:
    page.goto("/login?lang=en")
    sign_in_by_keyboard(page)
    ask_by_keyboard(page)

    steps.tab_to(page, page.get_by_role("button", name="Book "))
    page.keyboard.press("Enter")
    expect(page).to_have_url(steps.BOOKING)
    expect(steps.title_of(page)).to_be_focused()

    steps.tab_to(page, page.get_by_role("link", name="Cancel booking"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/cancellation")
    steps.tab_to(page, steps.send_button(page))
    page.keyboard.press("Space")
    expect(page).to_have_url(steps.BOOKING)
    expect(page.get_by_role("status").first).to_contain_text("Cancelled")


def sign_in_by_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.get_by_role("link", name="Go to the content").evaluate("one => one === document.activeElement")
    steps.tab_to(page, page.locator("#email"))
    page.keyboard.type("medlem8@example.invalid")
    page.keyboard.press("Tab")
    page.keyboard.type(steps.PASSWORD)
    page.keyboard.press("Enter")
    expect(page).not_to_have_url("**/login**")


def ask_by_keyboard(page: Page) -> None:
    """Eight people at seven in the morning, some weeks ahead: the day is chosen with the arrows."""
    steps.tab_to(page, page.locator("#people"))
    steps.write(page, "8")
    page.keyboard.press("Tab")
    day = near_workdays()[0].isoformat()
    for _ in range(30):
        if page.locator("#date").input_value() == day:
            break
        page.keyboard.press("ArrowDown")
    expect(page.locator("#date")).to_have_value(day)
    page.keyboard.press("Tab")
    steps.write(page, "7")
    steps.tab_to(page, page.get_by_role("button", name="Show me"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/find?**")
    expect(page.locator("#start")).to_have_value("07:00")


def test_a_form_is_filled_in_refused_and_mended(person: Person) -> None:
    page = person("medlem9")
    steps.open_form(page, "teknobyen", workday(6), "06:00", "07:00")
    steps.tab_to(page, page.locator("#title"))
    page.keyboard.type("By keys")
    page.keyboard.press("Enter")
    expect(page.locator("main [data-code='R10.closed_then']")).to_be_visible()
    steps.tab_to(page, steps.alternatives(page))
    page.keyboard.press("Space")
    expect(page).to_have_url(steps.BOOKING)
    expect(steps.title_of(page)).to_contain_text("By keys")


def test_the_arrows_choose_when_to_start_inside_a_free_stretch_of_the_timeline(person: Person) -> None:
    page, day = person("medlem9"), workday(7)
    page.goto(f"/day?date={day}&site=holtermanns-veg&view=timeline")
    stretch = page.get_by_role("link", name="Free: Sluppen, 07:00–22:00")
    steps.tab_to(page, stretch)
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator("#start")).to_have_value("08:45")
    expect(page.locator("#end")).to_have_value("09:45")


def test_the_skip_link_leads_past_the_header(person: Person) -> None:
    page = person("medlem9")
    page.goto("/bookings")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#main').contains(document.activeElement)")


def test_a_menu_opens_with_space_and_closes_with_escape(person: Person) -> None:
    page = person("medlem9")
    page.goto("/")
    menu = page.locator("details.menu").last
    steps.tab_to(page, menu.locator("summary"))
    page.keyboard.press("Space")
    expect(menu.get_by_role("link", name="My account")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.get_by_role("link", name="My account")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


def test_the_timelines_own_scroller_takes_the_keyboard(person: Person) -> None:
    page = person("medlem9", width=390)
    page.goto(f"/day?date={workday(7)}&site=holtermanns-veg&view=timeline")
    scroller = page.locator("[data-behaviour~='pick-time']")
    steps.tab_to(page, scroller)
    before = scroller.evaluate("one => one.scrollLeft")
    page.keyboard.press("ArrowRight")
    expect(scroller).not_to_have_js_property("scrollLeft", before)


def test_a_seat_in_a_course_is_taken_and_given_back(person: Person) -> None:
    page = person("medlem16")
    page.goto("/qualifications?lang=en")

    steps.tab_to(page, page.get_by_role("button", name="Sign up").first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_be_visible()
    steps.tab_to(page, page.get_by_role("button", name="Give the seat back").first)
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Give the seat back")).to_have_count(0)
