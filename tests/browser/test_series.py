"""A series of four with two dates in the way, solved by mouse, by keyboard, without scripts and on a phone."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.conftest import Person
from tests.browser.days import weekday_for
from tests.browser.measure import sideways
from tests.support.axe import violations

SERIES = re.compile(r"/series/[\w-]{22}$")
FIRST = weekday_for(4)
SECOND, THIRD = FIRST + timedelta(weeks=1), FIRST + timedelta(weeks=2)


def taken_by_another(person: Person, room: str, start: str, end: str) -> None:
    """Somebody has the room on the second and the third date."""
    page = person("medlem16")
    for day in (SECOND, THIRD):
        steps.book(page, room, day, start, end, title="In the way")


def ask_weekly(page: Page, room: str, start: str, end: str, title: str) -> None:
    """From the booking form to every date."""
    steps.open_form(page, room, FIRST, start, end, title=title)
    page.locator("details.repeat > summary").click()
    page.locator("#repeat").select_option("week")
    page.locator("#count").fill("4")
    page.get_by_role("button", name="See every date").click()
    expect(page.locator("main tr[id^=day-]")).to_have_count(4)


def choice(page: Page, day: date) -> Locator:
    return page.locator(f"#choice-{day.isoformat()}")


def save(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Book [0-9]")).click()


def listed(page: Page) -> list[str]:
    """The bookings of the series' page, as it words them."""
    expect(page).to_have_url(SERIES)
    return page.locator("main .series-dates li").all_inner_texts()


def test_by_mouse_with_one_press_for_many(person: Person) -> None:
    taken_by_another(person, "gloshaugen", "16:00", "17:00")
    page = person("medlem17")
    ask_weekly(page, "gloshaugen", "16:00", "17:00", "By mouse")
    assert steps.reasons(page) == ["R05.overlap", "R05.overlap"]
    expect(page.locator("main")).not_to_contain_text("In the way")
    page.get_by_label("Problems only").check()
    expect(page.locator("main tr[id^=day-]:visible")).to_have_count(2)
    page.locator(".series-links a").first.click()
    expect(page).to_have_url(re.compile(f"#day-{SECOND}"))

    page.get_by_role("button", name="Leave out the 2 in the way").click()
    page.get_by_role("button", name="Book 2 dates").click()

    assert len(listed(page)) == 2
    assert steps.counted(page, "By mouse") == 2


def test_by_keyboard_alone(person: Person) -> None:
    taken_by_another(person, "oya", "17:00", "18:00")
    page = person("medlem17")
    ask_weekly(page, "oya", "17:00", "18:00", "By keyboard")
    steps.tab_to(page, choice(page, SECOND))
    page.keyboard.press("ArrowDown")
    steps.tab_to(page, choice(page, THIRD))
    page.keyboard.press("End")
    steps.tab_to(page, page.get_by_role("button", name=re.compile("^Book [0-9]")))
    page.keyboard.press("Enter")

    assert len(listed(page)) == 3
    expect(page.locator("main")).to_contain_text("moved by itself")


@pytest.mark.parametrize(("hour", "width"), [(18, 1280), (12, 390)])
def test_without_scripts_and_on_a_phone(person: Person, hour: int, width: int) -> None:
    start, end = f"{hour}:00", f"{hour + 1}:00"
    taken_by_another(person, "sorgenfri", start, end)
    page = person("medlem18", scripts=False, width=width)
    ask_weekly(page, "sorgenfri", start, end, f"At {hour}")
    assert sideways(page) == []
    save(page)
    expect(page.locator(":focus")).to_contain_text("Choose what to do")
    other_room = choice(page, SECOND).locator("option", has_text="Other room").first
    choice(page, SECOND).select_option(value=other_room.get_attribute("value"))
    choice(page, THIRD).select_option("skip")
    save(page)

    dates = listed(page)
    assert len(dates) == 3
    assert sideways(page) == []


def test_the_pages_of_a_series_are_accessible_and_a_change_is_shown_first(person: Person) -> None:
    page = person("medlem19")
    ask_weekly(page, "stillerom-a", "20:00", "21:00", "Looked at")
    assert violations(page) == []
    save(page)
    expect(page).to_have_url(SERIES)
    assert violations(page) == []
    page.locator("main .series-dates a").nth(1).click()
    page.get_by_role("link", name="Change this and following").click()
    assert violations(page) == []
    page.locator("#start").fill("19:00")
    page.locator("#end").fill("20:00")
    page.get_by_role("button", name="See what changes").click()
    expect(page.locator("main tr[id^=day-]")).to_have_count(3)
    assert violations(page) == []
    page.get_by_role("button", name="Save the changes").click()
    dates = listed(page)
    assert len(dates) == 3
    assert all("19:00–20:00" in each for each in dates)
