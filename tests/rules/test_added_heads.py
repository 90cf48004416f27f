"""Set-up is bought as its heads come: no sooner, however prices rise and ceilings fall.

By hand: a worker who comes in 2026/27 costs £40,000 and £1,000 of set-up in that year.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from compiled import KEEP, ask, minimised, session
from staffopt.algebra.solution import Changes, Why
from staffopt.build import build
from staffopt.instance.staff import RoleKind
from staffopt.model.schema import Goal
from staffopt.rulebook import Require, StayWithinBudget

YEARS = {"calendar": {"start": "2025-04", "end": "2027-03", "periods": "financial_years"}}
COMES_LATE = [
    Require(
        label=f"{team} {year[:4]}",
        scope=team,
        role="worker",
        what="posts added",
        sense="exactly",
        fte=int((team, year) == ("north", "2026/27")),
        period=year,
    )
    for team in ("north", "south", "office")
    for year in ("2025/26", "2026/27")
]
WORKERS = (RoleKind.CASE_HOLDER,)
STAY = StayWithinBudget(label="stay")


def growth(second):
    pays = {"added_posts": ["all"]}
    ceiling = {"2025/26": 900000, "2026/27": second}
    return {"growth": {"name": "Growth", "pays_for": pays, "ceiling": ceiling}}


@pytest.mark.parametrize("kept", [[KEEP], []], ids=["posts stay", "posts may be cut"])
@pytest.mark.parametrize("pooling", ["pooled", "by_team"])
@pytest.mark.parametrize(("second", "allowed"), [(41000, True), (40999, False)])
def test_a_years_ceiling_holds_its_own_set_up(kept, pooling, second, allowed):
    roles = {"worker": {"set_up_heads": pooling}}
    tables = {"funds": growth(second), "roles": roles, **YEARS}
    asked = ask(STAY, *kept, *COMES_LATE, may_change=WORKERS, **tables)
    matrix = build(asked, exact=True).matrix.floating()
    found = session().solve(matrix, Changes(cost=np.zeros(matrix.columns))).why
    assert found is (Why.OPTIMAL if allowed else Why.INFEASIBLE)


@pytest.mark.parametrize("kept", [[KEEP], []], ids=["posts stay", "posts may be cut"])
def test_a_price_that_rises_is_paid_as_it_is_when_the_head_comes(kept):
    prices = {"base": "2025/26", "inflation": {"2026/27": 10}}
    goals = (Goal(minimise="cost"),)
    asked = ask(*kept, *COMES_LATE, goals=goals, prices=prices, may_change=WORKERS, **YEARS)
    outcome = minimised(asked)
    # 40,000 and 1,000 at 10% more; bought a year before it were 41,000 in all
    program = build(asked)
    cost = float(program.goals[0].vector.astype(float) @ outcome.values)
    assert round(cost + float(Fraction(program.goals[0].offset))) == 41100
