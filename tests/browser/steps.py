"""What people do, in their own words; where things are on the pages is known here alone."""

import re
from datetime import date
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

PASSWORD = "demo-passord"
BOOKING = re.compile(r"/bookings/[\w-]{22}$")
COOKIES: dict[tuple[str, str], list[dict[str, object]]] = {}


# --- coming and going ------------------------------------------------------------------------------------------------


def sign_in(page: Page, who: str, language: str = "en") -> None:
    """Through the form, as anybody does."""
    page.goto(f"/login?lang={language}")
    page.locator("#email").fill(f"{who}@example.invalid")
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    expect(page).not_to_have_url(re.compile("/login"))


def be_signed_in(page: Page, url: str, who: str) -> None:
    """By the form the first time; later browsers bring the cookies along."""
    if (url, who) not in COOKIES:
        sign_in(page, who)
        COOKIES[url, who] = page.context.cookies()
    page.context.add_cookies(COOKIES[url, who])


# --- finding ---------------------------------------------------------------------------------------------------------


def fill_sentence(page: Page, day: date, start: str, people: str) -> None:
    """The blanks of the sentence, for a day that is too far off to be listed."""
    page.locator("#people").fill(people)
    page.locator("#start").fill(start)
    page.locator("details.choices-more > summary").click()
    page.locator("#other_day").fill(day.isoformat())


def show_me(page: Page) -> None:
    page.get_by_role("search").get_by_role("button").click()
    page.wait_for_url("**/find?**")


def find(page: Page, day: date, start: str, people: str) -> None:
    """From the first page to the answers."""
    page.goto("/")
    fill_sentence(page, day, start, people)
    show_me(page)


def answer(page: Page, room: str) -> Locator:
    """The button that books a room of the answers with one press."""
    return page.get_by_role("article").filter(has=page.get_by_role("heading", name=room)).locator("button")


# --- booking ---------------------------------------------------------------------------------------------------------


def form_address(slug: str, **values: object) -> str:
    return f"/resources/{slug}/bookings/new?{urlencode(values)}"


def open_form(page: Page, slug: str, day: date, start: str = "10:00", end: str = "11:00", **more: object) -> None:
    page.goto(form_address(slug, date=day.isoformat(), start=start, end=end, **more))


def form(page: Page) -> Locator:
    return page.locator("#booking-form")


def send_button(page: Page) -> Locator:
    """The one primary button of the page's form."""
    return page.locator("main form .submit-row button[type=submit]")


def send(page: Page) -> None:
    send_button(page).click()


def book(page: Page, slug: str, day: date, start: str = "10:00", end: str = "11:00", **more: object) -> str:
    """By the form; the address of the booking's page."""
    open_form(page, slug, day, start, end, **more)
    send(page)
    expect(page).to_have_url(BOOKING)
    return page.url


def reasons(page: Page) -> list[str]:
    """The codes of everything the page says stands in the way."""
    return [str(each.get_attribute("data-code")) for each in page.locator("main [data-code]").all()]


def alternatives(page: Page) -> Locator:
    return page.locator("button.alternative")


def title_of(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


# --- one's own bookings ----------------------------------------------------------------------------------------------


def change(page: Page, **values: str) -> None:
    """From the booking's page: what is given is written into the form and sent."""
    page.locator("main a[href$='/change']").first.click()
    for name, value in values.items():
        page.locator(f"#{name}").fill(value)
    send(page)
    expect(page).to_have_url(BOOKING)


def cancel(page: Page) -> None:
    """From the booking's page, by way of the question."""
    page.locator("main a[href$='/cancellation']").click()
    send(page)
    expect(page).to_have_url(BOOKING)


def counted(page: Page, title: str) -> int:
    """How many of my bookings have this title, whatever has become of them."""
    page.goto("/bookings")
    return page.locator(".agenda a", has_text=title).count()


# --- with the keyboard -----------------------------------------------------------------------------------------------

SHOWN = """() => {
  const at = document.activeElement;
  if (at.type === "date" && !at.matches(":focus")) return true;  // on its calendar, whose ring the browser draws
  const drawn = (one) => {
    if (!one) return false;
    const style = getComputedStyle(one);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  };
  return at.matches(":focus-visible") && [at, at.parentElement, at.nextElementSibling].some(drawn);
}"""


def tab_to(page: Page, wanted: Locator, most: int = 120) -> None:
    """Presses Tab until it is there; wherever focus stops on the way, it is seen."""
    target = wanted.first.element_handle()
    for _ in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate(SHOWN), f"focus is not seen at {focused(page)}"
        if page.evaluate("wanted => document.activeElement === wanted", target):
            return
    raise AssertionError(f"Tab never comes to {wanted}")


def focused(page: Page) -> str:
    """What has the focus, as tag, id and classes."""
    return page.evaluate("(at => `${at.localName}#${at.id}.${at.className}`)(document.activeElement)")


def write(page: Page, text: str) -> None:
    """Over whatever stands in the field."""
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
