"""Rises, on-costs, supplements and bases of cost in the ledger, row by row.

The tiny council plans October 2024 to March 2026: 6 months of 2024/25, 12 of 2025/26. A worker
costs £40,000 a year, an officer £24,000; a worker's head £1,000 once.
"""

from __future__ import annotations

import pytest

from compiled import KEEP, ask, compiled, minimised, rows
from staffopt.errors import InputError
from staffopt.instance.staff import RoleKind
from staffopt.model.schema import Goal
from staffopt.rulebook import FillPosts, KeepAverageCaseload, StayWithinBudget

STAY = StayWithinBudget(label="stay")
WORKERS = (RoleKind.CASE_HOLDER,)
FUNDS = {"growth": {"name": "Growth", "pays_for": {"added_posts": ["all"]}, "ceiling": 90000}}
RISES = {
    "base": "2024/25",
    "pay_award": {"2025/26": "3"},
    "increments": {"2025/26": "1"},
    "inflation": {"2025/26": "2"},
}


def spent(role="worker", *rules, **tables):
    """Return year → what one FTE more in the north charges to the fund."""
    tables = {"may_change": WORKERS, "funds": FUNDS, **tables}
    found = rows(compiled(KEEP, STAY, *rules, **tables), "stay")
    return {at.removeprefix("growth,"): terms for at, (terms, _, _) in found.items()}, (
        f"change[north,{role}]"
    )


def test_pay_rises_by_award_and_increments_one_upon_the_other_and_set_up_is_as_it_starts():
    years, north = spent(prices=RISES)
    # 40,000 × 6/12; 40,000 × 1.03 × 1.01 = 41,612; set-up starts in the base year
    assert years["2024/25"][north] == 20000
    assert years["2025/26"][north] == 41612
    assert years["2024/25"]["heads[worker]"] == 1000


def test_prices_of_an_earlier_base_have_risen_in_the_first_year_too():
    base = {"base": "2023/24", "pay_award": {"2024/25": "10", "2025/26": "10"}}
    inflation = {"inflation": {"2024/25": "2", "2025/26": "5"}}
    years, north = spent(prices={**base, **inflation})
    # 40,000 × 1.1 × 6/12 = 22,000; 40,000 × 1.21 = 48,400; set-up 1,000 × 1.02
    assert (years["2024/25"][north], years["2025/26"][north]) == (22000, 48400)
    assert years["2024/25"]["heads[worker]"] == 1020


def test_what_rises_with_what_is_the_council_s_to_say():
    years, north = spent(prices={**RISES, "rises_with": {"posts": "fixed"}})
    assert years["2025/26"][north] == 40000
    years, north = spent(prices={**RISES, "rises_with": {"posts": "inflation"}})
    assert years["2025/26"][north] == 40800


@pytest.mark.parametrize(
    ("on_costs", "pounds"),
    [
        # (40,000 + 2,000) × (1 + 13.8% + 17%) = 42,000 × 1.308 = 54,936
        ("excluded", 54936),
        ("included", 42000),
    ],
)
def test_on_costs_are_added_once_and_only_where_a_cost_excludes_them(on_costs, pounds):
    prices = {"base": "2024/25", "on_costs": {"national_insurance": "13.8", "pension": "17"}}
    roles = {"worker": {"on_costs": on_costs, "market_supplement": 2000}}
    years, north = spent(prices=prices, roles=roles)
    assert years["2025/26"][north] == pounds


def test_a_vacancy_factor_lowers_the_budget_of_posts():
    years, north = spent(roles={"worker": {"vacancy_factor": "6"}})
    assert years["2025/26"][north] == 37600  # 40,000 × 0.94


def test_each_head_that_is_added_costs_something_beside_pay_while_it_is_there():
    roles = {"worker": {"step": "0.5", "set_up": "none", "non_staffing": "1200"}}
    years, _ = spent(roles=roles, prices=RISES)
    # 1,200 × 6/12; 1,200 × 1.02: it rises with inflation
    heads = "non_staffing heads[worker]"
    assert (years["2024/25"][heads], years["2025/26"][heads]) == (600, 1224)


def test_where_people_are_paid_for_a_post_that_nobody_fills_costs_nothing():
    fill = FillPosts.model_validate({"label": "fill", "staff": "case_holder", "filled": "0.5"})
    years, north = spent("worker", fill, roles={"worker": {"cost_basis": "actual"}})
    assert north not in years["2025/26"]
    assert years["2025/26"]["people_paid[worker,north]"] == 40000


def test_a_supplement_that_is_not_known_makes_the_cost_unknown():
    with pytest.raises(InputError, match="cost is not known"):
        spent(roles={"worker": {"market_supplement": "unknown"}})


def test_the_full_year_cost_is_at_the_last_planned_year_s_prices():
    target = {"label": "target", "target": "20", "scope": ["north"]}
    question = ask(
        KEEP,
        KeepAverageCaseload.model_validate(target),
        goals=(Goal(minimise="full_year_cost"),),
        may_change=WORKERS,
        prices=RISES,
        roles={"worker": {"set_up": "none", "non_staffing": "1200"}},
    )
    # 100 cases ÷ 20 = 5, so one more: 41,612 + 1,224
    assert minimised(question).reached[0].value == pytest.approx(42836)
