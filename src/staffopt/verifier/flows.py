"""Flows of people: whether they can be carried out, what they come to and what they cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from staffopt.instance.calendar import Month
from staffopt.instance.funds import FundKind
from staffopt.instance.prices import CostClass
from staffopt.plan import Amount, Finding, FlowDecision, FlowFigure, MoneyFigure, MoneyKind, Verdict
from staffopt.quantity import Absent
from staffopt.question import NOT_NAMED
from staffopt.rulebook import (
    FLOWS,
    JOIN,
    REDUNDANCY,
    RELEASE,
    CarryStaffForward,
    FillPosts,
    MayLeave,
    Way,
)
from staffopt.verifier.prices import level_in
from staffopt.verifier.registry import TOLERANCE, Where, checks, judge, of_fte
from staffopt.verifier.staffing import ZERO, Staffing
from staffopt.verifier.words import number

QUANTUM = Fraction(1, 10**4)
"""FTE of a role without a step move in multiples of this."""

Admission = Callable[[Staffing, FlowDecision], str | None]
ADMISSIONS: dict[str, Admission] = {}
"""Kind of flow → why such a decision cannot be carried out, in words; None where it can."""


def admits(kind: str) -> Callable[[Admission], Admission]:
    """Register the function that says whether a flow can be carried out."""

    def register(function: Admission) -> Admission:
        ADMISSIONS[kind] = function
        return function

    return register


@admits(JOIN)
def join(staffing: Staffing, decision: FlowDecision) -> str | None:
    """Say why somebody cannot start in a month: too early, or no intake."""
    council = staffing.question.instance
    turnover, month = council.roles[decision.role].turnover, Month.parse(decision.period)
    assert turnover is not None
    if month < council.calendar.start + turnover.lead_time:
        return (
            f"nobody can start in {decision.period}: recruiting takes {turnover.lead_time} months"
        )
    if turnover.intakes and month.month not in {intake.number for intake in turnover.intakes}:
        return f"nobody starts in {decision.period}, which is no month of intake"
    return None


@admits(RELEASE)
def release(staffing: Staffing, decision: FlowDecision) -> str | None:
    """Say why somebody cannot be let go: no rule lets them leave."""
    record = staffing.question.instance.roles[decision.role]
    for rule in staffing.question.rules:
        if isinstance(rule, FillPosts) and record.kind is rule.staff:
            inside = decision.team in staffing.question.teams_in(rule.scope)
            cover = rule.may_leave is MayLeave.COVER and record.covers is not None
            if inside and (cover or rule.may_leave is MayLeave.ANYBODY):
                return None
    return "no rule lets them go"


def way_of(decision: FlowDecision) -> Way:
    """Return from where to where a flow leads."""
    return Way(decision.team, decision.role, decision.to_team, decision.to_role)


def flow_findings(staffing: Staffing) -> Iterator[Finding]:
    """Check that every flow can be carried out: where, in which steps, of whom and when."""
    words = "people join, are let go and move where, when and in the steps in which they can"
    broken = [
        _broken(staffing, decision, why)
        for decision in staffing.flows
        for why in _faults(staffing, decision)
    ]
    yield from broken or [Finding(rule="decisions", verdict=Verdict.MET, words=words)]


def _faults(staffing: Staffing, decision: FlowDecision) -> Iterator[str]:
    kind, way = FLOWS[decision.kind], way_of(decision)
    step = Fraction(staffing.question.instance.roles[decision.role].step) or QUANTUM
    if decision.fte < 0:
        yield f"{number(decision.fte)} FTE are below zero"
    if decision.fte % step:
        yield f"{number(decision.fte)} FTE are not in steps of {number(step)}"
    if not staffing.carries(decision.team, decision.role):
        yield "nobody is carried forward here"
    elif kind.arrives and not staffing.carries(*way.arrival):
        yield "nobody is carried forward where they arrive"
    elif why := ADMISSIONS[decision.kind](staffing, decision):
        yield why


def _broken(staffing: Staffing, decision: FlowDecision, why: str) -> Finding:
    role = staffing.question.role_name(decision.role)
    return Finding(
        rule="decisions",
        verdict=Verdict.BROKEN,
        words=f"{staffing.name(decision.team)}, {role} who {FLOWS[decision.kind].words}: {why}",
        team=decision.team,
        role=decision.role,
        period=decision.period,
    )


@checks(CarryStaffForward)
def carry_staff_forward(rule: CarryStaffForward, staffing: Staffing) -> Iterator[Finding]:
    """Check that nobody is let go or moved who is not there, settled, in that month."""
    teams = staffing.question.teams_in(rule.scope)
    for (team, role, label), month in staffing.stocks.items():
        if team not in teams or role not in staffing.roles[rule.staff]:
            continue
        if month.moved_out:
            over = month.moved_out - month.free
            name = staffing.question.role_name(role)
            words = f"{name} {number(month.moved_out)} FTE let go or moved of {number(month.free)}"
            where = Where(staffing.name(team), team, (team,), label, role)
            yield of_fte(rule, judge(over, stepped=over > TOLERANCE), words, where, over)


def flow_figures(staffing: Staffing) -> tuple[FlowFigure, ...]:
    """Say who leaves, moves, progresses and joins in each team, role and month."""
    redundant = {
        (flow.team, flow.role, flow.period): flow.fte
        for flow in staffing.flows
        if flow.kind == REDUNDANCY
    }
    return tuple(
        FlowFigure(
            team=team,
            role=role,
            period=label,
            opening=month.opening,
            leavers=month.leavers,
            moved_out=month.moved_out,
            made_redundant=redundant.get((team, role, label), ZERO),
            progressed_out=month.progressed_out,
            progressed_in=month.progressed_in,
            moved_in=month.moved_in,
            joined=month.joined,
            in_post=month.in_post,
            able=staffing.able(team, role, label),
        )
        for team in staffing.question.instance.teams
        for role in staffing.question.instance.roles
        if _anybody(staffing, team, role)
        for label in staffing.labels
        for month in [staffing.stocks[team, role, label]]
    )


def _anybody(staffing: Staffing, team: str, role: str) -> bool:
    """Say whether anybody of a role is ever in a team that is carried forward."""
    if not staffing.carries(team, role):
        return False
    months = (staffing.stocks[team, role, label] for label in staffing.labels)
    return any(month.opening or month.in_post for month in months)


def flow_lines(staffing: Staffing, year: str, months: frozenset[Month]) -> Iterator[MoneyFigure]:
    """Yield what flows cost, once, in the financial year of the month in which they happen."""
    spent: dict[tuple[str, str, str, str], Fraction | None] = {}
    for decision in staffing.flows:
        way = way_of(decision)
        cost = FLOWS[decision.kind].passage(staffing.question.instance, way).cost
        if Month.parse(decision.period) not in months or cost is Absent.NOT_APPLICABLE:
            continue
        team, role = way.arrival
        fund = staffing.question.fund_of_added(role, FundKind.ONE_OFF) or NOT_NAMED
        key = decision.kind, fund, team, role
        before = spent.get(key, ZERO)
        if isinstance(cost, Absent) or before is None:
            spent[key] = None
        else:
            when = Month.parse(decision.period).financial_year
            level = level_in(staffing, CostClass.FLOWS, when)
            spent[key] = before + Fraction(cost) * decision.fte * level
    for (kind, fund, team, role), pounds in spent.items():
        if pounds != 0:
            yield MoneyFigure(
                line=f"{kind} {role}",
                kind=MoneyKind.ONE_OFF,
                fund=fund,
                year=year,
                role=role,
                team=team,
                amount=None if pounds is None else Amount.of(pounds),
            )
