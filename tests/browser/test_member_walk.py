"""A member's walk with a mouse: signing in, finding, booking, changing, cancelling, booking again."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import Person
from tests.browser.days import workday


def test_a_member_signs_in_finds_a_room_and_books_it_with_one_press(page: Page) -> None:
    steps.sign_in(page, "medlem2")
    steps.find(page, workday(0), "10", "4")
    expect(steps.title_of(page)).to_contain_text("free")
    steps.answer(page, "Sluppen").click()
    expect(page).to_have_url(steps.BOOKING)
    expect(page.get_by_role("status").first).to_contain_text("Booked")
    expect(page.get_by_role("main")).to_contain_text("Sluppen")
    expect(page.get_by_role("main").locator("time").first).to_contain_text("10:00–11:00")


def test_what_is_booked_stands_among_my_bookings_and_can_be_changed_cancelled_and_booked_again(person: Person) -> None:
    page, day = person("medlem3"), workday(1)
    address = steps.book(page, "teknobyen", day, title="Walk by mouse", people="5")
    page.goto("/bookings")
    page.get_by_role("link", name="Walk by mouse", exact=True).click()
    expect(page).to_have_url(address)

    steps.change(page, end="12:00")
    expect(page.get_by_role("status").first).to_contain_text("Changed")
    expect(page.get_by_role("main").locator("time").first).to_contain_text("10:00–12:00")

    steps.cancel(page)
    expect(page.get_by_role("status").first).to_contain_text("Cancelled")
    expect(page.get_by_role("link", name="Change", exact=True)).to_have_count(0)

    page.get_by_role("link", name="Book again").click()
    form = steps.form(page)
    expect(form.locator("#date")).to_have_value((day + timedelta(days=7)).isoformat())
    expect(form.locator("#start")).to_have_value("10:00")
    expect(form.locator("#end")).to_have_value("12:00")
    expect(form.locator("#title")).to_have_value("Walk by mouse")
    expect(form.locator("#people")).to_have_value("5")
    steps.send(page)
    expect(page).to_have_url(steps.BOOKING)
    assert steps.counted(page, "Walk by mouse") == 2


def test_a_free_stretch_of_the_timeline_leads_to_the_form_at_the_time_pointed_at(person: Person) -> None:
    page, day = person("medlem4"), workday(2)
    page.goto(f"/day?date={day}&site=holtermanns-veg&view=timeline")
    stretch = page.get_by_role("link", name="Free: Sluppen, 07:00–22:00")
    box = stretch.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.up()
    expect(steps.form(page)).to_be_visible()
    start = steps.form(page).locator("#start").input_value()
    assert "13:00" <= start <= "15:00"
    expect(page.locator("#verdict")).to_contain_text("free")


def test_the_view_of_the_day_is_remembered(person: Person) -> None:
    page = person("medlem4")
    page.goto(f"/day?date={workday(2)}")
    page.get_by_role("navigation", name="How to see the day").get_by_role("link", name="List").click()
    expect(page.get_by_role("table")).to_have_count(0)
    page.goto(f"/day?date={workday(2)}")
    expect(page.get_by_role("table")).to_have_count(0)
    page.get_by_role("navigation", name="How to see the day").get_by_role("link", name="Timeline").click()
    expect(page.get_by_role("table")).to_be_visible()
