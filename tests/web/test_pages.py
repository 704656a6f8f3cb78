"""What holds for every page of the member: it speaks three languages, and reading it changes nothing."""

import pytest

from tests.support.house import TUESDAY

OPEN = [
    "/",
    "/find",
    f"/day?date={TUESDAY}",
    "/resources",
    "/resources/sluppen",
    "/about",
    "/accessibility",
    "/cookies",
]
OWN = ["/bookings", f"/resources/sluppen/bookings/new?date={TUESDAY}&start=10&end=11"]


@pytest.fixture
def pages(house):
    public_id = house.book("Kari", "sluppen", f"{TUESDAY} 12:00-13:00", title="Planning")
    return [*OPEN, *OWN, *(f"/bookings/{public_id}{path}" for path in ("", "/change", "/cancellation"))]


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_page_speaks_each_language(kari, pages, language):
    shown = [kari.get(f"{path}{'&' if '?' in path else '?'}lang={language}") for path in pages]

    assert [page.status_code for page in shown] == [200] * len(pages)
    assert all(f'<html lang="{language}">' in page.text for page in shown)


def test_every_page_has_one_heading_of_the_first_order_and_a_title(kari, pages):
    for path in pages:
        page = kari.get(path).text
        assert page.count("<h1") == 1, path
        assert page.count("<main") == 1
        assert "<title>" in page


def test_reading_changes_nothing(kari, house, pages):
    before = house.counted()

    for path in pages:
        kari.get(path)

    assert house.counted() == before


def test_own_pages_ask_who_one_is(visitor, pages):
    own = pages[len(OPEN) :]

    assert [visitor.get(path).location for path in own] == ["/login"] * len(own)
    assert [visitor.get(path).status_code for path in OPEN] == [200] * len(OPEN)


def test_no_page_holds_inline_script_or_style(kari, pages):
    for path in pages:
        page = kari.get(path).text
        assert " style=" not in page, path
        assert " onclick=" not in page
        assert "<script>" not in page
