"""A program written to a file has the same optimum when another solver reads it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from fractions import Fraction
from importlib.util import find_spec
from math import inf
from random import Random

import highspy
import numpy as np
import pulp
import pytest

import staffopt as so
from shipped import OPTIONS
from staffopt.algebra.program import Matrix
from staffopt.algebra.solution import Changes, Options, Why
from staffopt.backends.binary import find_cbc
from staffopt.backends.lp import lp_lines
from staffopt.backends.mps import Names, mps_lines
from staffopt.backends.session import Session, ignore
from staffopt.program_file import legal, with_constant

FORMATS = ["mps", "lp"]
DRAWN = range(60)
EDGES = [(0, inf), (0, 1), (-inf, inf), (-inf, -1.5), (-inf, 4), (-3, -3), (2, inf), (-2, 3.5)]


def drawn(seed):
    """Draw a bounded program with every kind of bound and row, some columns whole."""
    rng = Random(seed)
    columns, rows = rng.randint(2, 6), rng.randint(1, 5)
    a = np.array(
        [[rng.choice([0, 0, 1, -1, 2.5, 1 / 3]) for _ in range(columns)] for _ in range(rows)]
    )
    a[0] = 0  # a row that holds nothing
    at = np.array([rng.choice([-3.0, -1.5, 0.0, 1.0, 2.0]) for _ in range(columns)])
    bounds = [rng.choice([e for e in EDGES if e[0] <= x <= e[1]]) for x in at]
    sides = [
        rng.choice([(-inf, y + 2), (y - 1, inf), (y - 1, y + 3), (y, y), (-inf, inf)])
        for y in a @ at
    ]
    a = np.vstack([a, np.eye(columns)])  # so that nothing is without an end
    sides += [(-30, 30)] * columns
    where, entry = np.nonzero(a.T)
    matrix = Matrix(
        indptr=np.searchsorted(where, np.arange(columns + 1)).astype(np.int64),
        indices=entry.astype(np.int32),
        data=a.T[where, entry],
        row_lower=np.array([low for low, _ in sides], dtype=float),
        row_upper=np.array([high for _, high in sides], dtype=float),
        col_lower=np.array([low for low, _ in bounds], dtype=float),
        col_upper=np.array([high for _, high in bounds], dtype=float),
        integer=np.array([rng.random() < 0.5 and x == round(x) for x in at]),
    )
    return matrix, np.array([rng.choice([-2.0, 0.0, 1.0, 0.1]) for _ in range(columns)])


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Write every option's goals and every drawn program: {format: {file: what it comes to}}."""
    folder = tmp_path_factory.mktemp("programs")
    written = {name: {} for name in FORMATS}
    for number, (name, option) in enumerate(OPTIONS):
        council = so.load(name)
        plan = so.solve(council, option=option, cross_check=False, isolation="inline")
        for goal, reached in enumerate(plan.goals, 1):
            value = reached.value
            if reached.minimise in ("worst_caseload", "worst_uncovered"):
                value = -1 / value if value else Fraction(0)
            for kind in FORMATS:
                path = folder / f"option{number}-{goal}.{kind}"
                asked = {"option": option, "isolation": "inline"}
                path.write_text(so.export(council, format=kind, goal=goal, **asked), "ascii")
                written[kind][path] = float(value)
    with Session("highs", isolation="inline") as session:
        for seed in DRAWN:
            matrix, cost = drawn(seed)
            solution = session.solve(matrix, Changes(cost), Options(), ignore)
            assert solution.why in (Why.OPTIMAL, Why.INFEASIBLE)
            constant = (0.0, 7.5, -2.25)[seed % 3]
            names = Names(
                [f"x{j}" for j in range(matrix.columns)], [f"r{i}" for i in range(matrix.rows)]
            )
            wider, costs, names = with_constant(matrix, cost, names, constant)
            for kind, lines in (("mps", mps_lines), ("lp", lp_lines)):
                path = folder / f"drawn{seed}.{kind}"
                path.write_text("\n".join(lines(wider, costs, names)) + "\n", "ascii")
                best = solution.objective
                written[kind][path] = None if best is None else best + constant
    return written


def by_highs(paths):
    for path in paths:
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("mip_rel_gap", 0.0)
        assert highs.readModel(str(path)) == highspy.HighsStatus.kOk, path
        highs.run()
        best = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        yield highs.getInfo().objective_function_value if best else None


def by_cbc(paths):
    for path in paths:
        answer = path.with_suffix(".txt")
        options = ["-preprocess", "off", "-ratio", "0", "-allow", "0"]
        command = [find_cbc(), str(path), *options, "-solve", "-solution", str(answer)]
        subprocess.run(command, capture_output=True, check=True)
        first = answer.read_text(encoding="utf-8").splitlines()[0]
        found = re.match(r"Optimal - objective value (\S+)", first)
        assert found or "nfeasible" in first, (path, first)
        yield float(found[1]) if found else None


SCIP = """
import json, sys
from ortools.linear_solver.python import model_builder
answers = []
for path in json.load(sys.stdin):
    model = model_builder.Model()
    assert model.import_from_mps_file(path), path
    solver = model_builder.Solver("scip")
    best = solver.solve(model) == model_builder.SolveStatus.OPTIMAL
    answers.append(solver.objective_value if best else None)
json.dump(answers, sys.stdout)
"""


def by_scip(paths):
    command = [sys.executable, "-c", SCIP]
    given = json.dumps([str(path) for path in paths])
    done = subprocess.run(command, input=given, capture_output=True, check=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def by_pulp(paths):
    for path in paths:
        _, problem = pulp.LpProblem.fromMPS(str(path))
        options = ["-preprocess off"]
        problem.solve(pulp.COIN_CMD(path=str(find_cbc()), msg=False, options=options, gapRel=0))
        best = problem.status == pulp.LpStatusOptimal
        yield pulp.value(problem.objective) if best else None


READERS = {"highs": by_highs, "cbc": by_cbc, "scip": by_scip, "pulp": by_pulp}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("reader", READERS)
def test_another_reader_comes_to_the_same_optimum(reader, kind, files):
    if kind == "lp" and reader in ("scip", "pulp"):
        pytest.skip("PuLP reads no LP files, and what ortools calls LP is the format of lp_solve")
    if reader in ("cbc", "pulp") and find_cbc() is None:
        pytest.skip("this machine has no CBC")
    if reader == "scip" and find_spec("ortools") is None:
        pytest.skip("ortools is not installed")
    expected = {
        path: value
        for path, value in files[kind].items()
        if reader != "pulp" or "RANGES" not in path.read_text("ascii")  # PuLP knows no such section
    }
    found = dict(zip(expected, READERS[reader](list(expected)), strict=True))
    differing = {
        path.name: (found[path], value)
        for path, value in expected.items()
        if found[path] != (None if value is None else pytest.approx(value, rel=1e-6, abs=1e-6))
    }
    assert differing == {}


def test_names_are_legal_in_both_formats_and_never_alike():
    labels = [
        "change[team-a,swso,2026/27]",
        "change[team_a,swso,2026/27]",
        "change[Team A,swso,2026/27]",
        "Kümmerer [Ärzte]",
        "社工",
        "e1",
        "1st",
        ".5",
        "free",
        "End",
        "cost",
        "x" * 300 + "1",
        "x" * 300 + "2",
        "a" + "." * 3 + "upper",
        "",
    ]
    names = list(legal(labels))
    assert names[:3] == [
        "change.team_a.swso.2026_27",
        "change.team_a.swso.2026_27..2",
        "change.Team_A.swso.2026_27..3",
    ]
    assert names[3:11] == [
        "Kummerer_.Arzte",
        "u793eu5de5",
        "_e1",
        "_1st",
        "_.5",
        "_free",
        "_End",
        "cost..2",
    ]
    assert names[13] == "a.upper"
    assert len({name.lower() for name in names}) == len(labels)
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]{0,109}", name) for name in names)


def test_a_name_that_a_number_would_make_is_not_given_twice():
    assert len(set(legal(["a b", "a_b", "a-b", "a_b..2", "a_b..3"]))) == 5


def test_a_file_says_what_its_names_stand_for_and_which_goal_it_asks():
    text = so.export(
        so.load("tiny"), option="support-officers", format="lp", goal=2, isolation="inline"
    )
    comments = [line[2:] for line in text.splitlines() if line.startswith("\\")]
    assert comments[0] == "tiny, support-officers"
    assert comments[2:4] == [
        "Goal 1, held: full_year_cost, pounds a year",
        "Goal 2, the objective: change_from_today, FTE",
    ]
    # 2026-10 to 2028-03 in one period; half officers
    label = "change[north,support_officer,2026-10 to 2028-03]"
    name = "change.north.support_officer.2026_10_to_2028_03"
    assert f"  {name} = {label}, FTE, in steps of 0.5" in comments


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_is_ascii_in_lines_that_every_reader_takes(kind):
    text = so.export(so.load("nottinghamshire-2018"), option="best-mix", format=kind)
    assert text.isascii()
    assert max(map(len, text.splitlines())) < 560


def test_faults_of_what_is_asked_are_told():
    council = so.load("tiny")
    with pytest.raises(so.InputError, match="there is no goal 3; the model has 2"):
        so.export(council, option="support-officers", goal=3)
    with pytest.raises(so.InputError, match="'xls' is no format"):
        so.export(council, format="xls")


def test_an_earlier_goal_that_cannot_be_reached_is_told():
    poor = so.load("tiny").where({"funds.growth.ceiling": 1})
    with pytest.raises(so.Infeasible):
        so.export(poor, option="support-officers", goal=2, isolation="inline")
