"""Whole heads of the FTE that is added: who is set up once, and who costs something beside pay."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Mask
from staffopt.algebra.expression import Expression, Rows
from staffopt.costs import factor
from staffopt.data import Data
from staffopt.instance.funds import FundKind
from staffopt.instance.prices import CostClass
from staffopt.instance.staff import SetUpHeads
from staffopt.quantity import common_measure
from staffopt.rulebook import StayWithinBudget
from staffopt.rules.variables import Variables

SET_UP, BESIDE_PAY = "set_up", "non_staffing"
"""What heads are paid for; the field of a role, and the name of what defines them."""

FINEST = Fraction(1, 10_000)
"""What FTE on no step are rounded to."""

MOST_ADDED = 200
"""FTE of a role that a team may have over its posts of today, and as many as the council has: 3,600
cases at 18 each; and a team that holds none may serve all the others."""


def heads_beside_pay(v: Variables, d: Data) -> Iterator[Expression]:
    """Yield whole heads of what is added in each period, of roles that cost something beside pay.

    They are at least the FTE: more are never a gain.
    """
    for added, mask, name in _groups(v, d, BESIDE_PAY):
        inside = mask & d.in_term
        heads = v.derived(f"{BESIDE_PAY} {name}", inside, Kind("heads"), BESIDE_PAY, quantum=1)
        rows = (heads >= added - _spare(d, mask, BESIDE_PAY)).where(inside)
        v.constrain(rows.tagged(unit="heads", suffix=f"{BESIDE_PAY} {name}"), BESIDE_PAY)
        yield heads


def heads_to_set_up(v: Variables, d: Data) -> Iterator[Expression]:
    """Yield whole heads of the most that has been added so far, of roles with a set-up cost.

    What is bought is kept by whoever comes next, so heads never fall, and what heads of before
    have room for needs none. They are no more than that either where it might pay to buy sooner.
    """
    for added, mask, name in _groups(v, d, SET_UP):
        wide = mask & v.every_period
        heads = v.derived(name, wide, Kind("heads"), SET_UP, quantum=1)
        before = heads.previous("period", first=d.table((), lambda: 0))
        more = added - _spare(d, mask, SET_UP)
        least = (heads >= more).where(mask & d.in_term)
        v.constrain(least.tagged(unit="heads", suffix=name), SET_UP)
        kept = (heads >= before).where(mask)
        v.constrain(kept.tagged(unit="heads", suffix=f"{name} kept"), SET_UP)
        gaining = [r for r in d.costs.costed(SET_UP) if _gains_sooner(d, r)]
        if gaining and len(d.period) > 1:
            _no_sooner(v, d, heads, more, mask & Mask.of(d.role, gaining), name)
        yield heads


_Group = tuple[Expression, Mask, str]
"""FTE added, the roles (and teams) that are counted, and the name of their heads."""


def _groups(v: Variables, d: Data, what: str) -> Iterator[_Group]:
    """Yield FTE added: pooled over (role, period), by team over (team) too."""
    roles = d.question.instance.roles
    changing = [r for r in d.costs.costed(what) if d.question.changes(r)]
    by_team = [r for r in changing if roles[r].set_up_heads is SetUpHeads.BY_TEAM]
    pooled = [r for r in changing if r not in by_team]
    if pooled:
        yield v.added.sum("team"), Mask.of(d.role, pooled), "heads"
    if by_team:
        mask = Mask.of(d.role, by_team) & d.mask((d.team,), lambda _: True)
        yield v.added, mask, "heads_by_team"


def _gains_sooner(d: Data, role: str) -> bool:
    """Say whether it might pay to buy a role's set-up before its heads are there.

    At a lower price, under another year's ceiling, before a fund's last month, or since one year's
    money is a goal of its own. Else when it is bought makes no difference to any sum.
    """
    asked, years = d.question, d.year.labels
    prices = {factor(asked, CostClass.SET_UP, year) for year in years}
    of_a_year = any(goal.year is not None for goal in asked.goals)
    payer = asked.fund_of_added(role, FundKind.ONE_OFF)
    held = payer is not None and asked.rule(StayWithinBudget) is not None
    return len(prices) > 1 or of_a_year or (held and (len(years) > 1 or payer in d.fund_ends))


def _no_sooner(
    v: Variables, d: Data, heads: Expression, more: Expression, mask: Mask, name: str
) -> None:
    """Hold heads at no more than the most that has been added so far, rounded up.

    The next head begins a measure of the FTE's lattice above the last. Where posts never fall, the
    most so far is what is added now; else, or where whole heads are to spare, a choice says whether
    heads are kept or follow it.
    """
    room = d.table((d.role,), lambda r: d.number(1 - _measure(d, r)))
    before = heads.previous("period", first=d.table((), lambda: 0))
    over = mask & v.every_period & ~d.in_term
    _define(v, (heads <= before).where(over), f"{name} none new")
    inside = mask & d.in_term
    if v.only_adds and not _whole_heads_to_spare(d, mask):
        _define(v, (heads <= more + room).where(inside), f"{name} no sooner")
        return
    most = _most(d, by_team=_by_team(mask)) + _spare(d, mask, SET_UP)
    grow = v.derived(f"{name} grow", inside, Kind("choices"), SET_UP, quantum=1, upper=1)
    _define(v, (heads <= before + grow * most).where(inside), f"{name} kept unless they grow")
    _define(v, (heads <= more + room + (1 - grow) * most).where(inside), f"{name} no sooner")
    if not v.only_adds:
        _added_exactly(v, d, name, Mask.of(d.role, mask.labels("role", mask.axes)))


def _added_exactly(v: Variables, d: Data, name: str, roles: Mask) -> None:
    """Hold what is added at what is added and not cut, and no more."""
    where, most = d.can_change & roles & d.in_term, _most(d, by_team=True)
    adds = v.derived(f"{name} adds", where, Kind("choices"), SET_UP, quantum=1, upper=1)
    _define(v, (v.added <= v.change + (1 - adds) * most).where(where), f"{name} as changed")
    _define(v, (v.added <= adds * most).where(where), f"{name} nothing where cut")


def _define(v: Variables, rows: Rows, words: str) -> None:
    v.constrain(rows.tagged(unit="heads", suffix=words, defines=True), SET_UP)


def _measure(d: Data, role: str) -> Fraction:
    """Return the least distance between FTE added of a role, or from them to a head."""
    step = Fraction(d.question.instance.roles[role].step) or FINEST
    spare = (_spare_of(d, role, team) for team in d.team.labels)
    return common_measure([step, Fraction(1), *spare])


def _by_team(mask: Mask) -> bool:
    return "team" in {axis.name for axis in mask.axes}


def _spare_of(d: Data, role: str, *teams: str) -> Fraction:
    """Return the FTE that heads of before have room for in some teams."""
    records = d.question.instance.teams
    return sum((Fraction(records[t].spare_heads.get(role, 0)) for t in teams), Fraction(0))


def _spare(d: Data, mask: Mask, what: str) -> Expression:
    """The same of all teams over (role), or over (team, role).

    Equipment may be to spare for whole heads; beside pay only the rest of a head costs nothing.
    """

    def room(role: str, *teams: str) -> Fraction | float:
        spare = _spare_of(d, role, *teams)
        return d.number(spare if what == SET_UP else spare % 1)

    if _by_team(mask):
        return d.table((d.team, d.role), lambda team, role: room(role, team))
    return d.table((d.role,), lambda role: room(role, *d.team.labels))


def _whole_heads_to_spare(d: Data, mask: Mask) -> bool:
    """Say whether a head or more is to spare anywhere: then more than these may be below zero."""
    groups = [(t,) for t in d.team.labels] if _by_team(mask) else [tuple(d.team.labels)]
    roles = mask.labels("role", mask.axes)
    return any(_spare_of(d, role, *teams) >= 1 for role in roles for teams in groups)


def _most(d: Data, *, by_team: bool) -> Expression:
    """Return more FTE than any plan has of a role: over (team, role), or (role) of all teams.

    Whatever the cases are: a role may stand in one team that holds none, and serve all the others.
    The less the room is, the better a solver tells whole heads from parts: with 1,000 FTE in it
    HiGHS 1.13.1 missed the least cost of a council of three teams.
    """
    teams, roles = d.team.labels, d.role.labels
    there = sum((Fraction(d.posts_today(t, r)) for t in teams for r in roles), Fraction(0))
    wide = d.today + d.number(MOST_ADDED + there)
    return wide if by_team else wide.sum("team")
