"""An admin changes the hours; members meet the new ones at once, and what no longer fits is said, not cancelled."""

import re
from datetime import date

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import Person
from tests.browser.days import workday

ROOM = "Studio 3"


def set_hours(page: Page, opens: str, closes: str) -> None:
    """The same hours every weekday, set on the room itself."""
    page.goto("/admin")
    page.get_by_role("main").get_by_role("link", name="Rules", exact=True).first.click()
    page.get_by_role("link", name=ROOM, exact=True).click()
    page.get_by_role("link", name="Change Opening hours").click()
    page.locator("#R10-mode-set").check()
    for weekday in range(7):
        page.locator(f"[name='R10-{weekday}-0-opens']").fill(opens if weekday < 5 else "")
        page.locator(f"[name='R10-{weekday}-0-closes']").fill(closes if weekday < 5 else "")
    steps.send(page)
    page.get_by_role("button", name="Save these rules").click()


def test_hours_that_an_admin_changes_hold_for_members_and_misfits_are_listed(person: Person) -> None:
    member, admin = person("medlem15"), person("admin")
    day: date = workday(16)
    kept = steps.book(member, "studio-3", day, "18:00", "19:00", title="Late already")

    set_hours(admin, "8", "16")
    listed = admin.locator("#consequences")
    expect(listed.get_by_role("heading")).to_contain_text("no longer fit")
    admin.locator("details.misfits-before:not([open]) > summary").evaluate_all("all => all.forEach(one => one.click())")
    misfit = admin.get_by_role("listitem").filter(has=admin.locator(f"a[href='{kept[kept.index('/bookings') :]}']"))
    expect(misfit.first).to_be_visible()
    expect(misfit.first.locator("[data-code='R10.closed_then']")).to_have_count(1)
    hours = admin.locator("[data-rule='R10-windows']")
    expect(hours).to_contain_text("08:00")
    expect(hours).to_contain_text(re.compile("set here", re.IGNORECASE))

    steps.open_form(member, "studio-3", day, "17:00", "17:45")
    steps.send(member)
    assert steps.reasons(member) == ["R10.closed_then"]
    expect(member.locator("#verdict")).to_contain_text("08:00–16:00")
    member.goto(kept)
    expect(member.get_by_role("link", name="Cancel booking")).to_be_visible()

    steps.book(member, "studio-3", day, "15:00", "16:00")


def test_an_admin_closes_a_room_for_a_day_and_members_see_why(person: Person) -> None:
    admin, member, day = person("admin"), person("medlem15"), workday(17)
    admin.goto("/admin/closures")
    admin.get_by_role("link", name="Demosone", exact=True).click()
    form = admin.locator("form[action$='/closures']")
    form.locator("[name=name]").fill("New floor")
    form.locator("[name=start_date]").fill(day.isoformat())
    form.get_by_role("button", name="Close", exact=True).click()
    expect(admin.get_by_role("main")).to_contain_text("New floor")

    steps.open_form(member, "demosone", day)
    steps.send(member)
    assert "R11.closure" in steps.reasons(member)
    expect(member.locator("#verdict")).to_contain_text("New floor")


def test_an_admin_invites_somebody_who_then_chooses_a_password_and_books(person: Person) -> None:
    admin, day = person("admin"), workday(18)
    admin.goto("/admin/people/invitations")
    admin.get_by_role("main").get_by_role("textbox").first.fill("new-here@example.invalid")
    steps.send(admin)
    link = admin.locator("input[value*='/invitations/']").first.input_value()

    newcomer = person()
    newcomer.goto(f"{link}?lang=en")
    newcomer.locator("#name").fill("New Here")
    newcomer.locator("#password").fill("four words of mine")
    steps.send(newcomer)
    expect(newcomer).not_to_have_url(re.compile("/invitations/"))
    if "/login" in newcomer.url:
        newcomer.locator("#email").fill("new-here@example.invalid")
        newcomer.locator("#password").fill("four words of mine")
        steps.send(newcomer)
    steps.book(newcomer, "gloshaugen", day, title="My first")
    assert steps.counted(newcomer, "My first") == 1
