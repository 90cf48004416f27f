"""The rule book as text."""

import pytest

from staffopt.reporting.rules import entry, render_rule, render_rules
from staffopt.rulebook import RULES, KeepSupportRatio, LimitRecruitment, Pin


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_rule_documents_sentence_formula_and_source(name):
    shown = entry(RULES[name])
    assert shown.sentence.endswith(".")
    assert "\\" in shown.formula
    assert shown.source
    assert all(parameter.meaning for parameter in shown.parameters)


def test_parameters_have_unit_and_default():
    ratio = {item.name: item for item in entry(KeepSupportRatio).parameters}["ratio"]
    assert (ratio.unit, ratio.default) == ("social workers per support officer", "must be given")
    limit = {item.name: item for item in entry(LimitRecruitment).parameters}["limit"]
    assert (limit.unit, limit.default) == ("FTE added", "unlimited")
    pins = {item.name: item for item in entry(Pin).parameters}["pins"]
    assert pins.default == "none"


def test_a_rule_in_full_names_its_parameters():
    text = render_rule(KeepSupportRatio)
    assert text.startswith("keep_support_ratio\n  There is a support officer for so many")
    assert "ratio: Social workers to one support officer." in text


def test_the_book_lists_every_rule():
    text = render_rules([RULES[name] for name in sorted(RULES)])
    assert all(f"{name}\n" in text for name in RULES)
