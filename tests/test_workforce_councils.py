"""The drawn councils of the workforce benchmarks: near the census, and hard in the way they say.

Expected figures are worked out from the Department for Education's *Children's social work
workforce*, reporting year 2025, indicators by local authority (FTE): quartiles over the 147
authorities that report, without the Isles of Scilly and the City of London; and England's own row.
The generator draws from deciles, which these are no part of.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import product
from math import sqrt
from random import Random

import pytest

import staffopt as so
import workforce
from staffopt.algebra.solution import Why
from staffopt.backends.session import Session
from staffopt.build import build
from staffopt.extract import decisions_of
from staffopt.plan import Decisions, FlowDecision, Verdict
from staffopt.rulebook import Denominator
from staffopt.verifier import examine, goal_value
from workforce_run import Case, first_goal

QUARTILES = {
    "caseload_fte": (14.1, 15.2, 16.8),
    "vacancy_rate_fte": (7.75, 14.4, 20.3),
    "turnover_rate_fte": (9.5, 11.8, 15.3),
    "absence_rate_fte": (2.7, 3.6, 4.3),
}
DRAWS = 4000


@pytest.mark.parametrize("column", QUARTILES)
def test_what_councils_report_is_spread_as_in_the_census(column):
    rng = Random("quartiles")
    drawn = [workforce.measure(column, rng) for _ in range(DRAWS)]
    for share, quartile in zip((0.25, 0.5, 0.75), QUARTILES[column], strict=True):
        below = sum(figure < quartile for figure in drawn) / DRAWS
        # Four standard errors of a share of 4,000 draws: 4 × √(0.25 ÷ 4000) = 0.032; and a tenth
        # of the authorities lies between two deciles, where a straight line is not their own.
        assert below == pytest.approx(share, abs=4 * sqrt(share * (1 - share) / DRAWS) + 0.01)


def test_every_council_has_the_caseload_and_the_turnover_that_it_reports():
    tree = workforce.councils(teams=6, months=12, count=200)
    cases, people = Counter(), Counter()
    for team in tree["teams"].values():
        cases[team["area"]] += team["cases"]
        people[team["area"]] += sum(team["people"].values())
    leavers = [
        100 * role["turnover"]["leavers"]
        for name, role in tree["roles"].items()
        if name.startswith("worker")
    ]
    for drawn, column in (
        ([cases[area] / people[area] for area in cases], "caseload_fte"),
        (leavers, "turnover_rate_fte"),
    ):
        for share, quartile in zip((0.25, 0.5, 0.75), QUARTILES[column], strict=True):
            below = sum(figure < quartile for figure in drawn) / len(drawn)
            # 200 draws: 4 × √(0.25 ÷ 200) = 0.14 at the median
            assert below == pytest.approx(share, abs=4 * sqrt(share * (1 - share) / 200) + 0.01)


def test_posts_are_vacant_as_often_as_in_the_census():
    tree = workforce.councils(teams=12, months=12, count=200)
    posts, people = Counter(), Counter()
    for team in tree["teams"].values():
        posts[team["area"]] += sum(team["posts"].values())
        people[team["area"]] += sum(team["people"].values())
    rates = [100 * (1 - people[area] / posts[area]) for area in posts]
    # The mean over the 147 authorities is 15.0%. Rates differ by 9 points or so (a quarter are
    # below 7.75%, a quarter above 20.3%), and by 3.4 more by chance, since 12 teams have some 114
    # posts: 4 × √(9² + 3.4²) ÷ √200 = 2.7.
    assert sum(rates) / len(rates) == pytest.approx(15.0, abs=2.7)


def test_the_same_seed_draws_the_same_councils_and_another_draws_others():
    first = workforce.councils(4, 12, 2, seed=1)
    assert workforce.councils(4, 12, 2, seed=1) == first
    assert workforce.councils(4, 12, 2, seed=2)["teams"] != first["teams"]


def test_drawn_councils_pass_every_check(tmp_path):
    path = workforce.write(tmp_path, workforce.councils(3, 12, 2))
    assert [str(fault) for fault in so.check(path) if not fault.warning] == []


@pytest.fixture(scope="module")
def ten_by_twelve():
    """The plan of the least benchmark, cost alone, and what it comes to."""
    return Least(workforce.councils(teams=10, months=12))


class Least:
    """The least cost of drawn councils, proven, and the plan that has it."""

    def __init__(self, tree):
        self.case = Case.of(tree, limit=60, gap=0)
        program = build(self.case.question)
        with Session("highs", "inline") as session:
            held = first_goal(self.case, program, session)
        assert held.why is Why.OPTIMAL
        self.decisions = decisions_of(self.case.question, program, held.values)
        self.cost = self.case.worth(self.decisions)

    def of(self, **changes):
        tree = {**self.case.tree, **changes}
        return Least(tree).cost


def test_at_least_three_bands_have_teams_in_one_month(ten_by_twelve):
    figures, _ = examine(ten_by_twelve.case.question, ten_by_twelve.decisions)
    used = {}
    for figure in figures.caseloads:
        adjusted = figure.denominator is Denominator.ADJUSTED
        if adjusted and figure.of in ten_by_twelve.case.tree["teams"] and figure.period != "today":
            used.setdefault(figure.period, set()).add(figure.band)
    assert min(len(bands) for bands in used.values()) >= 3


def test_more_money_alone_and_more_recruits_alone_would_each_buy_a_better_plan(ten_by_twelve):
    tree = ten_by_twelve.case.tree
    richer = {name: {**fund, "ceiling": "unlimited"} for name, fund in tree["funds"].items()}
    more = {"limit": "unlimited", "per": "period"}
    known = {**tree["standards"], "limit_recruitment": more}
    assert ten_by_twelve.of(funds=richer) < ten_by_twelve.cost - 1
    assert ten_by_twelve.of(standards=known) < ten_by_twelve.cost - 1


def test_councils_share_one_pool_of_recruits():
    together = Least(workforce.councils(teams=3, months=9, count=3))
    joined = Counter()
    for flow in together.decisions.flows:
        joined[flow.period] += flow.fte
    assert max(joined.values()) == together.case.tree["standards"]["limit_recruitment"]["limit"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_plan_of_two_teams_over_six_months_costs_less(seed):
    """Every way to recruit nobody or one in each month that anybody can start in, worked out."""
    least = Least(workforce.councils(teams=2, months=6, seed=seed))
    question = least.case.question
    assert least.case.tree["standards"]["limit_recruitment"]["limit"] == 1
    teams = list(least.case.tree["teams"])
    workers = [None, *((team, "worker-01") for team in teams)]  # three months to find one
    september = [*workers, *((team, "new-01") for team in teams)]
    costs = []
    for plan in product(workers, workers, september):
        months = zip(("2026-07", "2026-08", "2026-09"), plan, strict=True)
        flows = tuple(
            FlowDecision(kind="join", team=who[0], role=who[1], period=month, fte=Fraction(1))
            for month, who in months
            if who is not None
        )
        figures, findings = examine(question, Decisions(flows=flows))
        if not [finding for finding in findings if finding.verdict is Verdict.BROKEN]:
            costs.append(goal_value(question, figures, question.goals[0]))
    assert len(costs) > 1
    assert least.cost == pytest.approx(float(min(costs)), abs=0.01)
