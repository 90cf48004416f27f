"""Packages: taken whole, required, on offer."""

from __future__ import annotations

import pytest

from staffopt.errors import InputError
from staffopt.plan import Verdict
from staffopt.rulebook import TakeBundleWhole

TABLES = {
    "packages": {
        "one": {"name": "One", "start": "2024-04", "months": 12},
        "two": {"name": "Two", "start": "2024-04", "months": 12},
    },
    "package_lines": [
        {"package": "one", "post": "Worker", "fte": 1, "recurrent": 100},
        {"package": "two", "post": "Worker", "fte": 1, "recurrent": 100},
    ],
}


@pytest.mark.parametrize(
    ("parameters", "taken", "verdicts"),
    [
        ({}, (), ["met", "met"]),
        ({}, ("one",), ["met", "met"]),
        ({"required": "true"}, ("one",), ["met", "broken"]),
        ({"required": "true"}, ("one", "two"), ["met", "met"]),
        ({"required": "true", "packages": ["two"]}, ("two",), ["met"]),
    ],
)
def test_required_packages_are_taken(tiny, found, parameters, taken, verdicts):
    question = tiny(TakeBundleWhole.model_validate({"label": "whole", **parameters}), **TABLES)
    assert [f.verdict for f in found(question, {}, *taken)] == verdicts


def test_a_package_that_no_rule_offers_is_not_taken(tiny, decide):
    from staffopt.verifier import check_decisions, derive

    question = tiny(TakeBundleWhole(label="whole", packages=("two",)), **TABLES)
    decisions = decide(question, {}, "one")
    findings = check_decisions(question, decisions, derive(question, decisions))
    broken = [f.words for f in findings if f.verdict is Verdict.BROKEN]
    assert broken == ["One is taken, but no rule offers it"]


def test_a_rule_on_an_undeclared_package_is_refused(tiny, found):
    question = tiny(TakeBundleWhole(label="whole", packages=("three",)), **TABLES)
    with pytest.raises(InputError, match="no package is called 'three'"):
        found(question, {})
