"""Children and families: what one case counts for."""

from __future__ import annotations

from decimal import Decimal

import pytest

import compiled
from staffopt.errors import InputError
from staffopt.instance.counting import mixed_units


def ask(**tables):
    return compiled.ask(**tables)


TYPES = {"plan": {"counted_as": "children"}, "support": {"counted_as": "families"}}
NORTH = {"teams": {"north": {"cases": {"plan": 40, "support": 30}}}}


@pytest.mark.parametrize(
    ("tables", "cases"),
    [
        # 40 children and 30 families of 2 children
        ({"counted_as": "children", "children_per_family": 2}, "100"),
        # the type's own figure goes before the council's: 40 + 30 · 1.5
        (
            {
                "counted_as": "children",
                "children_per_family": 2,
                "case_types": {"support": {"children_per_family": "1.5"}},
            },
            "85",
        ),
        # a weight is of the case as it is counted: 40 + 30 · 2 · 0.5
        (
            {
                "counted_as": "children",
                "children_per_family": 2,
                "case_types": {"support": {"weight": "0.5"}},
            },
            "70",
        ),
    ],
)
def test_families_are_turned_into_children(tables, cases):
    types = compiled.laid_over(TYPES, tables.get("case_types", {"plan": {}}))
    question = ask(**{**tables, "case_types": types}, **NORTH)
    assert question.cases("north") == Decimal(cases)
    assert list(mixed_units(question.instance)) == []


@pytest.mark.parametrize(
    "tables",
    [
        {},  # nobody says what sums are of
        {"counted_as": "children"},  # no children per family
        {"counted_as": "families", "children_per_family": 2},  # children are not made families
    ],
)
def test_children_and_families_are_not_added_up_as_they_are(tables):
    question = ask(case_types=TYPES, **tables, **NORTH)
    with pytest.raises(InputError) as raised:
        question.cases("north")
    assert {fault.code for fault in raised.value.faults} == {"mixed-units"}
    assert list(mixed_units(question.instance))


def test_one_unit_needs_no_figure():
    # the south's cases are a plain figure of the council, so the types alone do not decide
    families = {name: {"counted_as": "families"} for name in TYPES}
    plain = ask(case_types=families, **NORTH)
    with pytest.raises(InputError):
        plain.cases("north")
    alike = ask(case_types=families, counted_as="families", **NORTH)
    assert alike.cases("north") == 70
