"""Several desks at once, and a lab with headsets, on a phone and without scripts."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import Person
from tests.browser.days import workday
from tests.support import axe

PICTURES = os.environ.get("SAMROM_PICTURES")  # a folder, to look at the pages


def photograph(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("width", [390, 1280])
def test_desks_are_booked_by_number(person: Person, width: int) -> None:
    page = person("medlem13", width=width, scripts=False)
    steps.open_form(page, "delte-arbeidsplasser", workday(26 + width // 1000), "12:00", "13:00")
    photograph(page, f"pool-{width}")
    page.get_by_label("How many", exact=True).fill("13")
    steps.send(page)
    assert steps.reasons(page) == ["R05.overlap"]
    expect(page.locator("#verdict")).to_contain_text("12 in all")
    photograph(page, f"pool-refused-{width}")
    page.get_by_label("How many", exact=True).fill("3")
    steps.send(page)
    expect(page).to_have_url(steps.BOOKING)
    expect(page.get_by_role("main")).to_contain_text("3 × Delte arbeidsplasser")
    expect(page.get_by_role("main")).to_contain_text("You have Delte arbeidsplasser")
    photograph(page, f"pool-booked-{width}")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_lab_is_booked_with_headsets_and_a_simulator_with_its_room(person: Person, width: int) -> None:
    page = person("medlem13", width=width, scripts=False)
    day = workday(28 + width // 1000)
    steps.open_form(page, "xr-lab", day, "10:00", "11:00")
    page.get_by_text("Add something").click()
    page.get_by_role("checkbox", name="XR-briller").check()
    page.get_by_label("XR-briller: How many").fill("3")
    photograph(page, f"kit-{width}")
    steps.send(page)
    expect(page).to_have_url(steps.BOOKING)
    expect(page.get_by_role("main")).to_contain_text("3 × XR-briller")
    photograph(page, f"kit-booked-{width}")

    steps.open_form(page, "pasientsimulator", day, "13:00", "14:00")
    companion = page.get_by_role("checkbox", name="Simuleringsrom")
    expect(companion).to_be_checked()
    companion.uncheck()
    steps.send(page)
    assert steps.reasons(page) == ["R08.companion"]
    photograph(page, f"companion-refused-{width}")
    steps.alternatives(page).first.click()
    expect(page).to_have_url(steps.BOOKING)
    expect(page.get_by_role("main")).to_contain_text("Simuleringsrom")


def test_both_forms_are_accessible(person: Person) -> None:
    page = person("medlem13", width=390)
    steps.open_form(page, "xr-lab", workday(31), "10:00", "11:00", **{"with": "xr-briller"})
    expect(page.get_by_role("checkbox", name="XR-briller")).to_be_checked()
    assert axe.violations(page) == []
    steps.open_form(page, "delte-arbeidsplasser", workday(31), "12:00", "13:00", quantity=13)
    assert steps.reasons(page) == ["R05.overlap"]
    assert axe.violations(page) == []
    page.goto(f"/day?date={workday(1)}&view=timeline")
    expect(page.get_by_role("main")).to_contain_text("of 12 free")
    photograph(page, "day-390")
