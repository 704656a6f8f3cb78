"""Quotas, delegates and windows held for groups in a browser: no barrier that axe can see, in three languages."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from booking import clock
from booking.services.holidays import holiday
from tests.support import axe

MEMBER_PAGES = ("/account/quotas", "/account/delegates", "/resources/teknobyen/bookings/new", "/resources/teknobyen")
ADMIN_PAGES = (
    "/admin/rules/site/1/quotas",
    "/admin/rules/site/1/spacing",
    "/admin/rules/site/1/reserved",
    "/admin/rules/site/1/access",
    "/admin/rules/site/1",
    "/admin/organisations/ntnu",
)


def sign_in(page: Page, who: str) -> None:
    page.goto("/login")
    page.locator("[name=email]").fill(f"{who}@example.invalid")
    page.locator("[name=password]").fill("demo-passord")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url("**/login")


def a_quiet_day() -> str:
    """A working day that the demo has nothing on yet."""
    days = (clock.now().date() + timedelta(days=ahead) for ahead in range(70, 88))
    return next(day.isoformat() for day in days if day.weekday() < 5 and not holiday("NO", day))


@pytest.fixture(scope="module")
def shared(demo_server, browser):
    """The demo with quotas at its first site, written by an admin in the form, without a pointer."""
    page = browser.new_context(base_url=demo_server.url, locale="en-GB").new_page()
    sign_in(page, "admin")
    page.goto("/admin/rules/site/1/quotas")
    page.locator("#R23-limits-0-amount").fill("6")
    page.locator("#R23-limits-0-over").select_option("site")
    page.locator("#R23-limits-1-amount").fill("40")
    page.locator("#R23-limits-1-subject").select_option("organisation")
    page.locator("#R23-limits-1-over").select_option("category")
    page.locator("#R23-limits-1-amount").press("Enter")
    page.get_by_role("button", name="Save these rules").press("Enter")
    expect(page.locator("[data-rule=R23-limits]")).to_contain_text("40 hours a week for each organisation")
    page.goto("/admin/rules/site/1/reserved")
    page.locator("#R16-mode-set").check()
    page.locator("[name=R16-1-0-opens]").fill("8")
    page.locator("[name=R16-1-0-closes]").fill("12")
    page.locator("[name=R16-groups]").first.check()
    page.locator("[name=R16-1-0-closes]").press("Enter")
    page.get_by_role("button", name="Save these rules").press("Enter")
    expect(page.locator("[data-rule=R16-windows]")).to_contain_text("Tue 08:00–12:00")
    page.close()
    return demo_server


@pytest.mark.parametrize(
    ("width", "scheme", "locale"), [(1280, "light", "en-GB"), (390, "dark", "nb-NO"), (390, "light", "nn-NO")]
)
@pytest.mark.parametrize(("who", "paths"), [("medlem1", MEMBER_PAGES), ("admin", ADMIN_PAGES)])
def test_no_page_has_a_barrier_or_is_wider_than_the_screen(open_page, shared, who, paths, width, scheme, locale):
    page = open_page(shared.url, width=width, scheme=scheme, locale=locale)
    sign_in(page, who)
    found = []

    for path in paths:
        page.goto(path)
        page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
        found += [f"{path}: {line}" for line in axe.violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{path}: wider than the screen")

    assert found == []


def test_a_delegate_is_named_by_keyboard_and_books_in_the_other_s_name(open_page, shared):
    kari, siri = open_page(shared.url), open_page(shared.url)
    sign_in(kari, "medlem2")
    kari.goto("/account/delegates")
    kari.get_by_label("E-mail of a colleague").fill("medlem17@example.invalid")
    kari.keyboard.press("Enter")
    expect(kari.get_by_text("Demo medlem 17 may book in your name now.")).to_be_visible()
    sign_in(siri, "medlem17")
    siri.goto(f"/resources/stillerom-a/bookings/new?date={a_quiet_day()}&start=10:00&end=11:00")
    siri.get_by_label("Book for").select_option(label="Demo medlem 2")
    siri.get_by_role("button", name="Book", exact=True).last.press("Enter")
    expect(siri.get_by_text("Booked by")).to_be_visible()
    kari.goto("/bookings")
    expect(kari.get_by_text("Demo medlem 17 booked").first).to_be_visible()
