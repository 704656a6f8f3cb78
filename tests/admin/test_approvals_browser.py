"""A request is asked for, questioned, declined and approved by keyboard and on a phone, without a barrier."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.days import workday
from tests.support import axe


def signed_in(open_page, server, who: str, **about) -> Page:
    page = open_page(server.url, **about)
    steps.sign_in(page, who)
    return page


def sound(page: Page, name: str = "") -> list[str]:
    """No barrier and nothing too wide; with SAMROM_PICTURES a picture is kept to look at."""
    folder = os.environ.get("SAMROM_PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}-{page.viewport_size['width']}.png"), full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return axe.violations(page) + (["wider than the screen"] if wide else [])


def asked_for(page: Page, day, title: str) -> None:
    """Longer than the hall is booked without a yes."""
    steps.open_form(page, "arena-elgeseter", day, "08:00", "14:00", title=title)
    page.get_by_role("button", name="Ask for it").last.click()
    expect(page).to_have_url(steps.BOOKING)


@pytest.mark.parametrize("width", [390, 1280])
def test_a_manager_asks_declines_and_approves_by_keyboard(open_page, demo_server, width):
    member = signed_in(open_page, demo_server, "medlem10", width=width)
    titles = [f"{name} {width}" for name in ("Concert", "Fair")]
    for number, title in enumerate(titles):
        asked_for(member, workday(20 + number + (4 if width == 390 else 0)), title)
    leader = signed_in(open_page, demo_server, "leder", width=width)

    leader.locator("a.count-waiting").press("Enter")
    expect(leader.get_by_role("heading", name="Requests to answer")).to_be_visible()
    assert sound(leader, "inbox") == []
    leader.get_by_role("link", name=titles[0], exact=True).press("Enter")
    assert sound(leader, "request") == []
    leader.get_by_label("What would you like to know?").fill("How many come?")
    leader.get_by_role("button", name="Ask", exact=True).press("Enter")
    expect(leader.get_by_text("Asked. You hear when they answer")).to_be_visible()

    member.goto("/bookings")
    member.get_by_role("main").get_by_role("link", name=titles[0], exact=True).last.click()
    expect(member.get_by_text("How many come?").first).to_be_visible()
    assert sound(member, "question") == []
    member.get_by_label("Your answer").fill("Forty.")
    member.get_by_role("button", name="Answer", exact=True).press("Enter")

    leader.get_by_role("link", name=titles[0], exact=True).press("Enter")
    expect(leader.get_by_text("Forty.")).to_be_visible()
    leader.get_by_role("button", name="Decline", exact=True).press("Enter")
    expect(leader.locator(".error-summary")).to_be_focused()
    assert sound(leader, "declining") == []
    leader.get_by_label("Why", exact=True).fill("The hall is promised to a school.")
    leader.get_by_role("button", name="Decline", exact=True).press("Enter")
    leader.get_by_role("button", name=f"Approve {titles[1]}").press("Enter")
    expect(leader.get_by_text("Approved. The one who asked has been told.")).to_be_visible()

    member.goto("/notices")
    expect(member.get_by_text("The hall is promised to a school.").first).to_be_visible()
    expect(member.get_by_text(f"Demo romleder approved {titles[1]}")).to_be_visible()


def test_a_manager_books_in_spite_of_the_rules_and_says_why(open_page, demo_server):
    page = signed_in(open_page, demo_server, "leder", width=390)
    steps.open_form(page, "teknobyen", workday(25), "08:00", "18:00", title="Open day")
    page.get_by_role("button", name="Book", exact=True).last.click()
    expect(page.locator('[data-code="R21.too_long"]')).to_be_visible()
    assert sound(page, "anyway") == []

    page.get_by_role("button", name="Book anyway").press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_label("Why book it anyway?").fill("The whole town is invited.")
    page.get_by_role("button", name="Book anyway").press("Enter")

    expect(page).to_have_url(steps.BOOKING)
    expect(page.get_by_text("Because: The whole town is invited.")).to_be_visible()


def test_the_pages_stand_in_every_language_and_while_one_is_away(open_page, demo_server):
    page = signed_in(open_page, demo_server, "leder")
    for language, words in (("nb", "Når jeg er borte"), ("nn", "Når eg er borte"), ("en", "When I am away")):
        page.goto(f"/approvals/delegations?lang={language}")
        expect(page.get_by_role("heading", name=words)).to_be_visible()
        assert sound(page, f"away-{language}") == []
    page.get_by_label("Who", exact=True).select_option(label="Demo lableder")
    page.get_by_label("To and with").fill(workday(30).isoformat())
    page.get_by_role("button", name="Let them answer").press("Enter")
    expect(page.get_by_text("Demo lableder answers your requests then.")).to_be_visible()
