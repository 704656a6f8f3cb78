"""The admin's slice in a browser: no barrier that axe can see, and the walk by keyboard alone, without scripts too."""

import pytest
from playwright.sync_api import Page, expect

from tests.support import axe

PAGES = (
    "/admin",
    "/admin/resources",
    "/admin/resources/new",
    "/admin/resources/teknobyen",
    "/admin/resources/delte-arbeidsplasser",
    "/admin/resources/teknobyen/retirement",
    "/admin/rules",
    "/admin/rules/site/1",
    "/admin/rules/resource/1",
    "/admin/rules/site/1/hours",
    "/admin/rules/resource/1/lengths",
    "/admin/rules/site/1/access",
    "/admin/rules/resource/1/together",
    "/admin/rules/resource/1/templates/group-rooms",
    "/admin/rules/many",
    "/admin/rules/many/lengths?resource=1&resource=2",
    "/resources/teknobyen/rules",
    "/resources/teknobyen/may?date=2027-05-18&start=10:07&end=23:00&people=40",
    "/admin/closures",
    "/admin/closures/site/1",
    "/admin/groups",
    "/admin/groups/new",
    "/admin/places",
    "/admin/places/category/1",
)


def sign_in(page: Page) -> None:
    page.goto("/login")
    page.get_by_label("E-mail").fill("admin@example.invalid")
    page.get_by_label("Password", exact=True).fill("demo-passord")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url("**/login")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_no_admin_page_has_a_barrier_or_is_wider_than_the_screen(open_page, demo_server, width, scheme):
    page = open_page(demo_server.url, width=width, scheme=scheme)
    sign_in(page)
    found = []

    for path in PAGES:
        page.goto(path)
        page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
        found += [f"{path}: {line}" for line in axe.violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{path}: wider than the screen")

    assert found == []


@pytest.mark.parametrize("scripts", [True, False])
def test_an_admin_changes_the_hours_by_keyboard_and_reads_what_no_longer_fits(open_page, demo_server, scripts):
    page = open_page(demo_server.url, scripts=scripts)
    sign_in(page)
    page.goto("/admin/rules/resource/1")

    page.get_by_role("link", name="Change Opening hours").press("Enter")
    page.get_by_role("radio", name="These hours:").press("Space")
    page.get_by_label("Monday, opens", exact=True).fill("11")
    page.get_by_label("Monday, closes", exact=True).fill("11.30" if scripts else "11.45")
    page.get_by_label("Monday, closes", exact=True).press("Enter")
    expect(page.locator(".rehearsal-sum")).to_contain_text("would have been refused")
    page.get_by_role("button", name="Save these rules").press("Enter")

    expect(page.get_by_role("heading", level=2).first).to_contain_text("fit")
    expect(page.get_by_text("Mon 11:00–11:30" if scripts else "Mon 11:00–11:45").first).to_be_visible()
    expect(page.get_by_text("set here").first).to_be_visible()


def test_a_refused_form_puts_the_focus_on_what_to_look_at(open_page, demo_server):
    page = open_page(demo_server.url)
    sign_in(page)
    page.goto("/admin/rules/resource/1/lengths")

    page.get_by_label("Longest, minutes").fill("long")
    page.keyboard.press("Enter")

    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary a").first.press("Enter")
    expect(page.get_by_label("Longest, minutes")).to_be_focused()
    expect(page.get_by_label("Longest, minutes")).to_have_value("long")
