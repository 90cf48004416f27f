"""Packages: whole or not at all, required, offered or neither."""

from __future__ import annotations

import numpy as np
import pytest

from compiled import ask, compiled, rows, session
from staffopt.algebra.solution import Changes, Why
from staffopt.build import build
from staffopt.instance.options import Pins
from staffopt.rulebook import Pin, TakeBundleWhole

INF = float("inf")
PACKAGES = {
    "packages": {
        name: {"name": name.title(), "start": "2024-10", "months": 12} for name in ("big", "small")
    },
    "package_lines": [
        {"package": name, "post": "Worker", "fte": 1, "recurrent": 100} for name in ("big", "small")
    ],
}


def bundle(**parameters):
    return TakeBundleWhole.model_validate({"label": "bundle", **parameters})


def allowed(*rules, **taken):
    """Say whether exactly these packages can be taken."""
    pins = Pins.model_validate({"packages": {n: str(v).lower() for n, v in taken.items()}})
    question = ask(*rules, Pin(label="pin", pins=pins), **PACKAGES)
    matrix = build(question, exact=True).matrix.floating()
    return session().solve(matrix, Changes(cost=np.zeros(matrix.columns))).why is Why.OPTIMAL


def test_a_package_is_a_whole_number_from_none_to_one():
    program = compiled(bundle(), **PACKAGES)
    places = [i for i in range(program.matrix.columns) if "taken" in program.column_label(i)]
    assert [program.column_label(i) for i in places] == ["taken[big]", "taken[small]"]
    assert all(program.matrix.integer[places])
    assert program.matrix.col_lower[places].tolist() == [0, 0]
    assert program.matrix.col_upper[places].tolist() == [1, 1]
    assert program.column_tags.decision[places].all()


def test_without_the_rule_no_package_can_be_taken():
    program = compiled(**PACKAGES)
    taken = {program.column_label(i): top for i, top in enumerate(program.matrix.col_upper)}
    assert (taken["taken[big]"], taken["taken[small]"]) == (0, 0)


def test_required_and_unlisted_packages_have_a_row_each():
    program = compiled(bundle(packages=["big"], required="true"), **PACKAGES)
    assert rows(program, "bundle required") == {"big": ({"taken[big]": 1}, 1, INF)}
    assert rows(program, "bundle not offered") == {"small": ({"taken[small]": 1}, -INF, 0)}
    assert rows(compiled(bundle(), **PACKAGES), "bundle not offered") == {}


@pytest.mark.parametrize(
    ("rules", "big", "small", "expected"),
    [
        ([bundle()], True, False, True),
        ([bundle()], False, False, True),
        ([bundle(required="true")], True, True, True),
        ([bundle(required="true")], True, False, False),
        ([bundle(packages=["big"])], True, False, True),
        ([bundle(packages=["big"])], False, True, False),
        ([], True, False, False),
        # one package must be taken and the other may be: two rules, each with its own list
        ([bundle(packages=["big"], required="true"), bundle(packages=["small"])], True, True, True),
        ([bundle(packages=["big"], required="true"), bundle(packages=["small"])], 1, 0, True),
        ([bundle(packages=["big"], required="true"), bundle(packages=["small"])], 0, 1, False),
    ],
)
def test_pinned_packages_are_allowed_or_not(rules, big, small, expected):
    labelled = [rule.model_copy(update={"label": f"b{i}"}) for i, rule in enumerate(rules)]
    assert allowed(*labelled, big=bool(big), small=bool(small)) is expected
