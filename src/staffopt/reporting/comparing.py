"""Options, or plans that somebody gives, side by side with doing nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from staffopt.analysis.choice import Choice, cost_is
from staffopt.analysis.figures import cases_above
from staffopt.analysis.options import OptionsTable
from staffopt.plan import FULL_YEAR, TODAY, Amount, Plan, fund_name
from staffopt.reporting.asked import Asked
from staffopt.reporting.charts import Table
from staffopt.reporting.document import Block, Figures, Items, Paragraph, Picture
from staffopt.reporting.options import (
    amount_cell,
    named_choices,
    noted,
    summed,
    summed_head,
)
from staffopt.reporting.pictures import above_chart, caseload_chart, cost_chart
from staffopt.reporting.places import got_cells, got_head
from staffopt.reporting.words import NOTHING, thousands, year_words

NOTHING_DONE = "do nothing"
_MOST_PLANS = 3
"""Beside today a chart has room for so many."""


def names_of(plans: Sequence[Plan]) -> dict[str, Plan]:
    """Name plans by their option or model and scenario, and by their id where that is not enough.

    A plan given twice counts once.
    """
    own = {plan.id: plan for plan in plans}
    called = {key: _called(plan) for key, plan in own.items()}
    twice = [name for name in called.values() if list(called.values()).count(name) > 1]
    return {
        f"{called[key]} ({key})" if called[key] in twice else called[key]: plan
        for key, plan in own.items()
    }


def _called(plan: Plan) -> str:
    question = plan.question
    name = question.option or question.model
    return f"{name}, {question.scenario}" if question.scenario else name


def options_blocks(plans: Mapping[str, Plan], asked: Asked) -> list[Block]:
    """Put the council's options side by side, or else the plans, beside doing nothing."""
    found, first = asked.options, next(iter(plans.values()))
    rows = _of_options(found) if found else _of_plans(plans)
    if found and first.question.option is None:
        # It answers none of the options: it would be missing.
        rows = {**rows, **_given(plans)}
    banded = any(choice.above is not None for choice in rows.values())
    lines = [[name, *_said(name, choice, first, banded)] for name, choice in rows.items()]
    table = Table(("Option", *summed_head([*rows.values()])), tuple(map(tuple, lines)), words=2)
    costs = {name: _cost(choice) for name, choice in rows.items() if _is_told(name, choice)}
    per, above = cost_is(rows.values()), _above(rows, first) if banded else {}
    pictures = [cost_chart(costs, table, per)] if any(cost.raw for cost in costs.values()) else []
    if any(above.values()):
        pictures.append(above_chart(above, table, weighted=_weighted(first)))
    # Bars of no length say nothing that the table does not.
    blocks: list[Block] = [*map(Picture, pictures)] or [Figures("What each option comes to", table)]
    blocks += _ranked(found) if found else []
    blocks += [*_fund_by_fund(rows), *_placed(rows)]
    return [*blocks, *_together(plans)]


def _weighted(plan: Plan) -> bool:
    """Say whether cases of some type count for more or less than one."""
    return any(case_type.weight != 1 for case_type in plan.question.instance.case_types.values())


def _ranked(found: OptionsTable) -> list[Block]:
    """Say how the options are ranked, and why another than the council's own ranks first."""
    blocks: list[Block] = [Items(tuple(noted(found)))]
    if found.explained and found.best is not None:
        blocks.append(Paragraph(f"Why {found.best.option} ranks before {found.chosen}:"))
        blocks.append(Items(found.explained))
    return blocks


def _of_options(found: OptionsTable) -> dict[str, Choice]:
    """Name the choices; an option that is published and best apart has both words."""
    rows = named_choices(found)
    names = [name for name, _, _ in rows]
    return {
        f"{name}, {how}" if names.count(name) > 1 else name: choice for name, how, choice in rows
    }


def _of_plans(plans: Mapping[str, Plan]) -> dict[str, Choice]:
    nothing = Choice(NOTHING_DONE, NOTHING_DONE, "nothing", None)
    return {NOTHING_DONE: nothing, **_given(plans)}


def _given(plans: Mapping[str, Plan]) -> dict[str, Choice]:
    return {name: Choice(name, name, "best", plan) for name, plan in plans.items()}


def _is_told(name: str, choice: Choice) -> bool:
    return name == NOTHING_DONE or choice.plan is not None


def _cost(choice: Choice) -> Amount:
    return choice.cost or Amount.of(Fraction(0))


def _said(name: str, choice: Choice, first: Plan, banded: bool) -> list[str]:
    """Say what a choice adds; of doing nothing what the plan says of today."""
    if name != NOTHING_DONE or choice.plan is not None:
        return summed(choice, banded=banded)
    above = cases_above(first, TODAY)
    left = [NOTHING if above is None else thousands(above, 1), NOTHING, NOTHING]
    return ["none", NOTHING, *(left if banded else [])]


def _above(rows: Mapping[str, Choice], first: Plan) -> dict[str, Fraction]:
    """Return name → cases above the manageable band; of doing nothing those of today."""
    found = {}
    for name, choice in rows.items():
        above = choice.above if choice.plan is not None else None
        if name == NOTHING_DONE and above is None:
            above = cases_above(first, TODAY)
        if above is not None:
            found[name] = above
    return found


def _fund_by_fund(rows: Mapping[str, Choice]) -> list[Block]:
    """Show new money of each choice by fund and financial year."""
    plans = [(name, choice.plan) for name, choice in rows.items() if choice.plan is not None]
    years = (*plans[0][1].question.instance.calendar.years, FULL_YEAR) if plans else ()
    head = ("Option", "Fund", *map(year_words, years))
    lines = [
        (
            name,
            fund_name(plan.question, fund),
            *(amount_cell(plan.money.get((fund, y))) for y in years),
        )
        for name, plan in plans
        for fund in dict.fromkeys(of for of, _ in plan.money)
    ]
    unsure = any("+" in cell for line in lines for cell in line[2:])
    note = "+ means at least: a cost is not known." if unsure else ""
    shown = Figures("New money by option, fund and year, £", Table(head, tuple(lines), 2), note)
    return [shown] if lines else []


def _placed(rows: Mapping[str, Choice]) -> list[Block]:
    """Show what those who are placed get in each choice, where people are listed one by one."""
    plans = {name: choice.plan for name, choice in rows.items() if choice.plan is not None}
    if not any(plan.figures.places for plan in plans.values()):
        return []
    lines = tuple((name, *got_cells(plan)) for name, plan in plans.items())
    return [Figures("People placed, by option", Table(("Option", *got_head()), lines))]


def _together(plans: Mapping[str, Plan]) -> list[Block]:
    """Draw the caseloads of several plans in one chart."""
    if len(plans) == 1:
        return []
    chart = caseload_chart(dict(list(plans.items())[:_MOST_PLANS]), name="caseloads-of-plans")
    left = list(plans)[_MOST_PLANS:]
    blocks: list[Block] = [Picture(chart)] if chart else []
    return [*blocks, *([Items((f"Not in this chart: {', '.join(left)}.",))] if left else [])]
