"""PuLP's solvers: found by a word, believed by what decides, told apart where PuLP does not."""

from __future__ import annotations

import sys
from math import inf
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from programs import matrix

from staffopt.algebra.solution import Changes, Options, Why
from staffopt.backends import through_pulp
from staffopt.backends.held import hold
from staffopt.backends.session import Session
from staffopt.errors import BackendError, BackendMissing

LICENSED = str(Path(__file__).parent / "licensed.py")
# Social workers at 41,839 for 5.4 posts of need: 6 posts, 251,034.
PROGRAM = matrix([[1]], [(5.4, inf)], [(0, 20)], (0,))
COST = Changes(cost=np.array([41839.0]))
HELD = hold(None, PROGRAM, COST)


def licensed(end, **options):
    with Session("pulp:gurobi", command=[sys.executable, LICENSED, end]) as session:
        return session.solve(PROGRAM, COST, Options(**options))


def test_a_licensed_solver_that_pulp_finds_is_asked_for_a_gap_of_nothing_and_answers():
    solution = licensed("honest")
    assert (solution.why, solution.objective, solution.bound) == (Why.OPTIMAL, 251034, 251034)
    assert solution.backend.startswith("pulp:gurobi (GUROBI through PuLP ")


def test_an_incumbent_that_pulp_calls_optimal_is_no_optimum():
    # PuLP has status Optimal; only sol_status says that it is a plan and no more. Nothing else
    # says why it stopped: with no time limit set, that is a failure.
    assert licensed("incumbent").why is Why.FAILED
    limited = licensed("incumbent", time_limit=1e-4)
    assert (limited.why, limited.objective) == (Why.TIME_LIMIT, 251034)
    assert limited.bound is None


def test_undefined_is_not_infeasible():
    solution = licensed("undefined")
    assert (solution.why, solution.values) == (Why.FAILED, None)
    assert "status Undefined" in solution.message


def test_values_that_are_no_numbers_are_not_believed():
    solution = licensed("empty_handed")
    assert (solution.why, solution.values) == (Why.FAILED, None)


def test_a_licence_that_is_too_small_is_told_in_the_solver_s_words():
    solution = licensed("no_license")
    assert solution.why is Why.FAILED
    assert "size-limited license" in solution.message


def test_a_solver_that_pulp_does_not_find_is_named_with_those_that_it_finds():
    with pytest.raises(BackendMissing, match=r"no solver called gurobi; it finds: .*HiGHS"):
        through_pulp.find_solver("gurobi")
    with Session("pulp:gurobi") as session, pytest.raises(BackendError, match="pip install gurobi"):
        session.solve(PROGRAM, COST)


@pytest.mark.parametrize(
    ("word", "found"),
    [("highs", "HiGHS"), ("cbc", "PULP_CBC_CMD"), ("PULP_cbc_cmd", "PULP_CBC_CMD")],
)
def test_a_solver_is_found_by_its_name_or_by_a_word_of_it(word, found):
    assert through_pulp.find_solver(word) == found


@pytest.mark.parametrize(
    ("status", "sol_status", "why", "holds"),
    [
        (1, 1, Why.OPTIMAL, True),
        (1, 2, Why.TIME_LIMIT, True),
        (0, 2, Why.TIME_LIMIT, True),
        (0, 0, Why.TIME_LIMIT, False),
        (0, -1, Why.TIME_LIMIT, False),  # PuLP makes "no solution exists" of "not solved"
        (-1, -1, Why.INFEASIBLE, False),
        (-1, 0, Why.INFEASIBLE, False),
        (-2, -2, Why.UNBOUNDED, False),
        (-3, -1, Why.FAILED, False),
        (1, 0, Why.FAILED, False),
        (-1, 1, Why.FAILED, True),
    ],
)
def test_sol_status_decides_what_pulp_3_holds(status, sol_status, why, holds):
    problem = SimpleNamespace(status=status, sol_status=sol_status)
    verdict = through_pulp.read_verdict(problem, status)
    assert (verdict.why, verdict.holds, verdict.bound) == (why, holds, None)


def test_every_status_of_pulp_4_is_mapped():
    # pulp/constants.py of PuLP 4.2.0, class LpSolveStatus.
    assert set(through_pulp.STATUS_4) == {
        "NotSolved",
        "Optimal",
        "Infeasible",
        "Unbounded",
        "Undefined",
        "TimeLimit",
        "MemoryLimit",
        "NodeLimit",
        "GapLimit",
        "IterationLimit",
        "SolutionLimit",
        "Interrupted",
        "Stopped",
        "NumericalError",
    }


@pytest.mark.parametrize(
    ("name", "held", "why"),
    [
        ("Optimal", True, Why.OPTIMAL),
        ("TimeLimit", True, Why.TIME_LIMIT),
        ("TimeLimit", False, Why.TIME_LIMIT),
        ("Undefined", False, Why.INFEASIBLE_OR_UNBOUNDED),
        ("Infeasible", False, Why.INFEASIBLE),
        ("NumericalError", True, Why.FAILED),
        ("SomethingNew", True, Why.FAILED),
    ],
)
def test_pulp_4_tells_by_what_it_returns(name, held, why):
    stats = SimpleNamespace(
        has_solution=held, status=SimpleNamespace(name=name), best_bound=5.5 if held else None
    )
    verdict = through_pulp.read_verdict(None, stats)
    assert (verdict.why, verdict.holds) == (why, held)
    solution = through_pulp.read_solution(
        verdict, [SimpleNamespace(varValue=6.0)], HELD, Options(gap=0.5)
    )
    read = held and why is not Why.FAILED
    assert (solution.values is not None, solution.bound) == (read, 5.5 if read else None)


def test_what_pulp_holds_beside_infeasible_is_not_read():
    verdict = through_pulp.Verdict(Why.INFEASIBLE, holds=True, bound=3.0, words="")
    solution = through_pulp.read_solution(verdict, [SimpleNamespace(varValue=0.5)], HELD, Options())
    assert (solution.values, solution.objective, solution.bound) == (None, None, None)


def test_columns_have_names_that_pulp_leaves_as_they_are():
    problem, columns = through_pulp.write_problem(hold(None, PROGRAM, COST))
    assert [column.name for column in columns] == ["x0000000"]
    assert [variable.name for variable in problem.variables()] == ["x0000000"]
