"""The tables of money: new money by fund and year, and what the base budget pays already."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from staffopt.instance.benefits import Benefit
from staffopt.instance.staff import Role
from staffopt.model.schema import GoalName
from staffopt.plan import (
    FULL_YEAR,
    Amount,
    Figures,
    MoneyFigure,
    MoneyKind,
    Plan,
    fund_name,
)
from staffopt.quantity import Absent
from staffopt.question import Question
from staffopt.reporting.ceilings import ceiling_rows, limited_funds
from staffopt.reporting.tables import table, wrapped
from staffopt.reporting.words import (
    NOTHING,
    amount_words,
    fte_words,
    listed,
    noun,
    plural,
    thousands,
)

_YEARS_A_TABLE = 5
NEW_MONEY = "new money"
NOTHING_NEW = "Money: nothing new is spent."


def money_tables(plan: Plan) -> list[str]:
    """Show new money by fund and financial year, and in a full year after."""
    totals = _totals(plan)
    spends = any(amount.raw or amount.at_least for amount in totals.values())
    lines = [] if spends else [NOTHING_NEW]
    if spends or limited_funds(plan.question):
        years = plan.question.instance.calendar.years
        for start in range(0, len(years), _YEARS_A_TABLE):
            part = years[start : start + _YEARS_A_TABLE]
            last = start + _YEARS_A_TABLE >= len(years)
            lines += table(*money_rows(plan, (*part, FULL_YEAR) if last else part))
    lines += [line for text in money_notes(plan) for line in wrapped(text)]
    return lines


def money_notes(plan: Plan) -> list[str]:
    """Say what the table of money cannot: what is not known, what is no money, what is paid now."""
    return [
        *_unknown(plan),
        *_penalties(plan),
        *_benefits(plan),
        *base_budget_words(plan.question, plan.figures),
    ]


def _totals(plan: Plan) -> dict[tuple[str, str, str], Amount]:
    return {
        (total.of, total.name, total.year): total.amount
        for total in plan.figures.totals
        if total.of in ("fund", NEW_MONEY)
    }


def money_rows(plan: Plan, years: Sequence[str]) -> tuple[list[str], list[list[str]]]:
    """Return the heading and the rows of new money: funds with their ceilings, then the sum."""
    totals = _totals(plan)
    charged = {name: None for of, name, _ in totals if of == "fund"}
    limited = limited_funds(plan.question)
    funds = [*charged, *(fund for fund in limited if fund not in charged)]
    head = ["Money, £", *("full year after" if year == FULL_YEAR else year for year in years)]
    rows = []
    for fund in funds:
        cells = [_cell(totals.get(("fund", fund, year))) for year in years]
        rows += [[fund_name(plan.question, fund), *cells], *ceiling_rows(plan, fund, years)]
    everything = {year: amount for (of, _, year), amount in totals.items() if of == NEW_MONEY}
    rows.append(["New money", *(_cell(everything.get(year)) for year in years)])
    return head, rows


def _cell(amount: Amount | None) -> str:
    """Write an amount in a table; a plus after it says ``at least``."""
    if amount is None or (amount.raw == 0 and not amount.at_least):
        return NOTHING
    return f"{thousands(amount.raw)}+" if amount.at_least else thousands(amount.raw)


def _unknown(plan: Plan) -> list[str]:
    """Explain the plus, naming what is not known."""
    missing = [_missing(plan.question, f) for f in plan.figures.money if f.amount is None]
    if not missing:
        return []
    return [f"+ means at least: not known is {listed(list(dict.fromkeys(missing)))}."]


def _missing(question: Question, figure: MoneyFigure) -> str:
    """Say what an unknown amount would pay for."""
    what = "the set-up" if figure.kind is MoneyKind.ONE_OFF else "the cost"
    what = "the non-staffing cost" if figure.line.startswith("non-staffing ") else what
    if figure.role is not None:
        return f"{what} of {plural(noun(question.role_name(figure.role)), Fraction(2))}"
    if figure.package is not None:
        return f"{what} in the {noun(question.instance.packages[figure.package].name)}"
    if figure.managed_team is not None:
        return f"the {figure.line} of {question.instance.managed_teams[figure.managed_team].name}"
    return f"{what} of {figure.line}"


def _benefits(plan: Plan) -> list[str]:
    """List what is brought besides: a benefit that no fund is credited with touches no ceiling."""
    council = plan.question.instance
    return [
        f"Benefit: {_benefit(plan.question, council.benefits[name])}."
        for name in dict.fromkeys(figure.benefit for figure in plan.figures.benefits)
    ]


def _benefit(question: Question, benefit: Benefit) -> str:
    worth = "not known"
    if isinstance(benefit.pounds, Decimal):
        worth = f"{amount_words(Amount.of(Fraction(benefit.pounds)))} a year"
    how = f"{'cashable' if benefit.cashable else 'not cashable'}, and in no sum"
    if benefit.relaxes is not None:
        how = f"cashable, credited to {fund_name(question, benefit.relaxes)}"
    return f"{benefit.name}, {worth} from {benefit.start.words} ({how})"


def _penalties(plan: Plan) -> list[str]:
    """Say what missing each softened rule weighs, apart: it is no money, and in no sum above.

    Goals of a full year weigh the greatest shortfall of any period; where costs are counted as
    they fall in years, each period weighs its own, and the sum of the years is told.
    """
    goals = {goal.minimise for goal in plan.question.goals}
    by_year = GoalName.COST in goals and not goals & {GoalName.FULL_YEAR_COST, GoalName.PENALTY}
    sums: dict[tuple[str, str], Amount] = {}
    for total in plan.figures.totals:
        if total.of in ("penalty", "price") and (total.year == FULL_YEAR) is not by_year:
            key, own = (total.of, total.name), total.amount
            sofar = sums.get(key, Amount.of(Fraction(0)))
            sums[key] = Amount.of(sofar.raw + own.raw, at_least=sofar.at_least or own.at_least)
    long = "over the years planned" if by_year else "a year"
    what = {"penalty": "missing", "price": "the bands of"}
    return [
        f"Not money, and in no sum above: {what[of]} {name} weighs {amount_words(amount)} {long} "
        "in the goals."
        for (of, name), amount in sums.items()
    ]


def base_budget(question: Question, figures: Figures) -> list[str]:
    """Write what each fund pays for posts of today, in lines of the report's width."""
    return [line for text in base_budget_words(question, figures) for line in wrapped(text)]


def base_budget_words(question: Question, figures: Figures) -> list[str]:
    """Say what each fund pays for posts of today, apart from any new money."""
    lines = []
    for total in figures.totals:
        if total.of == "today" and total.year == FULL_YEAR and total.amount.raw:
            fte, cut = _charged(question, figures, total.name)
            cover = any(_premium_of(f, total.name) for f in figures.money)
            paid = [f"{fte_words(fte)} FTE"] if fte or not cover else []
            paid += ["premiums of agency staff"] if cover else []
            lines.append(
                f"Already in {_small(fund_name(question, total.name))}: {' and '.join(paid)}, "
                f"{amount_words(total.amount)} a year, {'before cuts' if cut else 'unchanged'}"
            )
    return lines


def _small(name: str) -> str:
    """Write ``Base budget`` as a common noun, and a title as it is."""
    words = name.split()
    return name.lower() if len(words) > 1 and words[1].islower() else name


def _charged(question: Question, figures: Figures, fund: str) -> tuple[Fraction, bool]:
    """Sum today's FTE that a fund pays for, and say whether the plan cuts any of it."""
    roles = {
        role
        for role, record in question.instance.roles.items()
        if question.fund_of_today(role) == fund and _costed(record) and record.ends is None
    }
    total = sum(
        (
            Fraction(figure)
            for team in question.instance.teams.values()
            for role, figure in team.posts.items()
            if role in roles
        ),
        start=Fraction(0),
    )
    cut = any(f.role in roles and f.change < 0 for f in figures.posts)
    return total, cut or any(f.kind is MoneyKind.SAVING and f.fund == fund for f in figures.money)


def _premium_of(figure: MoneyFigure, fund: str) -> bool:
    """Say whether a line is the premium of today's cover that a fund pays."""
    return figure.fund == fund and figure.line.startswith("premium today ")


def _costed(role: Role) -> bool:
    return not isinstance(role.cost, Absent)
