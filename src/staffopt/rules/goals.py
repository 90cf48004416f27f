"""What the solver minimises: one function a goal."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Mask
from staffopt.algebra.builder import Builder
from staffopt.algebra.expression import Expression
from staffopt.algebra.program import ParameterKind
from staffopt.data import Data
from staffopt.errors import Fault, InputError, Place, UnknownName
from staffopt.instance.staff import AGENCY, RoleKind
from staffopt.model.schema import Goal, GoalName
from staffopt.quantity import common_measure
from staffopt.question import ALL
from staffopt.rulebook import REDUNDANCY, Basis, Denominator
from staffopt.rules.bands import upper_edge
from staffopt.rules.cases import Held, no_split
from staffopt.rules.filling import Filling
from staffopt.rules.goal_limits import of_limit
from staffopt.rules.lattice import lattice_of
from staffopt.rules.managed_terms import HIRE
from staffopt.rules.placing import Placing
from staffopt.rules.ratio_goals import worst_caseload, worst_uncovered
from staffopt.rules.registry import Figures
from staffopt.rules.variables import Variables

HALF_A_POUND = 0.5
"""How closely a cost on no lattice is held by later goals: it is optimal within a pound."""

A_MILLIONTH = 1e-6
"""How closely FTE on no lattice are held."""

GoalWriter = Callable[[Goal, Variables, Data, Builder], None]


def write_goal(goal: Goal, v: Variables, d: Data, builder: Builder) -> None:
    """Add one goal to the program."""
    GOALS[goal.minimise](goal, v, d, builder)


def full_year_cost(goal: Goal, v: Variables, d: Data, builder: Builder) -> None:
    """Annual rate of everything added, packages included, and of softened rules missed."""
    rate = v.ledger.full_year + v.ledger.penalty_rate
    _minimise(goal, goal.minimise, rate, "pounds a year", d, builder)


def _minimise(
    goal: Goal, name: str, form: Expression, unit: str, d: Data, builder: Builder
) -> None:
    """Add a goal that is a sum, with its limit if it has one."""
    builder.goal(name, form, unit, within=HALF_A_POUND if "pounds" in unit else A_MILLIONTH)
    if goal.at_most is not None:
        limit = (form <= d.number(Fraction(goal.at_most))).tagged(unit=unit, factor=1.0)
        builder.add(of_limit(limit, goal, d, ParameterKind.RIGHT_HAND_SIDE), name)


def cost(goal: Goal, v: Variables, d: Data, builder: Builder) -> None:
    """New money and penalties that fall in a financial year, or in the calendar."""
    by_year = v.ledger.net + v.ledger.penalty
    if goal.year is None:
        _minimise(goal, goal.minimise, by_year.sum("year"), "pounds", d, builder)
        return
    if goal.year not in d.year.labels:
        raise UnknownName("financial year", goal.year, d.year.labels)
    in_year = by_year.at("year", goal.year)
    _minimise(goal, goal.label, in_year, "pounds", d, builder)


def spend(goal: Goal, v: Variables, d: Data, builder: Builder) -> None:
    """Money charged to a fund in a financial year, as its ceiling counts it; or the sum of such."""
    charged = d.table((d.fund, d.year), lambda *_: 0) + v.ledger.new + v.ledger.today
    for axis, label in ((d.fund, goal.fund), (d.year, goal.year)):
        if label is None:
            charged = charged.sum(axis.name)
        elif label in axis.labels:
            charged = charged.at(axis.name, label)
        else:
            kind = "fund" if axis is d.fund else "financial year"
            raise UnknownName(kind, label, axis.labels)
    _minimise(goal, goal.label, charged, "pounds", d, builder)


def penalty(goal: Goal, v: Variables, d: Data, builder: Builder) -> None:
    """What missing softened rules, and bands at a price, weigh, as an annual rate."""
    _minimise(goal, goal.minimise, v.ledger.penalty_rate, "pounds a year", d, builder)


def cases_above_band(goal: Goal, v: Variables, d: Data, builder: Builder) -> None:
    """Cases above a band's upper edge times FTE; of every role where cases are split.

    What is above is declared in FTE: where those are continuous, rounding them moves it as far.
    """
    assert goal.band is not None  # settled with the question
    edge = upper_edge(d, goal.band)
    scope = d.question.teams_in(goal.scope or ALL)
    teams = [t for t in scope if d.most_cases(t) or v.cases_flow((t,))]
    by_role = v.held is not None and goal.basis is Basis.REPORTED
    split = set(v.held.teams) if v.held is not None and by_role else set()
    whole = tuple(t for t in teams if t not in split)
    fte = v.fte(goal.basis, goal.minimise, goal.denominator)
    quanta = _team_quanta(goal, whole, edge, d)
    quanta |= {cell: Fraction(0) for cell in quanta if v.cases_flow(cell[:1])}  # on no step
    above = _above(goal, d, builder, v.cases / d.number(edge) - fte, quanta)
    total = above.sum("team", "period") * d.number(edge)
    if v.held is not None and split & {*teams}:
        holders = v.able * d.counted(Denominator.CASE_HOLDERS)
        by_cell = _role_quanta(v.held, sorted(split & {*teams}), edge, d)
        by_role_above = _above(goal, d, builder, v.held.cases / d.number(edge) - holders, by_cell)
        total += by_role_above.sum("team", "role", "period") * d.number(edge)
    _minimise(goal, goal.minimise, total, "cases", d, builder)


Quanta = dict[tuple[str, ...], Fraction]
"""Cell → the step on which what is above a band lies; 0 where it is on none."""


def _above(goal: Goal, d: Data, builder: Builder, over: Expression, quanta: Quanta) -> Expression:
    """Declare the positive part of an expression in some cells, FTE, on its own steps."""
    by_role = "role" in {axis.name for axis in over.axes}
    axes = (d.team, d.role) if by_role else (d.team, *d.moments)
    mask = d.mask(axes, lambda *cell: cell in quanta)
    above = builder.variable(
        "cases_above",
        mask & d.mask((d.period,), lambda _: True),
        Kind("FTE"),
        rule=goal.minimise,
        quantum=d.table(axes, lambda *cell: d.number(quanta.get(cell, Fraction(0)))),
    )
    builder.add((above >= over).where(mask), goal.minimise)
    return above


def _team_quanta(goal: Goal, teams: tuple[str, ...], edge: Fraction, d: Data) -> Quanta:
    quanta: Quanta = {}
    for team in teams:
        for when in d.times:
            lattice = lattice_of(d, (team,), goal.basis, goal.denominator, when=when)
            start = d.cases_at(team, *when) / edge - lattice.base
            terms = [start] if lattice.fixed else [start, lattice.step or Fraction(0)]
            quanta[team, *when] = Fraction(0) if lattice.step is None else common_measure(terms)
    return quanta


def _role_quanta(held: Held, teams: list[str], edge: Fraction, d: Data) -> Quanta:
    places = Mask.of(d.team, teams) & held.places & d.kind(RoleKind.CASE_HOLDER)
    quanta: Quanta = {}
    for t, r in zip(*np.nonzero(places.spread((d.team, d.role))), strict=True):
        team, role = d.team.labels[t], d.role.labels[r]
        lattice = lattice_of(d, (team,), Basis.REPORTED, Denominator.CASE_HOLDERS, (role,))
        terms = [Fraction(held.rule.quantum) / edge, lattice.base]
        terms += [] if lattice.fixed else [lattice.step or Fraction(0)]
        quanta[team, role] = Fraction(0) if lattice.step is None else common_measure(terms)
    return quanta


def unallocated_cases(goal: Goal, v: Variables, d: Data, builder: Builder) -> None:
    """Cases that nobody holds, over teams and periods."""
    if v.held is None:
        raise InputError([no_split(goal.minimise)])
    teams = d.scope(goal.scope or ALL)
    nobodys = v.held.unallocated.where(teams).sum("team", "period")
    _minimise(goal, goal.minimise, nobodys, "cases", d, builder)


def change_from_today(goal: Goal, v: Variables, d: Data, builder: Builder) -> None:
    """FTE added or cut, of posts and of people apart, packages taken and managed teams bought.

    Of people who are carried forward it counts who joins, is let go or moves.
    """
    moved = _moved(v, d, builder).sum("team", "role", "period")
    if v.filling is not None:
        moved += _people_moved(v.filling, v, d, builder).sum("team", "role", "period")
    if v.stocks is not None:
        moved += (v.flows.joined(d) + v.flows.taken(d)).sum("team", "role", "period")
    whole = v.taken.sum("package") + (v.started * v.terms.decided).sum(*HIRE)
    _minimise(goal, goal.minimise, moved + whole, "FTE", d, builder)


def _moved(v: Variables, d: Data, builder: Builder) -> Expression:
    """The size of every change: the change itself where nothing can be cut."""
    if v.only_adds:
        return v.change
    mask = d.can_change & d.in_term
    size = v.derived("size_of_change", mask, Kind("FTE"), GoalName.CHANGE_FROM_TODAY)
    for way in (v.change, -v.change):
        builder.add((size >= way).where(mask), GoalName.CHANGE_FROM_TODAY)
    return size


def _people_moved(filling: Filling, v: Variables, d: Data, builder: Builder) -> Expression:
    """The size of every change of people: the change itself where nobody may leave."""
    if filling.added is filling.change:
        return filling.change
    apart = d.filled & ~d.carried
    mask = apart & d.in_term
    size = v.derived("size_of_people_change", mask, Kind("FTE"), GoalName.CHANGE_FROM_TODAY)
    for way in (filling.change, -filling.change):
        builder.add((size >= way).where(mask), GoalName.CHANGE_FROM_TODAY)
    return size


def agency_use(goal: Goal, v: Variables, d: Data, builder: Builder) -> None:
    """FTE of agency staff in post, over the periods by their months."""
    teams = d.scope(goal.scope or ALL)
    there = v.in_post.where(d.tagged(AGENCY) & teams).sum("team", "role")
    used = (there * d.months.sum("year")).sum("period")
    _minimise(goal, goal.minimise, used, "FTE months", d, builder)


def redundancies(goal: Goal, v: Variables, d: Data, builder: Builder) -> None:
    """FTE made redundant, over teams, roles and periods; none where no rule lets anybody be."""
    flow = v.flows.of(REDUNDANCY)
    none = d.table((), lambda: 0)
    gone = none if flow is None else none + flow.moved.sum("team", "role", "period")
    _minimise(goal, goal.minimise, gone, "FTE", d, builder)


def open_cases(goal: Goal, v: Variables, d: Data, builder: Builder) -> None:
    """Cases open at the end of each period, over teams whose cases flow."""
    if v.case_flow is None:
        what = f"{goal.minimise} asks how many cases stay open, and no rule of the model says so"
        raise InputError([Fault("no-flow", what, "Add the rule flow_cases.")])
    total = v.case_flow.cases.where(d.scope(goal.scope or ALL)).sum("team", "period")
    _minimise(goal, goal.minimise, total, "cases", d, builder)


def preferences_unmet(goal: Goal, v: Variables, d: Data, builder: Builder) -> None:
    """People who asked and got no wish down to a rank."""
    unmet = _placing(goal, v).unmet(goal.rank or "first").sum("person")
    _minimise(goal, goal.label, unmet, "people", d, builder)


def moves(goal: Goal, v: Variables, d: Data, builder: Builder) -> None:
    """People placed in another team than today's."""
    _minimise(goal, goal.minimise, _placing(goal, v).moves, "people", d, builder)


def _placing(goal: Goal, v: Variables) -> Placing:
    """Return who is placed where.

    Raises:
        InputError: if no rule places anybody.
    """
    if v.placing is None:
        what = f"{goal.minimise} goes by where people are placed, and the model places nobody"
        mend = "Add the rule place_everyone, or take the goal out."
        raise InputError([Fault("no-places", what, mend, Place(path="model.goals"))])
    return v.placing


GOALS_READ: dict[GoalName, frozenset[Figures]] = {
    GoalName.FULL_YEAR_COST: frozenset(),
    GoalName.COST: frozenset(),
    GoalName.SPEND: frozenset(),
    GoalName.PENALTY: frozenset(),
    GoalName.WORST_CASELOAD: frozenset({Figures.CASES}),
    GoalName.CASES_ABOVE_BAND: frozenset({Figures.CASES}),
    GoalName.UNALLOCATED_CASES: frozenset(),
    GoalName.CHANGE_FROM_TODAY: frozenset(),
    GoalName.AGENCY_USE: frozenset(),
    GoalName.REDUNDANCIES: frozenset(),
    GoalName.OPEN_CASES: frozenset(),
    GoalName.WORST_UNCOVERED: frozenset(),
    GoalName.PREFERENCES_UNMET: frozenset(),
    GoalName.MOVES: frozenset(),
}
"""Which figures a goal reads, as :func:`staffopt.rules.registry.compiles` has it for rules."""

GOALS: dict[GoalName, GoalWriter] = {
    GoalName.AGENCY_USE: agency_use,
    GoalName.OPEN_CASES: open_cases,
    GoalName.FULL_YEAR_COST: full_year_cost,
    GoalName.COST: cost,
    GoalName.SPEND: spend,
    GoalName.PENALTY: penalty,
    GoalName.WORST_CASELOAD: worst_caseload,
    GoalName.CASES_ABOVE_BAND: cases_above_band,
    GoalName.UNALLOCATED_CASES: unallocated_cases,
    GoalName.CHANGE_FROM_TODAY: change_from_today,
    GoalName.REDUNDANCIES: redundancies,
    GoalName.WORST_UNCOVERED: worst_uncovered,
    GoalName.PREFERENCES_UNMET: preferences_unmet,
    GoalName.MOVES: moves,
}
