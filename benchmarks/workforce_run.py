"""Workforce plans of drawn councils beside the same in PuLP and in HiGHS alone, in one run.

    python benchmarks/workforce_run.py                                   # 10 teams × 12 months
    python benchmarks/workforce_run.py --teams 20 --months 36 --limit 60
    python benchmarks/workforce_run.py --councils 20 --teams 12 --months 36 --limit 200

Each is asked for the least cost within the gap, in one thread and within the limit, and takes its
turn in every round: build, solve (whatever passes the program on included), extract, verify. It
prints rows for docs/performance.md: medians over the rounds, of cost and bound the best.

"highspy alone" is given the engine's own matrix in this process; it builds and extracts nothing.
PuLP verifies nothing, so the engine's verifier works its plan out, too: that both state the same
question is asserted of every plan found, and that none is below what another proves.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

import highspy
import numpy as np
import pulp

import pulp_workforce
import staffopt as so
import workforce
from ratios import BARE, ENGINE, HIGHS
from staffopt.algebra.program import Program
from staffopt.algebra.solution import Changes, Options, Solution
from staffopt.backends.session import Session
from staffopt.build import build
from staffopt.extract import decisions_of
from staffopt.plan import Decisions, FlowDecision, Verdict
from staffopt.question import Question
from staffopt.request import Request
from staffopt.rulebook import JOIN
from staffopt.verifier import examine, goal_value

PHASES = ("build", "solve", "extract", "verify")
AGREEMENT = 1e-6
"""How closely a solver's sum must agree with the exact one, relative to its size."""


@dataclass
class Came:
    """What a tool came to: seconds by phase, one entry a round; its best cost and bound, pounds.

    ``no_plan`` is what it says of a plan that it has not.
    """

    tool: str = ""
    seconds: dict[str, list[float]] = field(default_factory=dict)
    cost: float | None = None
    bound: float | None = None
    no_plan: str = "no plan"

    def timed(self, phase: str, call: Callable[[], Any]) -> Any:
        """Time a call as a phase; return what it returns."""
        began = time.perf_counter()
        result = call()
        took = time.perf_counter() - began
        self.seconds.setdefault(phase, []).append(took)
        if self.tool:
            print(f"{self.tool}: {phase} {took:.2f} s", file=sys.stderr, flush=True)
        return result

    def found(self, cost: float | None, bound: float | None) -> None:
        """Keep the best of what was found and proven."""
        self.cost = min((x for x in (self.cost, cost) if x is not None), default=None)
        self.bound = max((x for x in (self.bound, bound) if x is not None), default=None)


@dataclass
class Case:
    """Drawn councils, their question, and how it is to be solved."""

    tree: dict[str, Any]
    question: Question
    limit: float
    gap: float

    @classmethod
    def drawn(
        cls, size: tuple[int, int, int], limit: float, gap: float, seed: int = workforce.SEED
    ) -> Case:
        """Draw councils: so many of so many teams over so many months."""
        count, teams, months = size
        return cls.of(workforce.councils(teams, months, count, seed), limit, gap)

    @classmethod
    def of(cls, tree: dict[str, Any], limit: float, gap: float) -> Case:
        """Read councils from a file, as any other instance is."""
        with tempfile.TemporaryDirectory() as folder:
            council = so.load(workforce.write(Path(folder), tree))
        return cls(tree, Request().question(council, so.models()), limit, gap)

    @property
    def options(self) -> Options:
        """The same options for every tool."""
        return Options(time_limit=self.limit, gap=self.gap, threads=1)

    def worth(self, decisions: Decisions) -> float:
        """Work out by the engine's verifier what decisions come to; they must hold."""
        figures, findings = examine(self.question, decisions)
        broken = [finding.words for finding in findings if finding.verdict is Verdict.BROKEN]
        assert not broken, broken
        return float(goal_value(self.question, figures, self.question.goals[0]))


def by_engine(case: Case, session: Session, came: Came) -> Program:
    """Build, solve in a running worker, extract and verify; return the program."""
    program = came.timed("build", lambda: build(case.question))
    held = came.timed("solve", lambda: first_goal(case, program, session))
    offset = float(program.goals[0].offset)
    cost, bound = (None if x is None else x + offset for x in (held.objective, held.bound))
    if held.values is not None:
        values = held.values
        decisions = came.timed("extract", lambda: decisions_of(case.question, program, values))
        refuse_dearer(came.timed("verify", lambda: case.worth(decisions)), cost)
    came.found(cost, bound)
    return program


def first_goal(case: Case, program: Program, session: Session) -> Solution:
    """Minimise the cost in a running worker."""
    changes = Changes(cost=program.goals[0].vector.astype(np.float64))
    return session.solve(program.matrix, changes, case.options)


def by_pulp(case: Case, came: Came) -> None:
    """Build and solve with HiGHS in this process, and extract."""
    written = came.timed("build", lambda: pulp_workforce.write(case.tree))
    came.timed("solve", lambda: written.problem.solve(with_highs(case)))
    if written.problem.status == pulp.LpStatusInfeasible:
        came.no_plan = "says there is none"  # HiGHS 1.13.1 does, of councils that have plans
        return
    status = written.problem.sol_status
    bound = written.problem.solverModel.getInfo().mip_dual_bound
    if status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        came.found(None, bound)
        return
    joins = came.timed("extract", lambda: pulp_workforce.extract(written))
    cost = written.problem.objective.value()
    refuse_dearer(case.worth(joining(case, joins)), cost)
    came.found(cost, bound)


def with_highs(case: Case) -> Any:
    """PuLP's solver that is HiGHS in this process."""
    return pulp.HiGHS(msg=False, timeLimit=case.limit, gapRel=case.gap, threads=1)


def by_highspy(case: Case, program: Program, came: Came) -> None:
    """Solve the engine's matrix with HiGHS in this process."""
    info, offset = came.timed("solve", lambda: alone(case, program)), float(program.goals[0].offset)
    has_plan = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    came.found(
        info.objective_function_value + offset if has_plan else None, info.mip_dual_bound + offset
    )


def alone(case: Case, program: Program) -> Any:
    """Hand the engine's matrix to HiGHS in one call, and solve; return what it knows at the end."""
    m, cost = program.matrix.floating(), program.goals[0].vector.astype(np.float64)
    solver = highspy.Highs()
    solver.silent()
    for name, value in (("mip_rel_gap", case.gap), ("threads", 1), ("time_limit", case.limit)):
        solver.setOptionValue(name, value)
    bounds = cost, m.col_lower, m.col_upper, m.row_lower, m.row_upper
    starts, whole = m.indptr[:-1].astype(np.int32), m.integer.astype(np.int32)
    size = m.columns, m.rows, m.entries
    solver.passModel(*size, 1, 1, 0.0, *bounds, starts, m.indices, m.data, whole)
    solver.run()
    return solver.getInfo()


def joining(case: Case, joins: dict[pulp_workforce.Cell, int]) -> Decisions:
    """Put PuLP's plan into the engine's words."""
    months = [period.label for period in case.question.instance.calendar.cut()]
    flows = (
        FlowDecision(kind=JOIN, fte=Fraction(fte), team=team, role=role, period=months[m])
        for (team, role, m), fte in sorted(joins.items())
    )
    return Decisions(flows=tuple(flows))


def compare(case: Case, rounds: int = 1) -> dict[str, Came]:
    """Ask every tool in turn, so many times; what they say must fit together."""
    came = {tool: Came(tool) for tool in (ENGINE, HIGHS, BARE)}
    with Session("highs") as session:
        _wake(session)
        for _ in range(rounds):
            program = by_engine(case, session, came[ENGINE])
            by_pulp(case, came[HIGHS])
            by_highspy(case, program, came[BARE])
    costs = [one.cost for one in came.values() if one.cost is not None]
    bounds = [one.bound for one in came.values() if one.bound is not None]
    assert not costs or min(costs) >= max(bounds) - AGREEMENT * abs(max(bounds))
    return came


def _wake(session: Session) -> None:
    """Let the worker import its solver before anything is timed."""
    by_engine(Case.drawn((1, 1, 6), limit=10, gap=0.01), session, Came())


def refuse_dearer(worth: float, cost: float | None) -> None:
    """Refuse a plan that costs more than the solver says.

    It may cost less: a point that is not proven the best may overstate what follows from its
    decisions, such as a band.
    """
    assert cost is not None
    assert worth <= cost + AGREEMENT * abs(cost)


def rows(came: dict[str, Came]) -> Iterator[str]:
    """Lay out what was measured."""
    heads = *(f"{phase}, s" for phase in PHASES), "cost, £", "none below, £", "gap"
    yield f"| | {' | '.join(heads)} |"
    yield f"|---|{'--:|' * len(heads)}"
    for tool, one in came.items():
        cells = [_seconds(one.seconds.get(phase)) for phase in PHASES]
        cost = one.no_plan if one.cost is None else f"{one.cost:,.0f}"
        known = one.cost is not None and one.bound is not None
        gap = f"{(one.cost - one.bound) / one.cost:.2%}" if known else "–"  # type: ignore[operator]
        bound = "–" if one.bound is None else f"{one.bound:,.0f}"
        yield f"| {tool} | {' | '.join((*cells, cost, bound, gap))} |"


def _seconds(times: list[float] | None) -> str:
    return "–" if times is None else f"{median(times):.2f}"


def main() -> None:
    """Measure one size."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--councils", type=int, default=1)
    asked.add_argument("--teams", type=int, default=10)
    asked.add_argument("--months", type=int, default=12)
    asked.add_argument("--limit", type=float, default=60)
    asked.add_argument("--gap", type=float, default=0.01)
    asked.add_argument("--rounds", type=int, default=1)
    asked.add_argument("--seed", type=int, default=workforce.SEED)
    given = asked.parse_args()
    size = given.councils, given.teams, given.months
    case = Case.drawn(size, given.limit, given.gap, given.seed)
    of = "" if given.councils == 1 else f"{given.councils} councils of "
    print(f"{of}{given.teams} teams × {given.months} months, within {given.gap:.1%} or ", end="")
    print(f"{given.limit:g} s, {given.rounds} rounds, {platform.machine()}\n")
    for row in rows(compare(case, given.rounds)):
        print(row)


if __name__ == "__main__":
    main()
