"""What rounding posts on no step does to a point, seen on rows before a plan is made."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import staffopt as so
from compiled import ask
from staffopt import attempt
from staffopt.build import build
from staffopt.extract import breaks_rows
from staffopt.rulebook import LimitRecruitment

LOOSE = {"step": 0, "set_up": "none"}
NO_STEP = {
    "roles": {
        "worker": LOOSE,
        "officer": {"step": 0},
        "lead": {"step": 0},
    }
}


def limited(limit: str):
    """A program under which so many workers may be added in all, and a point of it with none."""
    question = ask(LimitRecruitment(staff="case_holder", limit=limit), **NO_STEP)
    program = build(question, exact=True)
    block = next(block for block in program.column_blocks if block.name == "change")
    teams = [program.column_label(i) for i in range(block.start, block.stop)]
    columns = [block.start + i for i, label in enumerate(teams) if "worker" in label]
    return program, columns, np.zeros(program.matrix.columns)


def test_a_point_whose_rounding_breaks_a_row_on_decisions_alone_is_told():
    program, columns, point = limited("0.0001")
    # 0.00005 each are 0.0001 in all, and 0.00006 round up to 0.0001 each: 0.0002 in all.
    point[columns[:2]] = 0.00006
    assert breaks_rows(program, program.matrix.floating(), point)


def test_a_point_that_is_written_down_already_breaks_nothing():
    program, columns, point = limited("0.0001")
    point[columns[0]] = 0.0001
    assert not breaks_rows(program, program.matrix.floating(), point)


def test_a_patched_matrix_has_the_floats_of_its_own_bounds():
    program, _, _ = limited("2")
    matrix = program.matrix
    matrix.floating()
    lower = matrix.row_lower.copy()
    lower[0] = Fraction(1, 3)
    changed = matrix.with_rows(lower, matrix.row_upper)
    assert changed.floating().row_lower[0] == 1 / 3
    assert changed.floating().data.tolist() == [float(entry) for entry in changed.data]
    with pytest.raises(ValueError, match="read-only"):
        changed.floating().row_lower[0] = 0


def test_a_plan_whose_rounding_breaks_a_ceiling_is_rounded_with_room_and_examined_once(monkeypatch):
    # £50,003.50 buy 1.2500875 posts of £40,000 a year: 1.2501 are 50 pence too dear.
    examined, again = [], []
    own, own_again = attempt.exact_answer, attempt.Attempt._again
    monkeypatch.setattr(attempt, "exact_answer", lambda *a: examined.append(1) or own(*a))
    monkeypatch.setattr(attempt.Attempt, "_again", lambda *a: again.append(1) or own_again(*a))
    roles = ("social_worker", "support_officer")
    loose = {f"roles.{role}.{key}": value for role in roles for key, value in LOOSE.items()}
    council = so.load("tiny").where({**loose, "funds.growth.ceiling": "50003.50"})
    goals = [{"minimise": "worst_caseload"}]
    plan = so.solve(
        council,
        model="caseload-target",
        overrides={"standards.keep_average_caseload": "off", "model.goals": goals},
        isolation="inline",
        certify=False,
        cross_check=False,
        unique=False,
    )
    assert so.verify(plan).ok
    assert (len(again), len(examined)) == (1, 1)


def test_what_is_rounded_with_room_is_as_good_in_every_goal_as_rounding_lets_it_be():
    # North's 5 workers take 5 ÷ 6 = 0.83333… officers at £24,000 a year: 0.8334, for £20,001.60.
    # No rule can be missed, so the first goal is nought whatever is decided.
    changes = {
        "roles.support_officer.step": 0,
        "standards.keep_support_ratio.ratio": 6,
        "model.goals": [{"minimise": "penalty"}, {"minimise": "full_year_cost"}],
    }
    plan = so.solve(so.load("tiny"), overrides=changes, isolation="inline")
    assert [goal.value for goal in plan.goals] == [0, Fraction("20001.6")]
    assert plan.grade == "CERTIFIED"
