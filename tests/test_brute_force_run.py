"""A slice of the long brute-force run, on every backend that this machine has."""

from __future__ import annotations

import pytest

from brute_force_run import SEVERAL, backends, judge
from staffopt.backends.solvers import Solvers

SEEDS = [*range(24), 1460, 3682, 6696]
"""The last ones have no plan; CBC 2.10.3 with its preprocessing says that they do."""


@pytest.fixture(scope="module", params=backends())
def ends(request):
    solvers = Solvers("worker")
    yield {seed: judge(seed, request.param, solvers) for seed in SEEDS}
    solvers.close()


def test_a_backend_finds_what_trying_every_plan_finds(ends):
    assert {seed: end for seed, end in ends.items() if end.startswith("DEFECT")} == {}


def test_the_councils_drawn_have_one_best_plan_several_or_none(ends):
    assert set(ends.values()) == {"one plan", SEVERAL, "no plan"}
