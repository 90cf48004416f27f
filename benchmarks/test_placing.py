"""A service of 300 people placed, beside the plain program. The long run is placing_run.py."""

from __future__ import annotations

import json

import pytest

import placing
import plain_placing
import ratios
import staffopt as so
from staffopt.build import build
from staffopt.desk import Desk
from staffopt.instance.schema import Instance
from staffopt.library import models

pytestmark = pytest.mark.filterwarnings("ignore:.*PuLP 4.*:DeprecationWarning")

CASE = "300 people placed"


@pytest.fixture(scope="module")
def tree():
    return placing.council(300)


@pytest.fixture(scope="module")
def desk(tree):
    council = Instance.model_validate(json.loads(json.dumps(tree), parse_float=str))
    with Desk(council, models(), so.Request(cross_check=False, certify=False)) as desk:
        yield desk


def test_build(timed, desk):
    program = timed(CASE, "build", ratios.ENGINE, lambda: build(desk.question))
    assert program.matrix.integer.any()


def test_build_of_the_plain_program(timed, tree):
    stated = timed(CASE, "build", ratios.HIGHS, lambda: plain_placing.write(tree))
    assert stated.goals


def test_answer(timed, desk):
    plan = timed(CASE, "answer", ratios.ENGINE, desk.solve, once=True)
    assert plan.provenance.stopped == "proven"


def test_verify(timed, desk):
    plan = desk.solve()
    assert timed(CASE, "verify", ratios.ENGINE, lambda: so.verify(plan)).ok
