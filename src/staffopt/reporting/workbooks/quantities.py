"""How much of a cost is paid for, as a formula of what is decided.

Worked out from the sheets of months, posts, people and heads, apart from the code that made the
ledger: a line for which nothing is known here has no quantity.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from staffopt.instance.calendar import MONTHS_IN_YEAR, Month
from staffopt.plan import ManagedTeamFigure, MoneyFigure, MoneyKind, Plan
from staffopt.reporting.workbooks.book import Live
from staffopt.reporting.workbooks.staffing import Grid, Row
from staffopt.rulebook import FLOWS, Way
from staffopt.verifier.money import Window, package_end, windows

_YEARS = "FTE for a year"


@dataclass(frozen=True, slots=True)
class Quantity:
    """How much of something is paid for.

    Attributes:
        live: the formula.
        unit: what it counts.
        price: what one of it costs, in words.
    """

    live: Live
    unit: str
    price: str


def quantity_of(plan: Plan, grid: Grid, figure: MoneyFigure) -> Quantity | None:
    """Return how much a line of the ledger pays for; None where that is not known."""
    if figure.package is not None:
        return _of_package(plan, figure)
    if figure.managed_team is not None:
        return _of_managed_team(plan, figure)
    return _of_heads_or_flow(plan, grid, figure) or _of_posts(plan, grid, figure)


def _of_heads_or_flow(plan: Plan, grid: Grid, figure: MoneyFigure) -> Quantity | None:
    """Count what is paid by the head or once a move; None of any other line."""
    if figure.line == f"non-staffing {figure.role}":
        return _of_heads_there(plan, grid, figure)
    if figure.kind is not MoneyKind.ONE_OFF:
        return None
    if figure.line == f"set-up {figure.role}":
        return _of_heads(plan, grid, figure)
    return _of_flow(plan, grid, figure)


def _of_posts(plan: Plan, grid: Grid, figure: MoneyFigure) -> Quantity | None:
    if figure.team is None or figure.role is None:
        return None
    what, _, role = figure.line.rpartition(" ")
    known = _OF_POSTS.get(what) if role == figure.role else None
    return known(plan, grid, figure) if known else None


_Of = Callable[[Plan, Grid, MoneyFigure], "Quantity | None"]


def _by_months(rows: Callable[[Grid], Mapping[tuple[str, str], Row]], sign: str, price: str) -> _Of:
    """Count FTE that are above or below zero, by the months in which they are paid."""

    def quantity(plan: Plan, grid: Grid, figure: MoneyFigure) -> Quantity | None:
        row, months = rows(grid).get(_pair(figure)), grid.months[figure.year]
        if row is None:
            return None
        chosen = [
            fte * share
            for fte, share in zip(row.values, months.values, strict=True)
            if (fte > 0 if sign == ">" else fte < 0)
        ]
        value = sum(chosen, Fraction(0)) / MONTHS_IN_YEAR
        formula = f"SUMPRODUCT(({row.where}{sign}0)*{row.where}*{months.where})/{MONTHS_IN_YEAR}"
        return Quantity(Live(formula, value), _YEARS, _priced(plan, figure, price))

    return quantity


def _standing(rows: Callable[[Grid], Mapping[tuple[str, str], Row]], price: str) -> _Of:
    """Count FTE of today, by the months of the year that are planned, until fixed terms end."""

    def quantity(plan: Plan, grid: Grid, figure: MoneyFigure) -> Quantity | None:
        row, months = rows(grid).get(_pair(figure)), grid.months[figure.year]
        if row is None:
            return None
        value = row.today * sum(months.values, Fraction(0)) / MONTHS_IN_YEAR
        formula = f"{row.standing}*SUM({months.where})/{MONTHS_IN_YEAR}"
        ends = plan.question.instance.roles[figure.role or ""].ends
        if ends is not None:
            there = sum(period.end <= ends for period in plan.question.instance.calendar.cut())
            value = row.today * sum(months.values[:there], Fraction(0)) / MONTHS_IN_YEAR
            formula = f"{row.standing}*SUM({','.join(months.cells[:there])})/{MONTHS_IN_YEAR}"
        return Quantity(Live(formula, value), _YEARS, _priced(plan, figure, price))

    return quantity


def _pair(figure: MoneyFigure) -> tuple[str, str]:
    return figure.team or "", figure.role or ""


def _priced(plan: Plan, figure: MoneyFigure, price: str) -> str:
    return f"{plan.question.role_name(figure.role or '')}: {price}"


_COST, _PREMIUM = "one FTE for a year", "premium of one FTE for a year"
_OF_POSTS: Mapping[str, _Of] = {
    "added": _by_months(lambda grid: grid.changes, ">", _COST),
    "cut": _by_months(lambda grid: grid.changes, "<", _COST),
    "posts today": _standing(lambda grid: grid.changes, _COST),
    "above posts": _by_months(lambda grid: grid.above, ">", _COST),
    "premium": _by_months(lambda grid: grid.people, ">", _PREMIUM),
    "premium saved": _by_months(lambda grid: grid.people, "<", _PREMIUM),
    "premium today": _standing(lambda grid: grid.people, _PREMIUM),
}
"""What a line of posts or people is called, before its role → how it is counted."""


def _of_heads(plan: Plan, grid: Grid, figure: MoneyFigure) -> Quantity | None:
    """Count the heads that are new in the periods that start in a year."""
    row, starts = grid.heads.get((figure.role or "", figure.team)), grid.starts[figure.year]
    if row is None:
        return None
    value = sum((a * b for a, b in zip(row.values, starts.values, strict=True)), Fraction(0))
    formula = f"SUMPRODUCT({row.where}*{starts.where})"
    return Quantity(Live(formula, value), "heads", _priced(plan, figure, "set-up of one head"))


def _of_heads_there(plan: Plan, grid: Grid, figure: MoneyFigure) -> Quantity | None:
    """Count the heads that are there, by the months in which they are."""
    row, months = grid.there.get((figure.role or "", figure.team)), grid.months[figure.year]
    if row is None:
        return None
    value = sum((a * b for a, b in zip(row.values, months.values, strict=True)), Fraction(0))
    formula = f"SUMPRODUCT({row.where}*{months.where})/{MONTHS_IN_YEAR}"
    price = _priced(plan, figure, "one head for a year, beside pay")
    return Quantity(Live(formula, value / MONTHS_IN_YEAR), "heads for a year", price)


def _of_flow(plan: Plan, grid: Grid, figure: MoneyFigure) -> Quantity | None:
    """Count the FTE of one kind of flow that arrive in a year; None where they cost differently."""
    council, kind = plan.question.instance, figure.line.partition(" ")[0]
    months = _window(plan, figure.year).months
    own, costs = [], set()
    for number, flow in enumerate(plan.decisions.flows):
        way = Way(flow.team, flow.role, flow.to_team, flow.to_role)
        paid = (flow.kind, *way.arrival) == (kind, figure.team, figure.role)
        if paid and Month.parse(flow.period) in months:
            own.append(grid.flows[number])
            costs.add(FLOWS[kind].passage(council, way).cost)
    if len(costs) != 1:
        return None
    formula = "+".join(cell for cell, _ in own)
    value = sum((fte for _, fte in own), Fraction(0))
    return Quantity(Live(formula, value), "FTE", _priced(plan, figure, f"{kind}, one FTE"))


def _window(plan: Plan, year: str) -> Window:
    return next(w for w in windows(plan.question.instance.calendar) if w.year == year)


def _of_package(plan: Plan, figure: MoneyFigure) -> Quantity:
    """Count the part of a year in which a package runs; what is paid once is paid whole."""
    record = plan.question.instance.packages[figure.package or ""]
    price = f"{record.name}: {figure.line}"
    if figure.kind is MoneyKind.ONE_OFF:
        return Quantity(Live("1", Fraction(1)), "once", f"{price}, once")
    share = _window(plan, figure.year).share(record.start, package_end(record))
    formula = f"{int(share * MONTHS_IN_YEAR)}/{MONTHS_IN_YEAR}"
    return Quantity(Live(formula, share), "years", f"{price}, a year")


def _of_managed_team(plan: Plan, figure: MoneyFigure) -> Quantity | None:
    """Count the months in a year of a managed team's term, or of its extension."""
    title, _, start = figure.line.rpartition(" from ")
    bought = [
        f
        for f in plan.figures.managed_teams
        if f.managed_team == figure.managed_team and str(f.start) == start
    ]
    if len(bought) != 1:
        return None
    record = plan.question.instance.managed_teams[bought[0].managed_team]
    after = "extension" in title
    months = _months(bought[0], record.months, _window(plan, figure.year), after=after)
    by_term = record.per == "term" and not after
    formula = f"{bought[0].teams}*{months}" + (f"/{record.months}" if by_term else "")
    value = Fraction(bought[0].teams * months, record.months if by_term else 1)
    unit = "terms" if by_term else "months"
    return Quantity(Live(formula, value), unit, f"{record.name}: {title}, a {unit[:-1]}")


def _months(bought: ManagedTeamFigure, term: int, window: Window, *, after: bool) -> int:
    """Count the months in a window of a term, or of the extension after it."""
    length = bought.end - bought.start + 1
    counted = range(term, length) if after else range(min(term, length))
    return sum(bought.start + month in window.months for month in counted)
