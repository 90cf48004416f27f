"""A workforce plan over months, small enough to run wherever benchmarks do: 10 teams × 12 months.

The larger sizes are a command of their own, `workforce_run.py`, which says what is compared.
"""

from __future__ import annotations

import pytest

import pulp_workforce
from ratios import BARE, ENGINE, HIGHS
from staffopt.backends.session import Session
from staffopt.build import build
from staffopt.extract import decisions_of
from workforce_run import Case, alone, compare, first_goal, with_highs

# PuLP 3.3 warns of PuLP 4 in what its own tutorials write.
pytestmark = pytest.mark.filterwarnings("ignore:.*PuLP 4:DeprecationWarning")

NAME = "workforce, 10 teams × 12 months"


@pytest.fixture(scope="module")
def case():
    return Case.drawn((1, 10, 12), limit=60, gap=0)


@pytest.fixture(scope="module")
def program(case):
    return build(case.question)


@pytest.fixture(scope="module")
def worker():
    with Session("highs") as session:
        yield session


@pytest.fixture(scope="module")
def decisions(case, program, worker):
    values = first_goal(case, program, worker).values
    return decisions_of(case.question, program, values)


def test_all_tools_find_the_same_least_cost(case):
    came = compare(case)
    assert max(one.cost for one in came.values()) <= min(one.bound for one in came.values()) + 1


def test_build(timed, case):
    timed(NAME, "build", ENGINE, lambda: build(case.question))


def test_build_pulp(timed, case):
    timed(NAME, "build", HIGHS, lambda: pulp_workforce.write(case.tree))


def test_solve(timed, case, program, worker):
    timed(NAME, "solve", ENGINE, lambda: first_goal(case, program, worker))


def test_solve_pulp(timed, case):
    problem = pulp_workforce.write(case.tree).problem
    timed(NAME, "solve", HIGHS, lambda: problem.solve(with_highs(case)))


def test_solve_bare(timed, case, program):
    timed(NAME, "solve", BARE, lambda: alone(case, program))


def test_extract(timed, case, program, worker):
    values = first_goal(case, program, worker).values
    timed(NAME, "extract", ENGINE, lambda: decisions_of(case.question, program, values))


def test_verify(timed, case, decisions):
    timed(NAME, "verify", ENGINE, lambda: case.worth(decisions))
