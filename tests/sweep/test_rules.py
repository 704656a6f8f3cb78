"""Every rule of the catalogue is whole: function, form, sentences, its paragraph, its line in the docs, and tests."""

import inspect
import re
from pathlib import Path

import pytest

from booking.admin.rules_table import ELSEWHERE, SECTIONS
from booking.core.rules.catalogue import RULES
from booking.core.rules.rule import Rule
from booking.core.verdict import Weight
from booking.services.rule_sources import SOURCES
from booking.web.policy import POLICY
from booking.wording import SENTENCES

HOUSE = Path(__file__).parents[2]
CODE = re.compile(r"\"(R\d\d)\.([a-z_]+)\"")
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


def codes_of(rule: Rule) -> set[str]:
    """The codes that the rules' source speaks of."""
    sources = [path.read_text(encoding="utf-8") for path in (HOUSE / "booking/core").rglob("*.py")]
    return {f"{code}.{name}" for text in sources for code, name in CODE.findall(text) if code == rule.code}


def form_fields(rule: Rule) -> set[str]:
    return {kind.id for section in SECTIONS.values() for kind in section.fields if kind.rule == rule.code}


@every_rule
def test_its_function_says_which_rule_it_is(rule: Rule) -> None:
    assert rule.code in (inspect.getdoc(rule.test) or "")


@every_rule
def test_every_value_that_can_be_set_has_a_field(rule: Rule) -> None:
    values = {f"{rule.code}-{name}" for name in rule.params.shape()} if rule.settable else set()

    assert values - ELSEWHERE == form_fields(rule)


@every_rule
def test_what_its_values_point_at_can_be_read(rule: Rule) -> None:
    assert {shape.source for shape in rule.params.shape().values() if shape.source} <= SOURCES.keys()


@every_rule
def test_every_choice_has_words(rule: Rule) -> None:
    for section in SECTIONS.values():
        for kind in section.fields:
            if kind.rule == rule.code and kind.kind in ("choice", "several"):
                texts = {value for value in kind.shape.choices if isinstance(value, str)}
                assert texts <= set(kind.options), kind.id


@every_rule
def test_every_code_has_a_sentence_and_stands_among_the_interfaces(rule: Rule) -> None:
    codes = codes_of(rule)
    documented = (HOUSE / "docs/interfaces.md").read_text(encoding="utf-8")

    assert codes, "a rule that can find nothing is no rule"
    assert codes <= SENTENCES.keys()
    assert [code for code in sorted(codes) if f"`{code}`" not in documented] == []


@every_rule
def test_it_has_a_paragraph_of_its_own(rule: Rule) -> None:
    assert POLICY[rule.code].title


@every_rule
def test_it_has_a_line_in_the_docs(rule: Rule) -> None:
    lines = (HOUSE / "docs/rules.md").read_text(encoding="utf-8").splitlines()

    line = next((line for line in lines if line.startswith(f"| {rule.code} ")), "")
    assert str(rule.merge) in line
    assert {Weight.NEEDS_APPROVAL: "needs approval"}.get(rule.weight, str(rule.weight)) in line


@every_rule
def test_it_has_a_table_test(rule: Rule) -> None:
    tests = [path.read_text(encoding="utf-8") for path in (HOUSE / "tests/core").glob("test_*.py")]

    assert any(f'"{rule.code}' in text or f"{rule.code}:" in text for text in tests)


def test_every_sentence_and_paragraph_belongs_to_a_rule() -> None:
    known = {rule.code for rule in RULES}

    assert {code.partition(".")[0] for code in SENTENCES} <= known
    assert POLICY.keys() == known
