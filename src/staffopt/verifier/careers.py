"""Whether rules of careers hold: other roles, redundancy, other teams, short time, training."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from staffopt.instance.careers import Career, RoleChange, StockShare, WayInto
from staffopt.plan import Finding, FlowDecision
from staffopt.quantity import Absent
from staffopt.rulebook import (
    JOIN,
    REDEPLOY,
    REDUNDANCY,
    SHORT_TIME,
    ChangeRoles,
    Each,
    MakeRedundant,
    OfCareers,
    RecruitWithinSupply,
    RedeployStaff,
    Rule,
    TrainByExperienced,
    WorkShortTime,
)
from staffopt.verifier.flows import admits
from staffopt.verifier.registry import Where, checks, judge, of_fte, places
from staffopt.verifier.staffing import ZERO, Staffing
from staffopt.verifier.words import number

NO_RULE = "no rule lets them"


def _covers(rule: Rule, staffing: Staffing, role: str, *teams: str) -> bool:
    """Say whether a rule of careers holds for a role in all of some teams."""
    assert isinstance(rule, OfCareers)
    inside = {*teams} <= {*staffing.question.teams_in(rule.scope)}
    return inside and role in staffing.roles[rule.staff]


def _allowed(staffing: Staffing, kind: type[Rule], role: str, *teams: str) -> bool:
    """Say whether some rule of a kind holds for a role in all of some teams."""
    rules = (rule for rule in staffing.question.rules if isinstance(rule, kind))
    return any(_covers(rule, staffing, role, *teams) for rule in rules)


def _career(staffing: Staffing, role: str) -> Career:
    return staffing.question.instance.roles[role].career or Career()


def _change(staffing: Staffing, decision: FlowDecision) -> str | None:
    """Say why somebody cannot take up another role."""
    if decision.to_team is not None:
        return "they take up another role in their own team"
    into = _career(staffing, decision.role).into.get(decision.to_role or decision.role)
    if into is None or into.by.value != decision.kind:
        return f"their career does not lead into {decision.to_role or decision.role} so"
    allowed = _allowed(staffing, ChangeRoles, decision.role, decision.team)
    return None if allowed else NO_RULE


for _by in RoleChange:
    admits(_by.value)(_change)


@admits(REDUNDANCY)
def redundancy(staffing: Staffing, decision: FlowDecision) -> str | None:
    """Say why somebody cannot be made redundant."""
    if _career(staffing, decision.role).redundancy is None:
        return "nobody of their role can be"
    allowed = _allowed(staffing, MakeRedundant, decision.role, decision.team)
    return None if allowed else NO_RULE


@admits(REDEPLOY)
def redeploy(staffing: Staffing, decision: FlowDecision) -> str | None:
    """Say why somebody cannot move to another team."""
    if decision.to_role is not None or decision.to_team in (None, decision.team):
        return "they keep their role and go to another team"
    if _career(staffing, decision.role).redeployment is None:
        return "nobody of their role can"
    teams = (decision.team, decision.to_team or "")
    return None if _allowed(staffing, RedeployStaff, decision.role, *teams) else NO_RULE


@admits(SHORT_TIME)
def short_time(staffing: Staffing, decision: FlowDecision) -> str | None:
    """Say why somebody cannot work short time."""
    if _career(staffing, decision.role).short_time is None:
        return "nobody of their role can"
    allowed = _allowed(staffing, WorkShortTime, decision.role, decision.team)
    return None if allowed else NO_RULE


def _sum(flows: Iterable[FlowDecision]) -> Fraction:
    return sum((flow.fte for flow in flows), ZERO)


def _flows(
    rule: OfCareers, staffing: Staffing, kind: str, period: str, role: str
) -> list[FlowDecision]:
    """List what is decided of a kind and role in a month, in a rule's teams."""
    return [
        flow
        for flow in staffing.flows
        if (flow.kind, flow.period, flow.role) == (kind, period, role)
        and _covers(rule, staffing, role, flow.team)
    ]


def _pooled(rule: OfCareers, staffing: Staffing) -> Iterator[Where]:
    yield from places(staffing, rule.scope, Each.SCOPE, staffing.question.teams_in(rule.scope))


def _within(
    rule: Rule, where: Where, who: str, done: Fraction, most: Fraction, *, stepped: bool
) -> Iterator[Finding]:
    """Hold what is done by somebody at all against a limit."""
    if done:
        over = done - most
        words = f"{number(done)} FTE {who}, at most {number(most)}"
        yield of_fte(rule, judge(over, stepped=stepped), words, where, over)


@checks(ChangeRoles)
def change_roles(rule: ChangeRoles, staffing: Staffing) -> Iterator[Finding]:
    """Check the limits of every way into another role."""
    for where in _pooled(rule, staffing):
        for role in staffing.roles[rule.staff]:
            for to_role, into in _career(staffing, role).into.items():
                flows = _flows(rule, staffing, into.by.value, where.period, role)
                gone = _sum(flow for flow in flows if flow.to_role == to_role)
                names = (staffing.question.role_name(r) for r in (role, to_role))
                words = " become ".join(names)
                yield from _of_way(rule, staffing, where, into, (role, words, gone))


def _of_way(
    rule: ChangeRoles,
    staffing: Staffing,
    where: Where,
    into: WayInto,
    set_out: tuple[str, str, Fraction],
) -> Iterator[Finding]:
    role, words, gone = set_out
    if isinstance(into.most, Decimal):
        most = Fraction(into.most)
        yield from _within(rule, where, words, gone, most, stepped=staffing.has_step(role))
    if into.most_share is not None:
        stock = _stock(staffing, into.most_share, role, where)
        most = Fraction(into.most_share.share) * stock
        yield from _within(rule, where, words, gone, most, stepped=False)


def _stock(staffing: Staffing, share: StockShare, role: str, where: Where) -> Fraction:
    """Add up those in post whom a share is of."""
    period = where.period if share.counted == "after" else staffing.before(where.period)
    of = share.of or role
    return sum((staffing.in_post(team, of, period) for team in where.teams), ZERO)


@checks(MakeRedundant)
def make_redundant(rule: MakeRedundant, staffing: Staffing) -> Iterator[Finding]:
    """Check how many are made redundant in a month, in all and of those there."""
    for where in _pooled(rule, staffing):
        flows = {
            role: _flows(rule, staffing, REDUNDANCY, where.period, role)
            for role in staffing.roles[rule.staff]
        }
        if not isinstance(rule.limit, Absent):
            everybody = _sum(flow for of_role in flows.values() for flow in of_role)
            stepped = all(staffing.has_step(role) for role in flows)
            limit = Fraction(rule.limit)
            yield from _within(rule, where, "made redundant", everybody, limit, stepped=stepped)
        for flow in (flow for of_role in flows.values() for flow in of_role):
            if rule.share is not None:
                there = staffing.in_post(flow.team, flow.role, staffing.before(where.period))
                most, name = Fraction(rule.share) * there, staffing.question.role_name(flow.role)
                own = Where(
                    staffing.name(flow.team), flow.team, (flow.team,), where.period, flow.role
                )
                words = f"{name} made redundant"
                yield from _within(rule, own, words, flow.fte, most, stepped=False)


@checks(RedeployStaff)
def redeploy_staff(rule: RedeployStaff, staffing: Staffing) -> Iterator[Finding]:
    """Check how many move to another team in a month."""
    if isinstance(rule.limit, Absent):
        return
    roles = staffing.roles[rule.staff]
    stepped = all(staffing.has_step(role) for role in roles)
    for where in _pooled(rule, staffing):
        moved = _sum(
            flow for role in roles for flow in _flows(rule, staffing, REDEPLOY, where.period, role)
        )
        limit = Fraction(rule.limit)
        yield from _within(rule, where, "moved to another team", moved, limit, stepped=stepped)


@checks(WorkShortTime)
def work_short_time(rule: WorkShortTime, staffing: Staffing) -> Iterator[Finding]:
    """Check that those on short time are there, and no more than may be."""
    for where in _pooled(rule, staffing):
        for role in staffing.roles[rule.staff]:
            flows = _flows(rule, staffing, SHORT_TIME, where.period, role)
            record, stepped = _career(staffing, role).short_time, staffing.has_step(role)
            who = f"{staffing.question.role_name(role)} on short time"
            if record is not None and isinstance(record.most, Decimal):
                most = Fraction(record.most)
                yield from _within(rule, where, who, _sum(flows), most, stepped=stepped)
            for flow in flows:
                own = Where(staffing.name(flow.team), flow.team, (flow.team,), where.period, role)
                there = staffing.in_post(flow.team, role, where.period)
                yield from _within(rule, own, who, flow.fte, there, stepped=False)


@checks(TrainByExperienced)
def train_by_experienced(rule: TrainByExperienced, staffing: Staffing) -> Iterator[Finding]:
    """Check that trainees have trainers enough, and that these have the time."""
    for where in places(staffing, rule.scope, Each.TEAM, staffing.question.teams_in(rule.scope)):
        team, period = where.teams[0], where.period
        for role in staffing.roles[rule.staff]:
            training = _career(staffing, role).trained_by
            if training is None or not staffing.carries(team, role):
                continue
            trainees = staffing.in_post(team, role, period)
            there = staffing.in_post(team, training.role, period)
            names = [staffing.question.role_name(r) for r in (role, training.role)]
            if training.each is not None:
                who = f"{names[0]} to {number(there)} FTE {names[1]}"
                most = Fraction(training.each) * there
                yield from _within(rule, where, who, trainees, most, stepped=False)
            if training.takes and trainees:
                short = -staffing.able(team, training.role, period)
                words = f"{names[1]} have time for {number(-short)} FTE of work beside training"
                yield of_fte(rule, judge(short, stepped=False), words, where, short)


@checks(RecruitWithinSupply)
def recruit_within_supply(rule: RecruitWithinSupply, staffing: Staffing) -> Iterator[Finding]:
    """Check that no more of a role join in a month than can be found."""
    for where in _pooled(rule, staffing):
        for role in staffing.roles[rule.staff]:
            supply = _career(staffing, role).supply
            if isinstance(supply, Decimal):
                joined = _sum(_flows(rule, staffing, JOIN, where.period, role))
                who = f"{staffing.question.role_name(role)} join"
                most, stepped = Fraction(supply), staffing.has_step(role)
                yield from _within(rule, where, who, joined, most, stepped=stepped)
