"""Quotas are written line by line on the rules page, and come back as they were set."""

import json

from sqlalchemy import select

from booking.db import db
from booking.models import RuleSetting
from tests.admin.test_rules import row_of


def stored(app, rule):
    with app.app_context():
        rows = db.session.scalars(select(RuleSetting).where(RuleSetting.rule == rule, RuleSetting.valid_to.is_(None)))
        return [row.params for row in rows]


LINES = {
    "R23-limits-0-amount": "10", "R23-limits-0-per": "week", "R23-limits-0-subject": "organisation",
    "R23-limits-0-over": "category", "R23-limits-0-weekday": "1", "R23-limits-0-opens": "8",
    "R23-limits-0-closes": "12",
    "R22-limits-1-amount": "3", "R22-limits-1-per": "rolling", "R22-limits-1-days": "14",
    "R22-limits-1-subject": "member", "R22-limits-1-over": "site",
}  # fmt: skip


def test_lines_are_saved_and_told_in_words(visit, fill, places, sqlite_app):
    nils, site = visit("Nils"), f"/admin/rules/site/{places.site}"
    saved = fill(nils, f"{site}/quotas", f"{site}/quotas", **LINES)

    assert saved.status_code == 303
    morning = [{"weekday": 1, "opens": "08:00", "closes": "12:00"}]
    assert stored(sqlite_app, "R23") == [
        {"limits": [
            {"amount": 10, "per": "week", "subject": "organisation", "over": "category", "windows": morning}
        ]}
    ]  # fmt: skip
    limits = [{"amount": 3, "per": "rolling", "subject": "member", "over": "site", "days": 14}]
    assert stored(sqlite_app, "R22") == [{"limits": limits}]
    page = nils.get(site).text
    words = "10 hours a week for each organisation, all of its kind together, within Tue 08:00–12:00"
    assert words in row_of(page, "R23-limits")
    form = nils.get(f"{site}/quotas").text
    assert 'name="R23-limits-0-amount" value="10"' in form
    assert 'name="R23-limits-0-opens" value="08:00"' in form


def test_a_line_that_makes_no_sense_comes_back_with_a_reason(visit, fill, places):
    nils, site = visit("Nils"), f"/admin/rules/site/{places.site}"
    for wrong in (
        {"R22-limits-0-amount": "many"},
        {"R22-limits-0-amount": "0"},
        {"R22-limits-0-amount": "2", "R22-limits-0-opens": "8"},
    ):
        answer = fill(nils, f"{site}/quotas", f"{site}/quotas", **wrong)
        assert answer.status_code == 422
        assert f'value="{wrong["R22-limits-0-amount"]}"' in answer.text


def test_several_stretches_a_day_are_kept(visit, fill, places, sqlite_app):
    nils, site = visit("Nils"), f"/admin/rules/site/{places.site}"
    windows = [{"weekday": 1, "opens": "08:00", "closes": "10:00"}, {"weekday": 1, "opens": "14:00", "closes": "16:00"}]
    fill(
        nils,
        f"{site}/quotas",
        f"{site}/quotas",
        **{
            **LINES,
            "R23-limits-0-weekday": "",
            "R23-limits-0-opens": "",
            "R23-limits-0-closes": "",
            "R23-limits-0-windows": json.dumps(windows),
        },
    )

    assert "They are kept until you choose hours here." in nils.get(f"{site}/quotas").text
    assert stored(sqlite_app, "R23")[0]["limits"][0]["windows"] == windows


def test_windows_held_for_a_group_and_three_ways_in(visit, fill, places, sqlite_app):
    nils, room = visit("Nils"), f"/admin/rules/resource/{places.sluppen}"
    hours = {"R16-mode": "set", "R16-1-0-opens": "8", "R16-1-0-closes": "12", "R16-release_hours-mode": "set"}
    fill(nils, f"{room}/reserved", f"{room}/reserved", **hours, **{"R16-release_hours": "48"})
    fill(nils, f"{room}/access", f"{room}/access", **{"R30-others": "approval", "R39-allowed": "false"})

    assert stored(sqlite_app, "R16") == [
        {"windows": [{"weekday": 1, "opens": "08:00", "closes": "12:00"}], "release_hours": 48}
    ]
    assert stored(sqlite_app, "R30") == [{"others": "approval"}]
    assert stored(sqlite_app, "R39") == [{"allowed": False}]
