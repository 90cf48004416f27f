"""Every native status has a word of ours."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import highspy
import numpy as np
import pytest
from ortools.math_opt import result_pb2
from programs import UP, knapsacks, matrix

from staffopt.algebra.solution import Changes, Options, Why
from staffopt.backends import cbc, cpsat, highs, scip
from staffopt.backends.held import hold
from staffopt.errors import BackendError

HELD = hold(None, matrix([[1]], [(2, np.inf)], [UP], (0,)), Changes(cost=np.array([3.0])))


def test_every_status_of_highs_is_mapped():
    assert set(highs.STATUS) == set(highspy.HighsModelStatus.__members__.values())


def test_only_one_highs_status_but_an_empty_program_is_optimal():
    optimal = {status.name for status, why in highs.STATUS.items() if why is Why.OPTIMAL}
    assert optimal == {"kOptimal", "kModelEmpty"}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Infeasible - objective value 0.00000000", Why.INFEASIBLE),
        ("Integer infeasible - objective value 2.00000000", Why.INFEASIBLE),
        ("Unbounded - objective value 0.00000000", Why.UNBOUNDED),
        (
            "Stopped on time (no integer solution - continuous used) - objective value 6.0",
            Why.TIME_LIMIT,
        ),
        ("Stopped on difficulties - objective value 6.0", Why.FAILED),
        ("Splendid - objective value 6.0", Why.FAILED),
        ("", Why.FAILED),
    ],
)
def test_a_cbc_status_line_without_a_plan_yields_no_number(tmp_path: Path, line, why):
    (tmp_path / "solution.txt").write_text(line + "\n 0 x000000 2 3\n", encoding="utf-8")
    solution = cbc._read(tmp_path, HELD, cbc._Log(), 0)
    assert solution.why is why
    assert (solution.values, solution.objective) == (None, None)


@pytest.mark.parametrize(
    ("line", "why", "bound"),
    [
        ("Optimal - objective value 6.0", Why.OPTIMAL, 6),
        ("Optimal (within gap tolerance) - objective value 6.0", Why.OPTIMAL, 5.5),
        ("Stopped on time - objective value 6.0", Why.TIME_LIMIT, 5.5),
    ],
)
def test_a_cbc_status_line_with_a_plan_yields_it(tmp_path: Path, line, why, bound):
    (tmp_path / "solution.txt").write_text(line + "\n", encoding="utf-8")
    # One row, one column; objective, row activity, row dual, column value, reduced cost.
    raw = np.array([1, 1], np.int32).tobytes() + np.array([6, 2, 0, 2, 0], np.float64).tobytes()
    (tmp_path / "solution.bin").write_bytes(raw)
    log = cbc._Log()
    log.read("Cbc0005I Partial search - best objective 6 (best possible 5.5), took 9 iterations")
    solution = cbc._read(tmp_path, HELD, log, 0)
    assert (solution.why, solution.values.tolist(), solution.bound) == (why, [2], bound)
    assert solution.objective == 6


def test_a_cbc_that_ends_in_error_tells_its_last_lines(tmp_path: Path):
    log = cbc._Log()
    log.read("Coin0008I program read with 1 errors")
    solution = cbc._read(tmp_path, HELD, log, 3)
    assert solution.why is Why.FAILED
    assert "code 3" in solution.message
    assert "1 errors" in solution.message


def test_cbc_nodes_without_a_plan_give_a_bound_and_no_objective():
    log = cbc._Log()
    log.read(
        "Cbc0010I After 100 nodes, 8 on tree, 1e+50 best solution, best possible -42.5 (0.10 s)"
    )
    assert (log.objective, log.bound) == (None, -42.5)
    log.read("Cbc0012I Integer solution of -40 found by rounding after 3 iterations and 0 nodes")
    assert log.objective == -40


def test_highs_refuses_the_library_that_it_has_loaded_where_that_is_known_bad(monkeypatch):
    monkeypatch.setattr(highs, "known_bad", lambda name, version: f"{name} {version} is bad")
    with pytest.raises(BackendError, match=r"highs 1\.\S+ is bad"):
        highs.Highs()


def scip_result(status, *, point=None, bound=np.inf):
    result = result_pb2.SolveResultProto()
    result.gscip_output.status = scip.Native.Status.Value(status)
    result.termination.objective_bounds.dual_bound = bound
    result.termination.detail = "its own words"
    if point is not None:
        vector = result.solutions.add().primal_solution.variable_values
        vector.ids.append(0)
        vector.values.append(point)
    return result


def test_every_status_of_scip_is_mapped():
    assert set(scip.STATUS) == set(scip.Native.Status.values())


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("INFEASIBLE", Why.INFEASIBLE),
        ("UNBOUNDED", Why.UNBOUNDED),
        ("INF_OR_UNBD", Why.INFEASIBLE_OR_UNBOUNDED),
        ("TIME_LIMIT", Why.TIME_LIMIT),
        ("USER_INTERRUPT", Why.CANCELLED),
        ("OPTIMAL", Why.FAILED),
        ("MEM_LIMIT", Why.FAILED),
        ("UNKNOWN", Why.FAILED),
    ],
)
def test_a_scip_status_without_a_point_yields_none(status, why):
    solution = scip.read_result(scip_result(status, bound=2.5), HELD)
    assert solution.why is why
    assert (solution.values, solution.objective) == (None, None)
    stopped = why in (Why.TIME_LIMIT, Why.CANCELLED)
    assert solution.bound == (2.5 if stopped else None)
    assert bool(solution.message) is (why is Why.FAILED)


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("OPTIMAL", Why.OPTIMAL),
        ("GAP_LIMIT", Why.OPTIMAL),
        ("TIME_LIMIT", Why.TIME_LIMIT),
        ("USER_INTERRUPT", Why.CANCELLED),
    ],
)
def test_a_scip_status_with_a_point_yields_it(status, why):
    solution = scip.read_result(scip_result(status, point=2.0, bound=5.5), HELD)
    assert (solution.why, solution.values.tolist()) == (why, [2])
    assert (solution.objective, solution.bound) == (6, 5.5)  # 2 at 3 each


@pytest.mark.parametrize("status", ["INFEASIBLE", "UNBOUNDED", "INF_OR_UNBD", "UNKNOWN"])
def test_what_scip_holds_beside_such_a_status_is_not_read(status):
    solution = scip.read_result(scip_result(status, point=2.0), HELD)
    assert (solution.values, solution.objective, solution.bound) == (None, None, None)


def test_a_bound_read_from_scip_s_log_is_never_above_the_bound_that_was_printed():
    line = (
        "  0.1s|   100 |    51 |   340 |   2.4 |  1017k |   9 |  30 |  23 |  37 |   0 |  0 |  18 |"
        "   0 | 3.930700e+04 | 3.965600e+04 |   0.89%| unknown"
    )
    objective, bound = scip.read_line(line)
    assert objective == 39656
    assert 39306.9 < bound < 39307 - 0.03  # half of the last digit printed is 0.005
    assert scip.read_line(line.replace("3.965600e+04", "     --     ")) == (None, bound)
    assert scip.read_line("presolving:") == (None, None)


def test_what_scip_refuses_is_told_in_its_words(monkeypatch):
    monkeypatch.setattr(scip, "TOLERANCE", -1.0)
    solution = scip.Scip().solve(HELD.matrix, Changes(), Options(), lambda _: False)
    assert solution.why is Why.FAILED
    assert "numerics" in solution.message or "SCIPsetRealParam" in solution.message


def cpsat_response(status, *, point=(), bound=0.0):
    return SimpleNamespace(
        status=getattr(cpsat.Native, status),
        solution=list(point),
        best_objective_bound=bound,
        solution_info="its own words",
    )


def test_every_status_of_cpsat_is_mapped():
    assert set(cpsat.STATUS) == set(cpsat.Native.__members__.values())


@pytest.mark.parametrize(
    ("status", "stopped", "why"),
    [
        ("UNKNOWN", False, Why.TIME_LIMIT),
        ("UNKNOWN", True, Why.CANCELLED),
        ("INFEASIBLE", False, Why.INFEASIBLE),
        ("INFEASIBLE", True, Why.INFEASIBLE),
        ("MODEL_INVALID", False, Why.FAILED),
    ],
)
def test_what_cpsat_holds_beside_such_a_status_is_stale_and_not_read(status, stopped, why):
    response = cpsat_response(status, point=[2], bound=7.0)
    solution = cpsat.read_response(response, HELD, Fraction(1), stopped=stopped)
    assert (solution.why, solution.values, solution.objective) == (why, None, None)
    assert solution.bound is None  # CP-SAT says 0 where it knows none


@pytest.mark.parametrize(
    ("status", "stopped", "why"),
    [
        ("OPTIMAL", False, Why.OPTIMAL),
        ("FEASIBLE", False, Why.TIME_LIMIT),
        ("FEASIBLE", True, Why.CANCELLED),
    ],
)
def test_a_cpsat_status_with_a_point_yields_it_in_the_program_s_own_unit(status, stopped, why):
    response = cpsat_response(status, point=[2], bound=550.0)
    solution = cpsat.read_response(response, HELD, Fraction(1, 100), stopped=stopped)
    assert (solution.why, solution.values.tolist()) == (why, [2])
    assert (solution.objective, solution.bound) == (6, 5.5)  # 2 at 3 each; 550 hundredths


def test_a_stop_before_any_bound_leaves_none():
    # All costs are below 0, so the bound of 0 that CP-SAT gives here would be false.
    program, cost = knapsacks(exactly=True)
    solution = cpsat.CpSat().solve(program, Changes(cost=cost), Options(), lambda _: True)
    assert solution.why is Why.CANCELLED
    assert solution.bound is None or solution.bound <= -39000
