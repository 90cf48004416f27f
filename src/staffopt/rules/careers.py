"""What the solver is told of careers: who takes up which role, moves, leaves or trains others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial

from staffopt.algebra.axes import Mask
from staffopt.algebra.expression import Expression, Rows
from staffopt.algebra.program import ParameterKind
from staffopt.data import Data
from staffopt.instance.careers import RoleChange, StockShare, WayInto
from staffopt.quantity import Absent
from staffopt.rulebook import (
    JOIN,
    REDEPLOY,
    REDUNDANCY,
    SHORT_TIME,
    ChangeRoles,
    MakeRedundant,
    OfCareers,
    RecruitWithinSupply,
    RedeployStaff,
    Rule,
    TrainByExperienced,
    WorkShortTime,
)
from staffopt.rules.flows import Declared, declares
from staffopt.rules.registry import compiles
from staffopt.rules.variables import Variables


def _own(rule: OfCareers, d: Data) -> Mask:
    """Where a rule holds: over (team, role), of people who are carried forward."""
    return d.carried & d.scope(rule.scope) & d.kind(rule.staff)


def _declared(
    d: Data, kind: type[Rule], roles: Callable[[str], bool], *others: Mask
) -> Declared | None:
    """Declare a flow where rules of one kind hold, of some roles, over some further axes."""
    mask = d.mask((d.team, d.role), lambda *_: False)
    for rule in d.question.rules:
        if isinstance(rule, kind):
            assert isinstance(rule, OfCareers)
            mask |= _own(rule, d)
    mask &= d.mask((d.role,), roles)
    for other in others:
        mask &= other
    if not mask.values.any():
        return None
    return Declared(mask & d.mask((d.period,), lambda _: True), d.step)


def _into(d: Data, role: str, to_role: str) -> WayInto | None:
    career = d.question.instance.roles[role].career
    return career.into.get(to_role) if career else None


def _change(change: RoleChange, d: Data) -> Declared | None:
    """Whoever may take up another role that is carried forward in their team."""

    def leads(role: str, to_role: str) -> bool:
        into = _into(d, role, to_role)
        return into is not None and into.by is change

    ways = d.mask((d.role, d.to_role), leads)
    arrives = d.mask((d.team, d.to_role), d.is_carried)
    return _declared(d, ChangeRoles, lambda _: True, ways, arrives)


for _by in RoleChange:
    declares(_by.value)(partial(_change, _by))


@declares(REDUNDANCY)
def redundancy(d: Data) -> Declared | None:
    """Whoever may be made redundant, at a cost that is given."""
    roles = d.question.instance.roles

    def offers(role: str) -> bool:
        career = roles[role].career
        return career is not None and career.redundancy is not None

    return _declared(d, MakeRedundant, offers)


@declares(REDEPLOY)
def redeploy(d: Data) -> Declared | None:
    """Whoever may move to another team of a rule's scope, at a cost that is given."""
    roles = d.question.instance.roles
    rules = [rule for rule in d.question.rules if isinstance(rule, RedeployStaff)]
    scopes = [frozenset(d.question.teams_in(rule.scope)) for rule in rules]

    def offers(role: str) -> bool:
        career = roles[role].career
        return career is not None and career.redeployment is not None

    def apart(team: str, to_team: str) -> bool:
        return team != to_team and any({team, to_team} <= scope for scope in scopes)

    between = d.mask((d.team, d.to_team), apart)
    arrives = d.mask((d.to_team, d.role), d.is_carried)
    return _declared(d, RedeployStaff, offers, between, arrives)


@declares(SHORT_TIME)
def short_time(d: Data) -> Declared | None:
    """Whoever may work short time."""
    roles = d.question.instance.roles

    def offers(role: str) -> bool:
        career = roles[role].career
        return career is not None and career.short_time is not None

    return _declared(d, WorkShortTime, offers)


@compiles(ChangeRoles, reads=())
def change_roles(rule: ChangeRoles, v: Variables, d: Data) -> Iterator[Rows]:
    """No more set out on a way than its limit, and than its share of a stock."""
    for role in d.question.roles_of(rule.staff):
        for to_role in d.role.labels:
            into = _into(d, role, to_role)
            flow = v.flows.of(into.by) if into is not None else None
            if into is None or flow is None:
                continue
            way = flow.moved.where(d.scope(rule.scope)).at("role", role).at("to_role", to_role)
            gone, path = way.sum("team"), f"roles.{role}.career.into.{to_role}"
            name = f"{role} into {to_role}"
            if not isinstance(into.most, Absent):
                yield _limited(gone, into.most, f"{path}.most").tagged(suffix=name)
            if into.most_share is not None:
                share = into.most_share
                stock = _stock(share, role, v, d).where(d.scope(rule.scope)).sum("team")
                yield (gone <= stock * share.share).tagged(
                    parameter=f"{path}.most_share.share",
                    kind=ParameterKind.COEFFICIENT,
                    suffix=f"{name} by share",
                )


def _limited(form: Expression, most: Decimal, path: str) -> Rows:
    """Hold a form to a figure in every period."""
    return (form <= most).tagged(parameter=path, kind=ParameterKind.RIGHT_HAND_SIDE, factor=1.0)


def _stock(share: StockShare, leaving: str, v: Variables, d: Data) -> Expression:
    """The stock that a share is of, over (team, period)."""
    stock = v.in_post if share.counted == "after" else _before(v, d)
    return stock.at("role", share.of or leaving)


def _before(v: Variables, d: Data) -> Expression:
    """Those in post at the end of the month before, over (team, role, period)."""
    return v.in_post.previous("period", first=d.people)


@compiles(MakeRedundant, reads=())
def make_redundant(rule: MakeRedundant, v: Variables, d: Data) -> Iterator[Rows]:
    """No more are made redundant than the limit, and than their share of those there."""
    flow = v.flows.of(REDUNDANCY)
    if flow is None:
        return
    own = _own(rule, d)
    if not isinstance(rule.limit, Absent):
        gone = flow.moved.where(own).sum("team", "role")
        yield _limited(gone, rule.limit, rule.path("limit")).tagged(suffix="limit")
    if rule.share is not None:
        yield (
            (flow.moved <= _before(v, d) * rule.share)
            .where(own & flow.where)
            .tagged(parameter=rule.path("share"), kind=ParameterKind.COEFFICIENT, suffix="share")
        )


@compiles(RedeployStaff, reads=())
def redeploy_staff(rule: RedeployStaff, v: Variables, d: Data) -> Iterator[Rows]:
    """No more move in a month than the limit."""
    flow = v.flows.of(REDEPLOY)
    if flow is not None and not isinstance(rule.limit, Absent):
        moved = flow.moved.where(_own(rule, d)).sum("team", "role", "to_team")
        yield _limited(moved, rule.limit, rule.path("limit"))


@compiles(WorkShortTime, reads=())
def work_short_time(rule: WorkShortTime, v: Variables, d: Data) -> Iterator[Rows]:
    """No more work short time than there are, and than may."""
    flow = v.flows.of(SHORT_TIME)
    if flow is None:
        return
    own, roles = _own(rule, d), d.question.instance.roles
    there = (flow.moved <= v.in_post).where(own & flow.where)
    yield there.tagged(suffix="who is there", defines=True)
    for role in d.question.roles_of(rule.staff):
        career = roles[role].career
        most = career.short_time.most if career and career.short_time else Absent.UNLIMITED
        if not isinstance(most, Absent):
            short = flow.moved.where(own).at("role", role).sum("team")
            path = f"roles.{role}.career.short_time.most"
            yield _limited(short, most, path).tagged(suffix=role)


@compiles(TrainByExperienced, reads=())
def train_by_experienced(rule: TrainByExperienced, v: Variables, d: Data) -> Iterator[Rows]:
    """Trainees have trainers enough, and trainers no less than no time left."""
    for role in d.question.roles_of(rule.staff):
        career = d.question.instance.roles[role].career
        training = career.trained_by if career else None
        if training is None:
            continue
        where = _own(rule, d) & Mask.of(d.role, [role])
        teams = d.mask((d.team,), lambda t, r=role: d.is_carried(t, r)) & d.scope(rule.scope)
        trainers = Mask.of(d.role, [training.role])
        if training.each is not None:
            there = v.in_post.at("role", training.role)
            yield (
                (v.in_post <= there * training.each)
                .where(where)
                .tagged(
                    parameter=f"roles.{role}.career.trained_by.each",
                    kind=ParameterKind.COEFFICIENT,
                    suffix=f"trainers of {role}",
                )
            )
        if training.takes:
            left = v.able >= d.table((), lambda: 0)
            yield left.where(teams & trainers).tagged(suffix=f"time to train {role}", defines=True)


@compiles(RecruitWithinSupply, reads=())
def recruit_within_supply(rule: RecruitWithinSupply, v: Variables, d: Data) -> Iterator[Rows]:
    """No more of a role join in a month than can be found."""
    flow = v.flows.of(JOIN)
    for role in d.question.roles_of(rule.staff) if flow is not None else ():
        career = d.question.instance.roles[role].career
        if flow is not None and career is not None and not isinstance(career.supply, Absent):
            joined = flow.moved.where(_own(rule, d)).at("role", role).sum("team")
            path = f"roles.{role}.career.supply"
            yield _limited(joined, career.supply, path).tagged(suffix=role)
