"""Admin forms that were sent too late come back with what was typed, and can be sent again."""

import pytest

from tests.support.people import page_token

LATE = {
    "rules/resource/{sluppen}/lengths": {"R21-minutes-mode": "set", "R21-minutes": "75"},
    "rules/resource/{sluppen}/hours": {"R10-mode": "set", "R10-0-0-opens": "07:15", "R10-0-0-closes": "16:45"},
    "closures/site/{site}/closures": {"name": "Fire drill", "start_date": "2099-01-05"},
    "closures/site/{site}/special-days": {"day": "2099-01-05", "day_name": "Half day", "opens": "10", "closes": "14"},
    "resources/oya": {"name": "Store-Øya", "kind": "space", "category": "2", "building": ""},
    "groups": {"name": "Fjordfolk"},
    "places/category": {"slug": "verksteder", "name_nb": "Verksteder", "name_nn": "Verkstader", "name_en": "Shops"},
}


@pytest.mark.parametrize("path", LATE)
def test_given_an_old_token_the_form_comes_back_filled_in_and_can_be_sent(visit, places, path):
    nils, fields = visit("Nils"), LATE[path]
    address = f"/admin/{path}".format(sluppen=places.sluppen, site=places.site)

    late = nils.post(address, data={**fields, "csrf_token": "too old"})

    assert late.status_code == 400
    for name, text in fields.items():
        assert not text or f'value="{text}"' in late.text, name
    again = nils.post(address, data={**fields, "csrf_token": page_token(late)})
    assert again.status_code == 303 or 'name="draft"' in again.text  # a draft of rules is tried out first
