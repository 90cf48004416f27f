"""Rows that may be missed at a price, written out; and what goals and ceilings make of it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from compiled import ask, compiled, minimised, row, rows
from staffopt.build import build
from staffopt.model.schema import Goal
from staffopt.rulebook import (
    KeepExistingPosts,
    KeepSupportRatio,
    LimitRecruitment,
    StayWithinBudget,
)

INF = float("inf")
YEARLY = {"start": "2024-10", "end": "2026-03", "periods": "financial_years"}
SOFT = {"price": 30000}
FULL_YEAR = Goal.model_validate({"minimise": "full_year_cost"})
COST = Goal.model_validate({"minimise": "cost"})


def ratio(**parameters):
    given = {"label": "ratio", "ratio": 4, "scope": "south", **parameters}
    return KeepSupportRatio.model_validate(given)


def cost_row(question, name):
    program = build(question, exact=True)
    terms, *_ = row(program, next(g.row for g in program.goals if g.name == name))
    return terms


def test_a_softened_row_has_what_it_is_short_by():
    # south: 0 + Δo + short ≥ (4 + Δw) ÷ 4
    terms = {"change[south,officer]": 1, "change[south,worker]": -Fraction(1, 4)}
    firm, soft = (compiled(ratio(**given)) for given in ({}, {"soften": SOFT}))
    assert rows(firm, "ratio") == {"south": (terms, 1, INF)}
    assert rows(soft, "ratio") == {"south": ({**terms, "short ratio[south]": 1}, 1, INF)}


def test_an_upper_bound_is_gone_over():
    limit = LimitRecruitment.model_validate({"label": "limit", "limit": 2, "soften": SOFT})
    [(terms, lower, upper)] = rows(compiled(limit), "limit").values()
    assert terms["over limit[]"] == -1
    assert (lower, upper) == (-INF, 2)


def test_the_shortfall_carries_what_its_row_carries():
    program = compiled(ratio(soften=SOFT))
    tags = program.column_tags
    (column,) = tags.shortfall.nonzero()[0]
    assert program.names[tags.rule[column]] == "ratio"
    assert program.names[tags.unit[column]] == "FTE"
    assert not tags.decision[column]
    assert program.axes["team"][tags.block[column]] == "south"


def test_a_shortfall_of_one_period_weighs_its_price_a_year():
    terms = cost_row(ask(ratio(soften=SOFT), goals=(FULL_YEAR,)), "full_year_cost")
    assert terms["short ratio[south]"] == 30000


def test_money_goes_by_months_and_so_do_penalties():
    # October 2024 to March 2026: 18 of 12 months
    terms = cost_row(ask(ratio(soften=SOFT), goals=(COST,)), "cost")
    assert terms["short ratio[south]"] == 45000
    terms = cost_row(ask(ratio(soften=SOFT), goals=(COST,), calendar=YEARLY), "cost")
    assert terms["short ratio[south,2024/25]"] == 15000
    assert terms["short ratio[south,2025/26]"] == 30000


def test_of_several_periods_the_full_year_counts_the_worst():
    question = ask(ratio(soften=SOFT), goals=(FULL_YEAR,), calendar=YEARLY)
    terms = cost_row(question, "full_year_cost")
    assert terms["worst ratio[south]"] == 30000
    assert not any(name.startswith("short") for name in terms)
    assert rows(build(question, exact=True), "ratio worst ratio") == {
        f"south,{year}": ({"worst ratio[south]": 1, f"short ratio[south,{year}]": -1}, 0, INF)
        for year in ("2024/25", "2025/26")
    }


def test_a_ceiling_that_is_overspent_counts_each_pound_once():
    funds = {"pot": {"name": "Pot", "pays_for": {"added_posts": ["all"]}, "ceiling": 5000}}
    budget = StayWithinBudget.model_validate({"label": "budget", "soften": {"price": "1.5"}})
    for goal, name in ((FULL_YEAR, "full_year_cost"), (COST, "cost")):
        terms = cost_row(ask(budget, goals=(goal,), funds=funds), name)
        assert terms["over budget[pot,2024/25]"] == Fraction(3, 2)


def test_no_ceiling_counts_a_penalty():
    funds = {"pot": {"name": "Pot", "pays_for": {"added_posts": ["all"]}, "ceiling": 5000}}
    budget = StayWithinBudget.model_validate({"label": "budget"})
    program = compiled(budget, ratio(soften=SOFT), funds=funds)
    for terms, *_ in rows(program, "budget").values():
        assert "short ratio[south]" not in terms


def test_a_softened_fund_that_has_ended_pays_nothing_all_the_same():
    funds = {
        "pot": {
            "name": "Pot",
            "pays_for": {"added_posts": ["all"]},
            "ceiling": 5000,
            "ends": "2025-03",
        }
    }
    budget = StayWithinBudget.model_validate({"label": "budget", "soften": SOFT})
    [(terms, _, upper)] = rows(compiled(budget, funds=funds), "budget after the fund ends").values()
    assert upper == 0
    assert not any(name.startswith("over") for name in terms)


@pytest.mark.parametrize(
    ("price", "added", "cost"),
    [
        # South lacks 1 officer at 24,000: it is dearer or cheaper to miss than to employ.
        (23000, 0, 23000),
        (25000, 1, 24000),
    ],
)
def test_the_cheaper_of_keeping_and_missing_is_chosen(price, added, cost):
    keep = KeepExistingPosts(label="keep")
    question = ask(keep, ratio(soften={"price": price}), goals=(FULL_YEAR,))
    outcome = minimised(question)
    assert outcome.reached[0].value == pytest.approx(cost)
    program = build(question)
    names = [program.column_label(i) for i in range(program.matrix.columns)]
    officers = next(i for i, name in enumerate(names) if name.startswith("change[south,officer"))
    assert outcome.values is not None
    assert outcome.values[officers] == 2 * added  # counted in halves


def test_posts_that_may_be_cut_at_a_price_are_not_taken_for_uncut():
    # A cut worker of 40,000 against 30,000 for each one cut: North and South lose all eight.
    keep = KeepExistingPosts.model_validate({"label": "keep", "soften": SOFT})
    assert minimised(ask(keep, goals=(FULL_YEAR,))).reached[0].value == pytest.approx(
        8 * (30000 - 40000) + 1 * (30000 - 36000)
    )


def test_a_question_without_a_price_compiles_to_the_same_program():
    program = compiled(ratio(), goals=(FULL_YEAR, COST))
    assert not program.column_tags.shortfall.any()
    assert [block.name for block in program.column_blocks if block.stop > block.start] == [
        "change",
        "added",
        "heads",
    ]
