"""Being refused: why, what is free instead, and nothing that was written is lost."""

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import Person
from tests.browser.days import workday


def test_who_comes_second_is_told_why_and_books_an_alternative_with_one_press(person: Person) -> None:
    day = workday(3)
    first, second = person("medlem5"), person("medlem6")
    steps.open_form(second, "sorgenfri", day, title="Second", people="4")
    steps.book(first, "sorgenfri", day, "10:30", "11:30")
    steps.send(second)
    assert steps.reasons(second) == ["R05.overlap"]
    offers = steps.alternatives(second)
    assert offers.count() >= 2
    for offer in offers.all():
        name = offer.get_attribute("aria-label") or ""
        assert f"{day.day} " in name
        assert "–" in name
    form = steps.form(second)
    expect(form.locator("#title")).to_have_value("Second")
    expect(form.locator("#people")).to_have_value("4")
    expect(form.locator("#start")).to_have_value("10:00")

    wanted = offers.first.get_attribute("aria-label") or ""
    offers.first.click()
    expect(second).to_have_url(steps.BOOKING)
    expect(steps.title_of(second)).to_contain_text("Second")
    times = wanted[wanted.index("–") - 5 : wanted.index("–") + 6]
    expect(second.get_by_role("main").locator("time").first).to_contain_text(times)


def test_enter_in_a_field_sends_the_form_and_not_the_first_alternative(person: Person) -> None:
    page = person("medlem6")
    steps.open_form(page, "sorgenfri", workday(4), "06:00", "08:00", title="Enter")
    steps.send(page)
    assert steps.reasons(page) == ["R10.closed_then"]
    assert steps.alternatives(page).count()
    page.locator("#title").press("Enter")
    expect(page.locator("#start")).to_have_value("06:00")
    assert steps.reasons(page) == ["R10.closed_then"]
    assert steps.counted(page, "Enter") == 0


def test_what_cannot_be_read_is_said_beside_its_field_and_in_a_list_and_the_rest_is_kept(person: Person) -> None:
    page = person("medlem6")
    steps.open_form(page, "sorgenfri", workday(4), title="Kept")
    page.locator("#people").fill("a few")
    page.locator("#end").fill("noonish"[:5])
    steps.send(page)
    for field in ("end", "people"):
        expect(page.locator(f"#{field}")).to_have_attribute("aria-invalid", "true")
        expect(page.locator(f".error-summary a[href='#{field}']")).to_be_visible()
        expect(page.locator(f"#{field}-error")).to_be_visible()
    expect(page.locator("#people")).to_have_value("a few")
    expect(page.locator("#title")).to_have_value("Kept")
    page.locator(".error-summary a[href='#people']").click()
    expect(page.locator("#people")).to_be_focused()


def test_a_double_click_makes_one_booking(person: Person) -> None:
    page = person("medlem7")
    steps.open_form(page, "stillerom-a", workday(4), title="Double click")
    steps.send_button(page).dblclick()
    expect(page).to_have_url(steps.BOOKING)
    assert steps.counted(page, "Double click") == 1


def test_a_double_click_makes_one_booking_without_scripts_too(person: Person) -> None:
    page = person("medlem7", scripts=False)
    steps.open_form(page, "stillerom-b", workday(4), title="Twice without scripts")
    steps.send_button(page).dblclick()
    expect(page).to_have_url(steps.BOOKING)
    assert steps.counted(page, "Twice without scripts") == 1


def test_going_back_and_sending_again_is_refused_and_makes_no_second_booking(person: Person) -> None:
    page = person("medlem7")
    steps.book(page, "stillerom-a", workday(5), title="Sent again")
    page.go_back()
    steps.send(page)
    expect(page.locator("main [data-code='R05.overlap']")).to_be_visible()
    assert steps.counted(page, "Sent again") == 1
