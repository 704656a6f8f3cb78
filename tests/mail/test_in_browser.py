"""Mail and its settings in a browser, where mail is on: no barrier for axe to see, and a walk by keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.browser import measure, steps
from tests.support import axe, databases, server
from tests.support.postbox import a_postbox

PAGES = {
    "": ("/login", "/password/forgotten", "/password/forgotten/sent"),
    "medlem1": ("/account/mail", "/account/data"),
    "admin": ("/admin/mail", "/admin/people/invitations", "/admin/resources/teknobyen/message"),
}


@pytest.fixture(scope="module")
def mailing_server(tmp_path_factory):
    """A server with the demo district that has a mail server to hand its mail to."""
    folder = tmp_path_factory.mktemp("mailing")
    with (
        a_postbox() as box,
        databases.fresh("sqlite", folder, name="demo", fill=databases.with_demo, demo=True) as url,
        server.serving(url, folder, SAMROM_DEMO="1", MAIL_URL=box.url) as running,
    ):
        yield running


@pytest.mark.parametrize(("width", "scheme", "locale"), [(1280, "light", "en-GB"), (390, "dark", "nn-NO")])
@pytest.mark.parametrize("who", PAGES)
def test_no_page_has_a_barrier_or_is_wider_than_the_screen(open_page, mailing_server, who, width, scheme, locale):
    page = open_page(mailing_server.url, width=width, scheme=scheme, locale=locale)
    if who:
        steps.sign_in(page, who, locale[:2])
    found = []

    for path in PAGES[who]:
        page.goto(path)
        found += [f"{path}: {line}" for line in [*axe.violations(page), *measure.sideways(page)]]

    assert found == []


def test_choices_are_made_with_the_keyboard_on_a_phone(open_page, mailing_server):
    page = open_page(mailing_server.url, width=390)
    steps.sign_in(page, "medlem3")
    page.goto("/account/mail")

    steps.tab_to(page, page.get_by_label("Messages from managers"))
    page.keyboard.press("Space")
    steps.tab_to(page, page.get_by_label("1 day before"))
    page.keyboard.press("Space")
    steps.tab_to(page, page.get_by_role("radio", name="Automatic"))
    page.keyboard.press("ArrowDown")
    steps.tab_to(page, page.get_by_role("button", name="Save"))
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").first).to_contain_text("Saved.")
    expect(page.get_by_label("Messages from managers")).not_to_be_checked()
    expect(page.get_by_label("1 day before")).to_be_checked()
    expect(page.get_by_role("radio", name="Always invitations")).to_be_checked()


def test_a_manager_sees_whom_a_message_reaches_before_it_is_sent(open_page, mailing_server):
    page = open_page(mailing_server.url, width=390)
    steps.sign_in(page, "leder")
    page.goto("/admin/resources/teknobyen/message")
    page.get_by_label("From").fill("2020-01-01")
    page.get_by_label("Subject").fill("The door")
    page.get_by_label("Message").fill("It sticks.")
    page.get_by_label("Subject").press("Enter")

    expect(page.locator(".error-summary")).to_contain_text("Nobody has a booking in these days")
    expect(page.get_by_label("Message")).to_have_value("It sticks.")
    assert page.get_by_role("button", name="Send to").count() == 0
