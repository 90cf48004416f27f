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
from staffopt.rulebook import KeepAverageCaseload, KeepSupportRatio, Require, StayWithinBudget

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


@pytest.mark.parametrize("pooling", ["pooled", "by_team"])
def test_many_may_be_set_up_in_a_team_that_holds_no_cases(pooling):
    # 5,000 workers, one officer to 10 of them, all in the office: 500
    own = {"teams": ["office"], "step": 1, "cost": 1, "set_up": 1, "set_up_heads": pooling}
    teams = {"north": {"posts": {"worker": 4996, "officer": 0}, "cases": 100}}
    ratio = KeepSupportRatio(label="ratio", ratio=10, each="scope")
    kinds, goals = (RoleKind.SUPPORT,), (Goal(minimise="change_from_today"),)
    tables = {"roles": {"officer": own}, "teams": teams, "funds": growth(9000), **YEARS}
    asked = ask(STAY, ratio, goals=goals, may_change=kinds, **tables)
    assert minimised(asked).reached[0].value == 500 * 2  # in either year


def test_the_program_of_heads_follows_no_cases():
    # The most that a role may come to stands in rows that are not written again for other cases.
    tables = {"roles": {"worker": {"set_up_heads": "by_team"}}, "funds": growth(0), **YEARS}
    average = KeepAverageCaseload(label="average", target=20)
    one, other = (
        build(ask(STAY, average, may_change=WORKERS, teams=teams, **tables), exact=True)
        for teams in ({"north": {"cases": cases}} for cases in (100, 10_000))
    )
    assert (one.matrix.data == other.matrix.data).all()
