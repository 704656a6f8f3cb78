"""The rules write their own page, refusals lead to their paragraph, and every rule answers "may I?"."""

import re
from html import unescape

import pytest

from booking.core.rules.catalogue import RULES
from booking.db import writing
from booking.models import Resource
from tests.support.deciding import set_rule
from tests.support.people import sign_in


def text_of(page):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.fixture
def ruled(house):
    """Sluppen with rules of its own."""
    with house.app.app_context(), writing() as session:
        room = session.query(Resource).filter_by(slug="sluppen").one()
        set_rule(session, "site", room.site_id, "R21", {"minutes": 120, "merge_gap_minutes": 30})
        set_rule(session, "resource", room.id, "R20", {"minutes": 60}, weight="needs_approval")
        return room.id


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_rule_has_a_paragraph_with_an_address_in_three_languages(ruled, visitor, language):
    page = visitor.get(f"/resources/sluppen/rules?lang={language}").text

    for rule in RULES:
        found = re.search(rf'<(section|div) id="{rule.code}".*?</\1>', page, re.DOTALL)
        assert found, rule.code
        assert re.search(r"<(p|dd)>\w", found[0]), rule.code


def test_the_paragraphs_tell_the_values_where_they_were_set_and_what_comes_of_them(ruled, visitor):
    page = text_of(visitor.get("/resources/sluppen/rules?lang=en").text)

    assert "At most 2 hours at a time." in page
    assert "Bookings of yours less than 30 minutes apart count as one." in page
    assert "At least 1 hour at a time. Otherwise it needs approval. set for Sluppen itself" in page
    assert "Can be booked until it begins." in page


def test_a_refusal_leads_to_the_paragraph_of_its_rule(ruled, kari, visitor):
    answer = kari.get("/resources/sluppen/bookings/new?date=2027-05-18&start=10:00&end=15:00&lang=en")

    href = re.search(r'data-code="R21.too_long".*?href="([^"]+)"', answer.text, re.DOTALL)[1]
    assert href.endswith("#R21")
    led = visitor.get(href.partition("#")[0])
    assert led.location == "/resources/sluppen/rules"
    assert visitor.get("/resources/by-id/4711/rules").status_code == 404


def test_the_resource_s_page_leads_to_its_rules(ruled, visitor):
    assert 'href="/resources/sluppen/rules"' in visitor.get("/resources/sluppen").text


def test_a_member_asks_every_rule_for_themself(ruled, kari):
    page = kari.get("/resources/sluppen/may?date=2027-05-18&start=10&end=15&lang=en").text

    assert 'data-code="R21.too_long"' in page
    for rule in RULES:
        assert f'data-rule="{rule.code}"' in page
    assert re.search(r'data-rule="R18" data-found="0"', page)
    assert "/admin/rules" not in page
    assert "Kari" in text_of(page)


def test_a_member_may_not_ask_for_somebody_else(ruled, kari):
    assert kari.get("/resources/sluppen/may?who=ola@example.invalid&date=2027-05-18&start=10&end=11").status_code == 403


def test_a_manager_asks_for_anybody_and_is_led_to_where_each_value_was_set(ruled, house):
    nils = house.app.test_client()
    sign_in(nils, "Nils")
    path = "/resources/sluppen/may?who=ola@example.invalid&date=2027-05-18&start=10&end=11&lang=en"

    page = nils.get(path).text

    assert "Ola" in text_of(page)
    assert f'href="/admin/rules/resource/{ruled}"' in page
    assert re.search(r'data-rule="R20" data-found="0"', page)
    assert "Nobody here has that address." in nils.get(path.replace("ola@", "nobody@")).text


def test_a_time_that_does_not_exist_is_said_by_its_rule(ruled, kari):
    page = kari.get("/resources/sluppen/may?date=2028-03-26&start=02:30&end=05:00&lang=en").text

    assert 'data-code="R01.missing_hour"' in page


def test_what_cannot_be_read_is_said(ruled, kari):
    page = kari.get("/resources/sluppen/may?date=soon&start=10&end=11&lang=en")

    assert "Enter a day, and times" in page.text
