"""Whether the work that is needed is done, in overtime if need be, and what that costs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from staffopt.instance.calendar import Month, Period
from staffopt.instance.funds import FundKind
from staffopt.instance.prices import CostClass
from staffopt.instance.staff import Role
from staffopt.instance.work import needed_in
from staffopt.plan import Amount, Finding, MoneyFigure, MoneyKind, WorkFigure
from staffopt.quantity import Absent
from staffopt.question import NOT_NAMED
from staffopt.rulebook import Each, MeetStaffNeeded
from staffopt.verifier.prices import level_in
from staffopt.verifier.registry import Where, checks, judge, of_fte, places
from staffopt.verifier.staffing import ZERO, Staffing, once
from staffopt.verifier.words import number


@checks(MeetStaffNeeded)
def meet_staff_needed(rule: MeetStaffNeeded, staffing: Staffing) -> Iterator[Finding]:
    """Check that there are as many as are needed, overtime counted, and not too many to spare."""
    teams = staffing.question.teams_in(rule.scope)
    own = [
        figure
        for figure in work_figures(staffing)
        if figure.team in teams and figure.role in staffing.roles[rule.staff]
    ]
    for figure in own:
        most = _share(staffing, figure.role) * staffing.in_post(
            figure.team, figure.role, figure.period
        )
        name = staffing.question.role_name(figure.role)
        words = f"{name}: {number(figure.able)} FTE for work of {number(figure.needed)}"
        if figure.overtime:
            words += f", {number(figure.overtime)} in overtime of at most {number(most)}"
        where = Where(
            staffing.name(figure.team), figure.team, (figure.team,), figure.period, figure.role
        )
        short = figure.overtime - most
        yield of_fte(rule, judge(short, stepped=False), words, where, short)
    if isinstance(rule.spare, Decimal):
        for where in places(staffing, rule.scope, Each.SCOPE, teams):
            spare = sum((f.spare for f in own if f.period == where.period), ZERO)
            over = spare - Fraction(rule.spare)
            words = f"{number(spare)} FTE to spare, at most {number(Fraction(rule.spare))}"
            yield of_fte(rule, judge(over, stepped=False), words, where, over)


def _share(staffing: Staffing, role: str) -> Fraction:
    work = staffing.question.instance.roles[role].work
    return Fraction(work.overtime.most) if work and work.overtime else ZERO


@once
def work_figures(staffing: Staffing) -> tuple[WorkFigure, ...]:
    """Say who is there for the work that is needed, wherever a rule looks at it."""
    rules = [rule for rule in staffing.question.rules if isinstance(rule, MeetStaffNeeded)]
    return tuple(
        figure
        for team, record in staffing.question.instance.teams.items()
        for role in record.needed
        if any(
            role in staffing.roles[rule.staff] and team in staffing.question.teams_in(rule.scope)
            for rule in rules
        )
        for figure in _of_role(staffing, team, role)
    )


def _of_role(staffing: Staffing, team: str, role: str) -> Iterator[WorkFigure]:
    council = staffing.question.instance
    work = council.roles[role].work
    output = Fraction(work.output) if work else Fraction(1)
    for period in staffing.periods:
        need = needed_in(council.teams[team].needed[role], period)
        if need is not None:
            able, fte = staffing.able(team, role, period.label), need / output
            yield WorkFigure(
                team=team,
                role=role,
                period=period.label,
                needed=fte,
                able=able,
                overtime=max(ZERO, fte - able),
                spare=max(ZERO, able - fte),
            )


def work_lines(staffing: Staffing, year: str, months: frozenset[Month]) -> Iterator[MoneyFigure]:
    """Yield what overtime and people to spare cost in the months of a financial year."""
    count = {p.label: _weight(staffing, p, months) for p in staffing.periods}
    spent: dict[tuple[str, str, str], Fraction] = {}
    for figure in work_figures(staffing):
        for what, fte in (("overtime", figure.overtime), ("spare", figure.spare)):
            key = what, figure.team, figure.role
            spent[key] = spent.get(key, ZERO) + count[figure.period] * fte
    for (what, team, role), fte in spent.items():
        cost = _cost(staffing.question.instance.roles[role], what)
        if fte and cost is not Absent.NOT_APPLICABLE:
            known = isinstance(cost, Decimal)
            yield MoneyFigure(
                line=f"{what} {role}",
                kind=MoneyKind.ONE_OFF,
                fund=staffing.question.fund_of_added(role, FundKind.ONE_OFF) or NOT_NAMED,
                year=year,
                role=role,
                team=team,
                amount=Amount.of(Fraction(cost) * fte) if known else None,
            )


def _weight(staffing: Staffing, period: Period, months: frozenset[Month]) -> Fraction:
    """Return the months of a period that are in a window, each at its year's prices."""
    paid = (month.financial_year for month in period.months if month in months)
    return sum((level_in(staffing, CostClass.OVERTIME, year) for year in paid), ZERO)


def _cost(record: Role, what: str) -> Decimal | Absent:
    """Return the pounds a month of one FTE of overtime, or to spare."""
    work = record.work
    if work is None:
        return Absent.NOT_APPLICABLE
    if what == "spare":
        return work.spare
    return work.overtime.cost if work.overtime else Absent.NOT_APPLICABLE
