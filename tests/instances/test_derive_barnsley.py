"""The derivation of Barnsley's units: complete in its box, and what the instance holds."""

from __future__ import annotations

import runpy
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from staffopt import library


@pytest.fixture(scope="module")
def derivation():
    return runpy.run_path(str(library.path("instances") / "derive_barnsley.py"))


@pytest.fixture(scope="module")
def picked(derivation):
    return derivation["units"](derivation["pick"](derivation["nestings"]()))


def teams() -> dict:
    text = (Path(library.path("instances")) / "barnsley-2017.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)["teams"]  # noqa: S506 (makes text only)


def test_the_instance_holds_the_units_that_the_derivation_picks(picked):
    held = {
        name: (int(team["cases"]), Fraction(team["posts"]["social_worker"]))
        for name, team in teams().items()
    }
    assert held == {name: (unit.cases, unit.posts) for name, unit in picked.items()}


def test_there_are_42_solutions(derivation):
    # The same search in whole numbers, over every pair near the answer, with q quarters of a post:
    # average = 4 cases/q, need to 18 = (4 cases − 18 q)/72, need to 16 = (4 cases − 16 q)/64.
    printed = [  # in thousandths: 20.45 ≤ 20.5 < 20.55 and so on
        ((20450, 20550), (8650, 8750), (17650, 17750)),
        ((21650, 21750), (14465, 14475), (25050, 25150)),
        ((20350, 20450), (11850, 11950), (24350, 24450)),
    ]
    counts = [
        sum(
            average[0] * q <= 4000 * cases < average[1] * q
            and to_18[0] * 72 <= 1000 * (4 * cases - 18 * q) < to_18[1] * 72
            and to_16[0] * 64 <= 1000 * (4 * cases - 16 * q) < to_16[1] * 64
            for cases in range(1200, 1900)
            for q in range(240, 400)
        )
        for average, to_18, to_16 in printed
    ]
    assert counts == [3, 2, 7]
    assert len(derivation["nestings"]()) == 3 * 2 * 7
