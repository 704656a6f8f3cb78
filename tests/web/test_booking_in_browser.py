"""The booking form in a real browser: by keyboard alone, without scripts, and with the verdict while one types."""

from datetime import timedelta

import pytest

from booking import clock

DAY = clock.now().date() + timedelta(days=1)
while DAY.weekday() > 4:  # a day on which the house is open
    DAY += timedelta(days=1)
FORM = f"/resources/sorgenfri/bookings/new?date={DAY}"


def sign_in(page, name="medlem3"):
    page.goto("/login")
    page.get_by_label("E-mail").fill(f"{name}@example.invalid")
    page.locator("#password").fill("demo-passord")
    page.locator("#password").press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def focused(page):
    return page.evaluate("document.activeElement.className")


@pytest.mark.parametrize("scripts", [True, False])
def test_enter_in_a_field_sends_the_form_and_not_an_alternative(open_page, demo_server, scripts):
    page = open_page(demo_server.url, scripts=scripts)
    sign_in(page)
    page.goto(f"{FORM}&start=03:00&end=04:00")
    assert page.locator(".alternative").count() > 0

    page.locator("#title").fill("By Enter")
    page.locator("#title").press("Enter")
    page.wait_for_load_state()

    assert page.locator("[data-code='R10.closed_then']").count() == 1
    assert page.locator("#title").input_value() == "By Enter"
    assert page.locator("#start").input_value() == "03:00"


def test_a_refusal_is_where_the_focus_is_and_tab_leads_to_the_ways_out(page):
    sign_in(page, "medlem4")
    page.goto(f"{FORM}&start=03:00&end=04:00")
    page.get_by_role("button", name="Book", exact=True).click()
    page.wait_for_load_state()

    assert focused(page) == "booking-verdict"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("Read the rule")
    page.keyboard.press("Tab")
    assert focused(page) == "alternative"
    page.keyboard.press("Enter")
    page.wait_for_url("**/bookings/*")

    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert page.get_by_text("Booked. It is yours.").is_visible()


def test_without_scripts_an_alternative_books_with_what_was_typed(open_page, demo_server):
    page = open_page(demo_server.url, scripts=False, width=390)
    sign_in(page, "medlem5")
    page.goto(f"{FORM}&start=03:00&end=04:00")
    page.locator("#title").fill("Typed first")

    page.locator(".alternative").first.click()
    page.wait_for_url("**/bookings/*")

    assert page.get_by_role("heading", name="Typed first").is_visible()


def test_the_verdict_follows_what_is_typed_once_a_field_is_left(page):
    sign_in(page, "medlem6")
    page.goto(f"{FORM}&start=03:00&end=04:00")
    region = page.locator("#verdict")
    assert region.get_attribute("aria-live") == "polite"

    page.locator("#start").fill("21:30")
    page.locator("#end").fill("22")
    page.keyboard.press("Tab")
    region.locator("[data-verdict='ok'], [data-verdict='refused']:not(:has([data-code='R10.closed_then']))").wait_for()

    assert page.locator("[data-code='R10.closed_then']").count() == 0


def test_from_the_first_page_a_room_is_booked_with_three_presses(page):
    sign_in(page, "medlem7")
    page.goto("/")
    page.locator("#date").select_option(str(DAY))
    page.locator("#start").fill("2000")
    page.get_by_role("button", name="Show me").click()
    page.wait_for_load_state()

    page.get_by_role("button", name="Book ").first.click()
    page.wait_for_url("**/bookings/*")

    assert page.get_by_text("Booked. It is yours.").is_visible()
