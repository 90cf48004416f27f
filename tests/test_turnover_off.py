"""How people come and go bears on nothing where no rule carries them forward."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import staffopt as so
from staffopt.algebra.program import Program
from staffopt.build import build
from staffopt.instance.schema import Instance
from staffopt.library import instances, models
from staffopt.rulebook import FLOWS, CarryStaffForward
from staffopt.settle import ask, unite
from staffopt.verifier import derive

TURNOVER = {"leavers": "0.2", "lead_time": 3, "ramp": ["0.5"], "absence": "0.1"}


def shipped() -> list[tuple[str, str]]:
    """Every option of every shipped instance whose model carries nobody forward."""
    return [
        (name, option)
        for name in instances()
        for option, record in so.load(name).options.items()
        if not any(CarryStaffForward.name in label for label in unite(record.model, models()).rules)
    ]


def with_turnover(council: Instance) -> Instance:
    tree: dict[str, Any] = council.model_dump(mode="json", exclude_unset=True)
    for role in tree["roles"].values():
        role["turnover"] = TURNOVER
    return Instance.model_validate(tree)


ARRAYS = (
    "indptr",
    "indices",
    "data",
    "row_lower",
    "row_upper",
    "col_lower",
    "col_upper",
    "integer",
)


def parts(program: Program) -> list[Any]:
    arrays = [getattr(program.matrix, name) for name in ARRAYS]
    return [*arrays, *(goal.vector for goal in program.goals)]


@pytest.mark.parametrize(("name", "option"), shipped())
def test_the_program_is_the_same_as_if_nothing_were_known_of_it(name, option):
    council = so.load(name)
    plain = ask(council, models(), option=option)
    own, told = build(plain), build(ask(with_turnover(council), models(), option=option))
    for one, other in zip(parts(own), parts(told), strict=True):
        assert np.array_equal(one, other)
    assert not {block.name for block in own.column_blocks} & set(FLOWS)


def test_a_plan_of_such_a_question_has_no_flows():
    plan = so.solve(so.load("tiny"), cross_check=False)
    assert plan.decisions.flows == ()
    assert plan.figures.flows == ()
    assert derive(plan.question, plan.decisions) == plan.figures
