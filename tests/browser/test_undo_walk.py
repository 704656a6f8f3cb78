"""Undo, end now and shifting in a browser: by mouse, by keyboard, and without scripts, also on a phone."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from booking import clock
from booking.core.timespan import TimeSpan
from booking.db import writing
from booking.models import Member
from tests.browser import steps
from tests.browser.days import OSLO
from tests.conftest import OpenPage, Serve, an_app
from tests.factories import a_booking, a_room
from tests.support import axe, databases
from tests.support.server import Server

MINUTE = timedelta(minutes=1)
AtRunning = Callable[..., Page]


def fill(url: str) -> dict[str, str]:
    """Two rooms of one's own: medlem1's booking runs, medlem2's comes next; the addresses of both, and of one ahead."""
    now = clock.now().replace(second=0, microsecond=0)
    with an_app(url) as app, app.app_context(), writing() as session:
        one, two = (
            session.scalars(select(Member).where(Member.email == f"{who}@example.invalid")).one()
            for who in ("medlem1", "medlem2")
        )
        room = a_room(session, name="Kammerset")
        runs = a_booking(
            session, on=room, member=one, span=TimeSpan(now - 30 * MINUTE, now + 60 * MINUTE), title="Running"
        )
        then = a_booking(
            session, on=room, member=two, span=TimeSpan(now + 60 * MINUTE, now + 120 * MINUTE), title="After that"
        )
        ahead = a_booking(
            session, on=room, member=one, span=TimeSpan(now + 600 * MINUTE, now + 660 * MINUTE), title="Ahead"
        )
        return {each.title: f"/bookings/{each.public_id}" for each in (runs, then, ahead)}


@pytest.fixture
def at(serve: Serve, open_page: OpenPage, tmp_path: Path):
    """`at("medlem1", "Running", width=390)` is that member's browser on that booking's page."""
    with databases.fresh("sqlite", tmp_path, name="demo", fill=databases.with_demo, demo=True) as url:
        addresses = fill(url)
        server: Server = serve(url, SAMROM_DEMO="1")

        def at(who: str, title: str, **settings: object) -> Page:
            page = open_page(server.url, **settings)
            steps.sign_in(page, who)
            page.goto(addresses[title])
            return page

        yield at


def test_a_running_booking_is_ended_with_a_press(at: AtRunning) -> None:
    page = at("medlem1", "Running", width=390)
    assert axe.violations(page) == []

    page.get_by_role("button", name="End now").click()

    expect(page.get_by_role("status").first).to_contain_text("Ended.")
    expect(page.get_by_role("main")).to_contain_text("ended it early")
    expect(page.get_by_role("button", name="End now")).to_have_count(0)


def test_by_keyboard_a_booking_is_cancelled_and_taken_back(at: AtRunning) -> None:
    page = at("medlem1", "Ahead")
    steps.tab_to(page, page.get_by_role("link", name="Cancel booking"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/cancellation")
    steps.tab_to(page, steps.send_button(page))
    page.keyboard.press("Enter")
    expect(page).to_have_url(steps.BOOKING)

    steps.tab_to(page, page.get_by_role("button", name="Undo the cancellation"))
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").first).to_contain_text("It stands again")
    expect(page.locator(":focus")).to_have_js_property("tagName", "H1")


def test_without_scripts_both_work(at: AtRunning) -> None:
    page = at("medlem1", "Ahead", scripts=False, width=390)
    steps.cancel(page)
    page.get_by_role("button", name="Undo the cancellation").click()
    expect(page.get_by_role("status").first).to_contain_text("It stands again")

    page.goto("/bookings")
    page.get_by_role("link", name="Running", exact=True).click()
    page.get_by_role("button", name="End now").click()
    expect(page.get_by_role("status").first).to_contain_text("Ended.")


def test_the_next_is_asked_to_shift_and_makes_room(at: AtRunning, open_page: OpenPage) -> None:
    asker = at("medlem1", "Running", width=390)
    asker.get_by_role("link", name="Change", exact=True).click()
    longer = (clock.now() + 90 * MINUTE).astimezone(OSLO)
    asker.locator("#end").fill(f"{longer:%H}:{longer.minute // 15 * 15:02d}")
    steps.send(asker)
    asker.get_by_role("button", name="Ask the next to shift").click()
    expect(asker.get_by_role("status").first).to_contain_text("Asked.")

    asked = at("medlem2", "After that", width=390)
    expect(asked.locator("a.count")).to_contain_text(re.compile(r"\d"))
    expect(asked.get_by_role("main")).to_contain_text("Can you shift?")
    assert axe.violations(asked) == []
    steps.alternatives(asked).first.click()

    expect(asked.get_by_role("status").first).to_contain_text("Thank you for making room")
    asker.goto("/")
    expect(asker.get_by_role("main")).to_contain_text("There is room now")
