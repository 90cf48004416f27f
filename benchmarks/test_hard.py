"""Hard questions with a time limit: what each tool finds and proves of the same least cost.

No plan that any of them finds may be below what another proves: that is all that is asserted.
"""

from __future__ import annotations

import time

import pulp
import pytest

import councils
import pulp_model
import staffopt as so
from ratios import BARE, CBC, ENGINE, HIGHS, Found
from staffopt.algebra.solution import Changes, Options
from staffopt.backends.session import Session
from staffopt.build import build
from staffopt.request import Request
from test_shipped import handed_over

pytestmark = pytest.mark.filterwarnings("ignore:.*PuLP 4:DeprecationWarning")

CASES = [(teams, option) for teams in (20, 40) for option in ("mix", "grant")]
ROOM = 1.0
"""Pounds by which floats may differ."""


@pytest.mark.parametrize(("teams", "option"), CASES)
def test_no_tool_finds_less_than_another_proves(teams, option, request, found, tmp_path):
    limit = request.config.getoption("seconds")
    if request.config.getoption("benchmark_disable"):
        limit = min(limit, 1.0)
    path = councils.write(tmp_path, teams)
    program = build(Request(option=option).question(so.load(path), so.models()))
    council = pulp_model.Council(path, option)
    tools = {
        ENGINE: lambda: by_engine(program, limit),
        CBC: lambda: by_cbc(council, limit),
        HIGHS: lambda: by_highs(council, limit),
        BARE: lambda: by_highspy(program, limit),
    }
    came = {tool: clocked(solve) for tool, solve in tools.items()}
    found.update({(f"{teams} teams, {option}", tool): figures for tool, figures in came.items()})
    costs = [figures.cost for figures in came.values() if figures.cost is not None]
    bounds = [figures.bound for figures in came.values() if figures.bound is not None]
    assert min(costs) >= max(bounds) - ROOM


def clocked(solve):
    began = time.perf_counter()
    cost, bound = solve()
    return Found(time.perf_counter() - began, cost, bound)


def by_engine(program, limit):
    goal = program.goals[0]
    offset = float(goal.offset)
    with Session("highs") as session:
        changes = Changes(cost=goal.vector.astype(float))
        held = session.solve(program.matrix, changes, Options(time_limit=limit))
    return tuple(None if x is None else x + offset for x in (held.objective, held.bound))


def by_cbc(council, limit):
    """CBC through PuLP tells no bound."""
    written = pulp_model.write(council)
    cost = pulp_model.minimise(written, pulp_model.cbc(limit))
    found = written.problem.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
    return (cost if found else None), None


def by_highs(council, limit):
    written = pulp_model.write(council)
    cost = pulp_model.minimise(written, pulp_model.highs(limit))
    found = written.problem.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
    return (cost if found else None), written.problem.solverModel.getInfo().mip_dual_bound


def by_highspy(program, limit):
    goal = program.goals[0]
    solver = handed_over(program.matrix.floating(), goal.vector.astype(float))
    solver.setOptionValue("time_limit", limit)
    solver.run()
    info, offset = solver.getInfo(), float(goal.offset)
    return info.objective_function_value + offset, info.mip_dual_bound + offset
