"""Every page of the three slices, by name: who opens it, and how."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.days import workday

Open = Callable[[Page], object]
MEMBER, NEWCOMER, ADMIN = "medlem14", "lab", "admin"
DAY = workday(14)


@dataclass(frozen=True, slots=True)
class Place:
    """One page; `who` is empty for visitors."""

    who: str
    open: Open


def at(address: str) -> Open:
    return lambda page: page.goto(address)


def refused_form(page: Page) -> None:
    """Refused twice over, with ways out."""
    steps.open_form(page, "sluppen", DAY, "06:00", "07:00", people="9", title="Refused")
    steps.send(page)
    expect(page.locator("main [data-code]").first).to_be_visible()


def unreadable_form(page: Page) -> None:
    steps.open_form(page, "sluppen", DAY)
    page.locator("#people").fill("many")
    page.locator("#end").fill("")
    steps.send(page)
    expect(page.locator(".error-summary")).to_be_visible()


def failed_sign_in(page: Page) -> None:
    page.goto("/login?lang=en")
    steps.send(page)
    expect(page.locator(".error-summary")).to_be_visible()


def a_booking(page: Page) -> None:
    """A booking of Øya, made the first time somebody asks for its page."""
    page.goto("/bookings")
    made = page.get_by_role("link", name="Looked at", exact=True)
    if made.count():
        made.first.click()
        expect(page).to_have_url(steps.BOOKING)
    else:
        steps.book(page, "oya", DAY, title="Looked at", people="5")


def change_form(page: Page) -> None:
    a_booking(page)
    page.get_by_role("link", name="Change", exact=True).click()
    expect(steps.form(page)).to_be_visible()


def cancellation(page: Page) -> None:
    a_booking(page)
    page.get_by_role("link", name="Cancel booking").click()
    page.wait_for_url("**/cancellation")


def every_date(page: Page) -> None:
    """A series of Øya with a date that is closed."""
    steps.open_form(page, "oya", DAY, "19:00", "20:00", title="In series")
    page.locator("details.repeat > summary").click()
    page.locator("#repeat").select_option("day")
    page.locator("#count").fill("7")
    page.get_by_role("button", name="See every date").click()
    expect(page.locator("main tr[id^=day-]")).to_have_count(7)


def a_series(page: Page) -> None:
    """Made the first time somebody asks for its page."""
    page.goto("/bookings")
    made = page.get_by_role("link", name="In series", exact=True)
    if made.count():
        made.first.click()
        page.locator("#series-title + p a").click()
    else:
        every_date(page)
        page.get_by_role("button", name="Leave out the").click()
        page.get_by_role("button", name="Book ").click()
    page.wait_for_url("**/series/*")


def series_change(page: Page) -> None:
    a_series(page)
    page.get_by_role("link", name="Change all that lie ahead").click()
    expect(page.locator("#series-change")).to_be_visible()


def series_difference(page: Page) -> None:
    series_change(page)
    page.locator("#start").fill("20:00")
    page.locator("#end").fill("21:00")
    page.get_by_role("button", name="See what changes").click()
    expect(page.locator("#series-form")).to_be_visible()


def series_cancellation(page: Page) -> None:
    a_series(page)
    page.get_by_role("link", name="Cancel all that lie ahead").click()
    page.wait_for_url("**/cancellation**")


def new_address(page: Page) -> None:
    page.goto("/calendar")
    page.locator("#name").fill("My phone")
    steps.send(page)
    expect(page.locator("#feed-address")).to_be_visible()


def by_links(start: str, *names: str) -> Open:
    """From a page by the links with these names; the first of each that begins so."""

    def follow(page: Page) -> None:
        page.goto(start)
        for name in names:
            link = page.get_by_role("main").get_by_role("link", name=name, exact=True).first
            address = link.get_attribute("href")
            page.goto(str(address))

    return follow


def rules_of(section: str) -> Open:
    def follow(page: Page) -> None:
        by_links("/admin/rules", "Sluppen")(page)
        page.goto(f"{page.url}/{section}")

    return follow


def course(page: Page) -> None:
    by_links("/admin/qualifications", "HMS-introduksjon lab")(page)
    page.locator("#courses-title + ul a").first.click()
    page.wait_for_url("**/admin/courses/*")


def withdrawal(page: Page) -> None:
    by_links("/admin/qualifications", "HMS-introduksjon lab")(page)
    page.get_by_role("link", name="Withdraw").first.click()
    page.wait_for_url("**/withdrawal")


def invited(page: Page) -> None:
    """The answer to a pasted list: a line for each."""
    page.goto("/admin/people/invitations")
    page.get_by_role("main").get_by_role("textbox").first.fill("new@example.invalid\nnot an address")
    steps.send(page)


SIGNED_OUT = {
    "sign-in": at("/login?lang=en"),
    "sign-in, failed": failed_sign_in,
    "home of a visitor": at("/?lang=en"),
    "forgotten": at("/password/forgotten?lang=en"),
    "about": at("/about"),
    "accessibility": at("/accessibility"),
    "cookies": at("/cookies"),
}
OF_A_MEMBER = {
    "home": at("/"),
    "answers": at(f"/find?date={DAY}&start=10:00&length=60&people=4"),
    "no answer": at(f"/find?date={DAY}&start=10:00&length=60&people=400"),
    "near answers": at(f"/find?date={DAY}&start=23:00&length=60&people=4"),
    "unreadable question": at(f"/find?date={DAY}&start=noon&length=60&people=4"),
    "answers over days": at("/find?when=next-week&from=9&to=15&length=90&people=6"),
    "no answer over days": at("/find?when=next-week&from=9&to=10&length=60&people=400&feature=hybrid"),
    "unreadable question over days": at("/find?when=range&from=noon&until=never"),
    "day sheet": at("/day/sheet"),
    "day today": at("/day?view=timeline"),
    "day as timeline": at(f"/day?date={DAY}&site=holtermanns-veg&view=timeline"),
    "day as list": at(f"/day?date={DAY}&site=holtermanns-veg&view=list"),
    "resources": at("/resources"),
    "resource": at("/resources/teknobyen"),
    "resource of parts": at("/resources/arena-elgeseter"),
    "form": at("/resources/sluppen/bookings/new"),
    "form, fine": at(steps.form_address("sluppen", date=DAY, start="10:00", end="11:00", title="Fine", people=4)),
    "form, needs approval": at(steps.form_address("moteplassen", date=DAY, start="10:00", end="16:00")),
    "form, refused": refused_form,
    "form, unreadable": unreadable_form,
    "booking": a_booking,
    "change": change_form,
    "cancellation": cancellation,
    "series, every date": every_date,
    "series": a_series,
    "series, change": series_change,
    "series, difference": series_difference,
    "series, cancellation": series_cancellation,
    "my bookings": at("/bookings"),
    "subscribe": at("/calendar"),
    "qualifications": at("/qualifications"),
    "form of a lab": at("/resources/vatlab/bookings/new"),
    "lab instrument": at("/resources/forskningsultralyd"),
    "account": at("/account"),
    "mail and calendar": at("/account/mail"),
    "password": at("/account/password"),
    "browsers": at("/account/sign-ins"),
    "own data": at("/account/data"),
    "not allowed": at("/admin"),
    "not found": at("/nowhere"),
}
OF_A_NEWCOMER = {"my bookings, empty": at("/bookings"), "subscribe, made": new_address}
OF_AN_ADMIN = {
    "administration": at("/admin"),
    "admin: resources": at("/admin/resources"),
    "admin: new resource": at("/admin/resources/new"),
    "admin: resource": at("/admin/resources/sluppen"),
    "admin: pool": at("/admin/resources/delte-arbeidsplasser"),
    "admin: message to all": at("/admin/resources/sluppen/message"),
    "admin: mail": at("/admin/mail"),
    "admin: calendars elsewhere": at("/admin/resources/simuleringsrom/calendars"),
    "admin: calendar elsewhere": by_links("/admin/resources/simuleringsrom/calendars", "Simulatorkurs"),
    "admin: retirement": at("/admin/resources/teknobyen/retirement"),
    "admin: rules": at("/admin/rules"),
    "admin: rules of a room": by_links("/admin/rules", "Sluppen"),
    **{
        f"admin: {each}": rules_of(each)
        for each in ("hours", "lengths", "ahead", "people", "turnover", "access", "competence", "calibration")
    },
    "admin: closures": at("/admin/closures"),
    "admin: closures of a room": by_links("/admin/closures", "Sluppen"),
    "admin: qualifications": at("/admin/qualifications"),
    "admin: new qualification": at("/admin/qualifications/new"),
    "admin: qualification": by_links("/admin/qualifications", "HMS-introduksjon lab"),
    "admin: course": course,
    "admin: withdrawal": withdrawal,
    "admin: requests": at("/approvals"),
    **{f"admin: {each}": at(f"/admin/{each}") for each in ("activities", "documents", "dispensations")},
    "admin: on hold": at("/admin/on-hold"),
    "admin: calibration": at("/admin/resources/forskningsultralyd/calibration"),
    "admin: groups": at("/admin/groups"),
    "admin: new group": at("/admin/groups/new"),
    "admin: demand": at("/admin/demand"),
    "admin: places": at("/admin/places"),
    "admin: new site": at("/admin/places/site/new"),
    "admin: organisations": at("/admin/organisations"),
    "admin: new organisation": at("/admin/organisations/new"),
    "admin: organisation": at("/admin/organisations/sintef"),
    "admin: organisation's end": at("/admin/organisations/sintef/ending"),
    "admin: people": at("/admin/people"),
    "admin: member": by_links("/admin/people?q=medlem12", "Demo medlem 12"),
    "admin: invitations": at("/admin/people/invitations"),
    "admin: invited": invited,
}
PLACES: dict[str, Place] = {
    **{name: Place("", opened) for name, opened in SIGNED_OUT.items()},
    **{name: Place(MEMBER, opened) for name, opened in OF_A_MEMBER.items()},
    **{name: Place(NEWCOMER, opened) for name, opened in OF_A_NEWCOMER.items()},
    **{name: Place(ADMIN, opened) for name, opened in OF_AN_ADMIN.items()},
}
