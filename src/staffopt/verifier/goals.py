"""What each goal comes to, in exact fractions."""

from __future__ import annotations

from fractions import Fraction

from staffopt.errors import Fault, InputError, UnknownName
from staffopt.model.schema import Goal, GoalName
from staffopt.plan import FULL_YEAR, TODAY, CaseloadFigure, Decisions, Figures, MoneyKind
from staffopt.question import ALL, Question
from staffopt.rulebook import Basis, ReleaseTime
from staffopt.verifier.figures import derive
from staffopt.verifier.managed import whole_price
from staffopt.verifier.money import annual_rate
from staffopt.verifier.staffing import ZERO


def goal_value(question: Question, plan: Decisions | Figures, goal: Goal) -> Fraction:
    """Return what a goal comes to: pounds (a year), cases per FTE, or FTE and packages.

    A cost counts what is known of it; a cost that is not known is a caution of its own.

    Raises:
        InputError: if the goal cannot be worked out: a year outside the calendar, released time
            that no rule gives, or a team with cases and no case holders.
    """
    figures = derive(question, plan) if isinstance(plan, Decisions) else plan
    match goal.minimise:
        case GoalName.FULL_YEAR_COST:
            return _full_year_cost(question, figures)
        case GoalName.COST:
            return _cost(question, figures, goal.year)
        case GoalName.WORST_CASELOAD:
            return _worst_caseload(question, figures, goal)
        case GoalName.CHANGE_FROM_TODAY:
            changes = sum((abs(figure.change) for figure in figures.posts), ZERO)
            bought = sum(figure.teams for figure in figures.managed_teams)
            return changes + bought + sum(figure.taken for figure in figures.packages)


def _full_year_cost(question: Question, figures: Figures) -> Fraction:
    """Add the annual rate of added posts and of packages taken, which have their own end.

    The whole price of managed teams, and what missing softened rules weighs, are added to it.
    """
    posts = (
        line.amount.raw
        for line in figures.money
        if line.kind in (MoneyKind.RECURRENT, MoneyKind.SAVING, MoneyKind.PENALTY)
        and line.year == FULL_YEAR
        and line.amount is not None
    )
    lines = question.instance.package_lines
    packages = (annual_rate(lines, figure.package) for figure in figures.packages if figure.taken)
    managed = (whole_price(question, figure) for figure in figures.managed_teams)
    return sum(posts, ZERO) + sum(packages, ZERO) + sum(managed, ZERO)


def _cost(question: Question, figures: Figures, year: str | None) -> Fraction:
    """Add the new money and penalties that fall in a financial year, or in the whole calendar."""
    years = question.instance.calendar.years
    if year is not None and year not in years:
        raise UnknownName("financial year", year, list(years))
    amounts = (
        line.amount.raw
        for line in figures.money
        if line.kind is not MoneyKind.TODAY
        and line.amount is not None
        and line.year in (years if year is None else (year,))
    )
    return sum(amounts, ZERO)


def _worst_caseload(question: Question, figures: Figures, goal: Goal) -> Fraction:
    """Find the highest average of any team in the goal's scope, in any period of the plan."""
    if goal.basis is Basis.EFFECTIVE and question.rule(ReleaseTime) is None:
        mend = "Add the rule release_time, or ask for `basis: reported`."
        raise InputError([Fault("no-release-time", "no rule releases time", mend)])
    teams = question.teams_in(ALL if goal.scope is None else goal.scope)
    looked_at = [
        figure
        for figure in figures.caseloads
        if figure.of in teams and figure.period != TODAY and figure.basis == goal.basis
    ]
    return max((_average(figure) for figure in looked_at), default=ZERO)


def _average(figure: CaseloadFigure) -> Fraction:
    if figure.average is not None:
        return figure.average
    if not figure.cases:
        return ZERO
    raise InputError(
        [
            Fault(
                "cases-without-posts",
                f"{figure.of} has cases and no case holders in {figure.period}, so it has no "
                "average caseload",
                "Give the team case-holding posts, or take it out of the goal's scope.",
            )
        ]
    )
