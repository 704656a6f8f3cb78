"""Every page keeps WCAG 2.2 AA in light and dark, on a desktop and on a phone; reflows; and fits a thumb."""

import pytest

from tests.browser import measure
from tests.browser.conftest import Person
from tests.browser.pages import PLACES
from tests.support import axe

DESKTOP, PHONE, NARROW = 1280, 390, 320


@pytest.mark.parametrize("name", PLACES)
def test_axe_finds_nothing_nothing_scrolls_sideways_and_targets_are_large_enough(person: Person, name: str) -> None:
    """One loading of each page serves all its measures: loading costs the most."""
    place = PLACES[name]
    page = person(place.who)
    place.open(page)
    complaints: list[str] = []
    for width in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            complaints += [f"{width} {scheme}: {each}" for each in axe.violations(page)]
        complaints += [f"{width}: {each}" for each in measure.sideways(page)]
    complaints += [f"{PHONE}: {each}" for each in measure.small_targets(page)]
    page.set_viewport_size({"width": NARROW, "height": 900})
    complaints += [f"{NARROW}: {each}" for each in measure.sideways(page)]
    page.set_viewport_size({"width": DESKTOP, "height": 900})
    measure.double_text(page)
    complaints += [f"{DESKTOP}, text at 200 %: {each}" for each in measure.sideways(page)]
    assert not complaints, "\n".join([page.url, *complaints])
