"""Photographs the pages of the demo district at desk and phone size, into docs/screenshots."""

import re
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, sync_playwright  # noqa: E402 - the house must be on the path first

from booking import clock  # noqa: E402
from tests.support import browser, databases, once, server  # noqa: E402

TARGET = ROOT / "docs" / "screenshots"
SIZES = {"1280": (1280, 900), "390": (390, 844)}
PASSWORD = "demo-passord"
TUESDAY = 1
LABS = "site=helseinnovasjonsarena"
Shot = Callable[[Page, str], None]


def sign_in(page: Page, url: str, email: str) -> None:
    """Signs in as one of the demo members."""
    page.goto(f"{url}/login")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile(r"^(?!.*/login)"))


def weekday() -> str:
    """The coming day on which the rooms are open: tomorrow, or Monday."""
    day = clock.now().date() + timedelta(days=1)
    return (day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))).isoformat()


def coming(number: int) -> str:
    """The next such day of the week after today."""
    today = clock.now().date()
    return (today + timedelta(days=(number - today.weekday()) % 7 or 7)).isoformat()


def refused(page: Page, url: str) -> None:
    """A form that was refused for two reasons at once."""
    page.goto(f"{url}/resources/teknobyen/bookings/new?date={weekday()}&start=05:00&end=09:30")
    page.fill("input[name=people]", "14")
    page.fill("input[name=title]", "Frokostmøte")
    page.click("main form button.button-primary[type=submit]")
    page.wait_for_selector("[data-code]")


def series(page: Page, url: str) -> None:
    """Every date of a series of six, most of them taken by the demo's own series."""
    page.goto(f"{url}/resources/verksted-padriv/bookings/new?date={coming(TUESDAY)}&start=11:00&end=12:30")
    page.fill("input[name=title]", "Ukesmøte")
    page.click("details.repeat > summary")
    page.select_option("#repeat", "week")
    page.fill("#count", "10")
    page.click("details.repeat button[type=submit]")
    page.wait_for_selector("[data-code]")


def kit(page: Page, url: str) -> None:
    """Something that needs a room beside it, which is taken; the refusal names it."""
    page.goto(f"{url}/resources/pasientsimulator/bookings/new?date={weekday()}&start=13:00&end=14:00")
    page.click("main form button.button-primary[type=submit]")
    page.wait_for_selector("[data-code]")


def triage(page: Page, url: str) -> None:
    """Maintenance over bookings, and what becomes of each."""
    span = f"start_date={weekday()}&start=08:00&end_date={weekday()}&end=18:00"
    page.goto(f"{url}/admin/outages/teknobyen/plan?reason=Nytt+lerret&effect=block&{span}")
    page.wait_for_selector("input[name^=version-]", state="attached")


def first_booking(page: Page, url: str) -> None:
    """The first of the member's own bookings."""
    page.goto(f"{url}/bookings")
    page.click("main a[href^='/bookings/']:not([href*='?'])")


def at(path: str) -> Shot:
    """A page by its address."""
    return lambda page, url: page.goto(f"{url}{path.format(day=weekday())}")  # type: ignore[return-value]


MEMBER: dict[str, Shot] = {
    "home": at("/"),
    "day": at("/day?date={day}"),
    "day-labs": at("/day?date={day}&" + LABS),
    "series": series,
    "kit": kit,
    "fault": at("/resources/teknobyen/fault"),
    "find": at("/find?date={day}&start=10:00&length=60&people=8"),
    "find-week": at("/find?when=next-week&from=10&to=15&length=120&people=40&feature=hybrid"),
    "refusal": refused,
    "booking": first_booking,
    "my-bookings": at("/bookings"),
    "subscribe": at("/calendar"),
    "account-mail": at("/account/mail"),
}
DARK: dict[str, Shot] = {"day-dark": at("/day?date={day}")}
ADMIN: dict[str, Shot] = {
    "admin": at("/admin"),
    "admin-hours": at("/admin/rules/site/1"),
    "admin-maintenance": triage,
    "admin-calendars": at("/admin/resources/simuleringsrom/calendars"),
    "admin-mail": at("/admin/mail"),
}


def main() -> None:
    """Everything in bokmål, light; the day, which is the heart, in the dark as well."""
    TARGET.mkdir(parents=True, exist_ok=True)
    once.open_home()
    try:
        with TemporaryDirectory() as folder:
            _photograph(Path(folder))
    finally:
        once.close_home()


def _photograph(folder: Path) -> None:
    demo = databases.fresh("sqlite", folder, name="demo", fill=databases.with_demo, demo=True)
    with demo as database, server.serving(database, folder, SAMROM_DEMO="1") as served, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**browser.launch_options())  # type: ignore[arg-type]
        for size, (width, height) in SIZES.items():
            for email, shots, scheme in (
                ("medlem1", MEMBER, "light"),
                ("admin", ADMIN, "light"),
                ("medlem1", DARK, "dark"),
            ):
                context = chromium.new_context(
                    viewport={"width": width, "height": height},
                    locale="nb-NO",
                    color_scheme=scheme,  # type: ignore[arg-type]
                )
                page = context.new_page()
                sign_in(page, served.url, f"{email}@example.invalid")
                for name, shot in shots.items():
                    shot(page, served.url)
                    page.screenshot(path=TARGET / f"{name}-{size}.png", full_page=size == "390")
                    print(f"{name}-{size}.png")
                context.close()


if __name__ == "__main__":
    main()
