"""Every phase of an answer, on shipped and generated councils, beside PuLP and the bare solver.

PuLP is timed with CBC, which it carries, and with HiGHS in this process, which is the engine's own
solver, so that what differs is not the solver.

No time is asserted: a benchmark is read, not passed. What is asserted is that the tools compared
give the same cost.
"""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import highspy
import numpy as np
import pytest

import pulp_model
import staffopt as so
from ratios import BARE, CBC, ENGINE, HIGHS
from staffopt.algebra.solution import Changes, Options
from staffopt.backends.held import hold
from staffopt.backends.session import Session
from staffopt.backends.wire import read, read_solve, solve_frame, write
from staffopt.build import build
from staffopt.extract import decisions_of
from staffopt.request import Request
from staffopt.verifier import examine

# PuLP 3.3 warns of PuLP 4 in what its own tutorials write.
pytestmark = pytest.mark.filterwarnings("ignore:.*PuLP 4:DeprecationWarning")


LONG = ("40 teams, bands",)
"""Where a peer takes seconds or minutes for the worst caseload: it is asked once, or not at all."""


class Ready:
    """A case with every phase's input at hand."""

    def __init__(self, name, path, option, session):
        self.name, self.path, self.option, self.session = name, path, option, session
        self.instance = so.load(path)
        self.question = Request(option=option).question(self.instance, so.models())
        self.program = build(self.question)
        self.cost = self.program.goals[0].vector.astype(np.float64)
        self.offset = float(self.program.goals[0].offset)
        self.council = pulp_model.Council(path, option)
        self.solution = self.solve()
        self.decisions = self.extract()

    def passed(self):
        """What lies between a program and a solver but the pipe and the solver's own loading."""
        matrix, changes = self.program.matrix.floating(), Changes(cost=self.cost)
        stream = io.BytesIO()
        write(stream, solve_frame(1, matrix, changes, Options()))
        stream.seek(0)
        return hold(None, *read_solve(read(stream))[:2])

    def solve(self):
        """The first goal in a running worker, from a program that it has not seen."""
        return self.session.solve(self.program.matrix, Changes(cost=self.cost))

    def extract(self):
        return decisions_of(self.question, self.program, self.solution.values)


@pytest.fixture(scope="session")
def worker():
    with Session("highs") as session:
        yield session


@pytest.fixture(scope="session")
def ready(case, worker):
    return Ready(*case, worker)


@pytest.fixture(scope="session")
def desk(case, ready):
    with so.open(ready.instance, option=ready.option) as opened:
        opened.solve()
        yield opened


def test_read(timed, ready):
    timed(ready.name, "read", ENGINE, lambda: so.load(ready.path))


def test_read_pulp(timed, ready):
    timed(ready.name, "read", CBC, lambda: pulp_model.Council(ready.path, ready.option))


def test_build(timed, ready):
    asking = Request(option=ready.option)
    models = so.models()
    timed(ready.name, "build", ENGINE, lambda: build(asking.question(ready.instance, models)))


def test_build_pulp(timed, ready):
    timed(ready.name, "build", CBC, lambda: pulp_model.write(ready.council))


def test_pass(timed, ready):
    timed(ready.name, "pass", ENGINE, ready.passed)


def test_pass_pulp_cbc(timed, ready, tmp_path):
    problem = pulp_model.write(ready.council).problem
    timed(ready.name, "pass", CBC, lambda: problem.writeMPS(str(tmp_path / "problem.mps")))


def test_pass_pulp_highs(timed, ready):
    problem, solver = pulp_model.write(ready.council).problem, pulp_model.highs()

    def handed():
        solver.createAndConfigureSolver(problem)
        solver.buildSolverModel(problem)

    timed(ready.name, "pass", HIGHS, handed)


def test_pass_bare(timed, ready):
    matrix = ready.program.matrix.floating()
    timed(ready.name, "pass", BARE, lambda: handed_over(matrix, ready.cost))


def test_solve(timed, ready):
    timed(ready.name, "solve", ENGINE, ready.solve)


@pytest.mark.parametrize(("tool", "solver"), [(CBC, pulp_model.cbc), (HIGHS, pulp_model.highs)])
def test_solve_pulp(timed, ready, tool, solver):
    written = pulp_model.write(ready.council)
    cost = timed(ready.name, "solve", tool, lambda: pulp_model.minimise(written, solver()))
    assert cost == pytest.approx(ready.solution.objective + ready.offset, abs=0.01)


def test_solve_bare(timed, ready):
    matrix = ready.program.matrix.floating()
    objective = timed(ready.name, "solve", BARE, lambda: bare(matrix, ready.cost))
    assert objective == pytest.approx(ready.solution.objective, abs=0.01)


def handed_over(m, cost):
    """Hand the same arrays to HiGHS in this process, with its defaults but for gap and threads."""
    solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("threads", 1)
    bounds = cost, m.col_lower, m.col_upper, m.row_lower, m.row_upper
    starts, whole = m.indptr[:-1].astype(np.int32), m.integer.astype(np.int32)
    size = m.columns, m.rows, m.entries
    solver.passModel(*size, 1, 1, 0.0, *bounds, starts, m.indices, m.data, whole)
    return solver


def bare(m, cost):
    solver = handed_over(m, cost)
    solver.run()
    return solver.getObjectiveValue()


def test_extract(timed, ready):
    timed(ready.name, "extract", ENGINE, ready.extract)


def test_extract_pulp(timed, ready):
    written = pulp_model.write(ready.council)
    pulp_model.minimise(written, pulp_model.cbc())
    timed(ready.name, "extract", CBC, lambda: pulp_model.extract(written))


def test_verify(timed, ready):
    _, found = timed(ready.name, "verify", ENGINE, lambda: examine(ready.question, ready.decisions))
    assert not [finding for finding in found if finding.verdict == "broken"]


def test_answer(timed, ready, desk):
    """From a council to a verified plan: all goals, ties broken, proved best, warm workers."""
    plan = timed(ready.name, "answer", ENGINE, desk.solve)
    assert plan.grade in ("CERTIFIED", "CROSS-CHECKED")


@pytest.mark.parametrize(("tool", "solver"), [(CBC, pulp_model.cbc), (HIGHS, pulp_model.highs)])
def test_answer_pulp(timed, ready, desk, tool, solver):
    """From a council to figures: all goals in order, one solver, nothing verified."""

    def answer():
        written = pulp_model.write(ready.council)
        cost = pulp_model.minimise_in_order(written, solver())
        return cost, pulp_model.extract(written)

    long = ready.name in LONG
    if long and tool == CBC:
        pytest.skip("CBC takes minutes to push the worst caseload down")
    cost, _ = timed(ready.name, "answer", tool, answer, once=long)
    assert cost == pytest.approx(float(desk.solve().goals[0].value), abs=0.01)


def test_first_answer(timed, ready):
    """What a user waits for at a prompt: Python, imports, workers, and the answer as above."""
    option = ["--option", ready.option] if ready.option else []
    command = ["-m", "staffopt", "solve", str(ready.path), *option]
    timed(ready.name, "first answer", ENGINE, lambda: run(command))


def test_first_answer_pulp(timed, ready):
    if ready.name in LONG:
        pytest.skip("CBC takes minutes to push the worst caseload down")
    script = Path(pulp_model.__file__)
    command = [str(script), str(ready.path), *filter(None, [ready.option])]
    timed(ready.name, "first answer", CBC, lambda: run(command))


def run(command):
    subprocess.run([sys.executable, "-W", "ignore", *command], check=True, capture_output=True)  # noqa: S603 (our own commands)
