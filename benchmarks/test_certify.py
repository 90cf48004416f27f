"""What a proof costs beside the solve: a group a case, so that each multiple is of the other.

The cheapest mix is hard to prove: on 20 teams the work allowed unasked runs out, and what is timed
is how long that takes.
"""

from __future__ import annotations

import time

import pytest

import councils
import staffopt as so
from staffopt.algebra.lexicographic import Lexicographic
from staffopt.algebra.solution import Options
from staffopt.backends.session import Session, ignore
from staffopt.build import build
from staffopt.certificates import WORK, certify
from staffopt.certify.checker import check
from staffopt.claims import exact_answer
from staffopt.request import Request

CASES = [
    ("nottinghamshire-2018", "recommended"),
    ("nottinghamshire-2018", "best-mix"),
    *((teams, option) for teams in (10, 20, 40) for option in ("ratio", "mix")),
]
HARD = (40, "mix")
"""Not solved in minutes, so there is nothing to prove."""


class Solved:
    """A question solved in a running worker, ready to be proved."""

    def __init__(self, name, option, folder, session):
        council = so.load(name if isinstance(name, str) else councils.write(folder, name))
        self.question = Request(option=option).question(council, so.models())
        self.program = build(self.question)
        self.session = session
        self.first = exact_answer(self.question, self.program, self.solve())

    def solve(self):
        goals = [0.0] * len(self.program.goals)
        began = time.monotonic()
        run = Lexicographic(
            self.program, self.session.solve, Options(), goals, lambda: time.monotonic() - began
        )
        return run.run(lambda *_: ignore)

    def prove(self):
        return certify(
            self.question,
            self.program,
            self.first,
            self.session,
            work=WORK,
            watch=ignore,
            limit=None,
        )


@pytest.fixture(scope="module")
def session():
    with Session("highs") as opened:
        yield opened


@pytest.fixture(
    scope="module",
    params=[case for case in CASES if case != HARD],
    ids=lambda case: f"{case[0]} {case[1]}",
)
def solved(request, session, tmp_path_factory):
    name, option = request.param
    return f"{name} {option}", Solved(name, option, tmp_path_factory.mktemp("councils"), session)


def test_solve_every_goal(benchmark, solved):
    name, ready = solved
    benchmark.group = f"{name}: proof beside solve"
    benchmark.pedantic(ready.solve, rounds=3, warmup_rounds=0)


def test_prove_every_goal(benchmark, solved):
    name, ready = solved
    benchmark.group = f"{name}: proof beside solve"
    proof = benchmark.pedantic(ready.prove, rounds=3, warmup_rounds=1)
    assert proof.contradicted is None
    benchmark.extra_info["proved"] = sorted(proof.bounds)


def test_check_again(benchmark, solved):
    name, ready = solved
    certificate = ready.prove().certificate
    benchmark.group = f"{name}: proof beside solve"
    assert benchmark.pedantic(check, (certificate,), rounds=3)
