"""Triage of bookings under maintenance on a phone without script, and by keyboard; no barrier on any of its pages."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.days import workday
from tests.support import axe


def booked(page: Page, day, start: str, end: str, title: str) -> None:
    steps.open_form(page, "sluppen", day, start, end, title=title)
    steps.send(page)
    expect(page).to_have_url(steps.BOOKING)


def signed_in(open_page, server, who: str, **about) -> Page:
    page = open_page(server.url, **about)
    steps.sign_in(page, who)
    return page


def plan(page: Page, day, reason: str) -> None:
    page.goto("/admin/outages")
    page.get_by_role("link", name="Sluppen", exact=True).last.press("Enter")
    page.get_by_label("What is done, in a few words").fill(reason)
    page.get_by_label("From", exact=True).fill(day.isoformat())
    page.get_by_label("From, at").fill("8")
    page.get_by_label("To, at").fill("16")
    page.get_by_role("button", name="See what lies under it").press("Enter")


def sound(page: Page) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return axe.violations(page) + (["wider than the screen"] if wide else [])


@pytest.mark.parametrize("scripts", [False, True])
def test_a_manager_moves_one_keeps_one_and_cancels_one(open_page, demo_server, scripts):
    day = workday(20 if scripts else 21)
    member = signed_in(open_page, demo_server, "medlem10")
    titles = [f"{name} {scripts}" for name in ("Moved", "Kept", "Gone")]
    for hour, title in zip((9, 11, 13), titles, strict=True):
        booked(member, day, f"{hour:02}:00", f"{hour + 1:02}:00", title)
    page = signed_in(open_page, demo_server, "leder", width=390, scripts=scripts)

    plan(page, day, "New filter")
    expect(page.get_by_role("heading", name="3 bookings lie under it")).to_be_visible()
    page.get_by_role("button", name="Save it all").press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    for title, choice in zip(titles, (re.compile("same time"), "Keep it", "Cancel it"), strict=True):
        card = page.locator(".triage-list > li").filter(has=page.get_by_role("heading", name=title))
        card.get_by_role("radio", name=choice).first.press("Space")
    page.get_by_label("A few words to those").fill("The filter must be changed.")
    page.get_by_role("button", name="Save it all").press("Enter")

    expect(page.get_by_text("1 booking no longer fits")).to_be_visible()
    expect(page.locator("#consequences")).to_contain_text("Kept")
    member.goto("/bookings")
    kept = member.locator(".notice", has_text=titles[1])
    expect(kept.filter(has_text="It stands all the same")).to_be_visible()
    expect(kept.and_(member.locator("[data-code='R12.outage']"))).to_contain_text("has maintenance")
    member.get_by_role("link", name=titles[0]).first.click()
    expect(member.get_by_role("main")).to_contain_text("09:00–10:00")
    expect(member.get_by_role("main").get_by_role("link", name="Sluppen", exact=True)).to_have_count(0)


def test_a_fault_is_reported_on_a_phone_without_script(open_page, demo_server):
    page = signed_in(open_page, demo_server, "medlem10", width=390, scripts=False)
    page.goto("/resources/oya")

    page.get_by_role("link", name="Report a fault").click()
    page.get_by_label("What is wrong?").fill("The lamp sparks")
    page.get_by_label("It is dangerous to use").check()
    page.get_by_role("button", name="Send the report").click()

    expect(page.get_by_text("Øya is closed for safety")).to_be_visible()
    manager = signed_in(open_page, demo_server, "leder", width=390, scripts=False)
    manager.goto("/admin")
    manager.get_by_role("link", name="Øya").first.click()
    manager.get_by_role("radio", name="Fixed").check()
    manager.get_by_role("button", name="Save").click()
    expect(manager.get_by_text("Fixed. Øya can be used again.")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_no_page_of_maintenance_has_a_barrier(open_page, demo_server, width, scheme):
    day, title = workday(22 if width == 390 else 19), f"Sound {width}"
    member = signed_in(open_page, demo_server, "medlem10", width=width, scheme=scheme)
    booked(member, day, "09:00", "10:00", title)
    member.goto("/resources/gloshaugen/fault")
    found = sound(member)
    member.get_by_label("What is wrong?").fill("The door sticks")
    member.get_by_role("button", name="Send the report").click()
    page = signed_in(open_page, demo_server, "leder", width=width, scheme=scheme)
    plan(page, day, "Painting")
    save = page.get_by_role("button", name="Save it all")
    expect(save).to_be_visible()
    found += sound(page)
    save.click()
    expect(page.locator(".error-summary")).to_be_focused()
    found += sound(page)
    page.get_by_role("radio", name="Keep them", exact=True).check()
    save.click()
    expect(page.locator("#consequences")).to_be_visible()
    found += sound(page)
    for path in ("/admin", "/admin/outages", "/admin/outages/gloshaugen", f"/day?date={day}", "/resources/sluppen"):
        page.goto(path)
        found += [f"{path}: {line}" for line in sound(page)]
    page.goto("/admin")
    page.get_by_role("link", name="Gløshaugen").first.click()
    expect(page.get_by_role("radio", name="Fixed")).to_be_visible()
    found += sound(page)
    member.goto("/bookings")
    found += sound(member)

    assert found == []
