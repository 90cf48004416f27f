"""What the solver minimises: one function a goal."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Mask
from staffopt.algebra.builder import Builder
from staffopt.algebra.expression import Expression
from staffopt.algebra.program import Ratio
from staffopt.data import Data, known
from staffopt.errors import UnknownName
from staffopt.model.schema import Goal, GoalName
from staffopt.question import ALL
from staffopt.rules.lattice import lattice_of
from staffopt.rules.managed_terms import HIRE
from staffopt.rules.registry import Figures
from staffopt.rules.variables import Variables, nothing_is_cut

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
    builder.goal(goal.minimise, rate, "pounds a year", within=HALF_A_POUND)


def cost(goal: Goal, v: Variables, d: Data, builder: Builder) -> None:
    """New money and penalties that fall in a financial year, or in the calendar."""
    by_year = v.ledger.net + v.ledger.penalty
    if goal.year is None:
        builder.goal(goal.minimise, by_year.sum("year"), "pounds", within=HALF_A_POUND)
        return
    if goal.year not in d.year.labels:
        raise UnknownName("financial year", goal.year, d.year.labels)
    builder.goal(
        f"{goal.minimise} {goal.year}", by_year.at("year", goal.year), "pounds", within=HALF_A_POUND
    )


def worst_caseload(goal: Goal, v: Variables, d: Data, builder: Builder) -> None:
    """The highest average: push ρ up under FTE ≥ ρ · cases, since cases are data."""
    teams = [t for t in d.question.teams_in(goal.scope or ALL) if known(d.question.cases(t))]
    inside = Mask.of(d.team, teams)
    nowhere = d.mask((), lambda: bool(teams))
    least = v.derived("least_fte_per_case", nowhere, Kind("FTE per case"), goal.minimise)
    fte = v.fte(goal.basis, goal.minimise).where(inside)
    builder.add((fte >= least * d.cases).where(inside), goal.minimise)
    cells = inside.labels("team", fte.axes)
    lattices = {t: lattice_of(d, (t,), goal.basis) for t in teams}
    ratio = Ratio(
        weights=tuple(Fraction(known(d.question.cases(t))) for t in cells),
        lattices=tuple((lattices[t].base, lattices[t].step) for t in cells),
        unit="cases per FTE",
    )
    builder.ratio_goal(goal.minimise, least, fte, inside, ratio)


def change_from_today(goal: Goal, v: Variables, d: Data, builder: Builder) -> None:
    """FTE added or cut, over all periods, packages taken and managed teams bought."""
    moved = _moved(v, d, builder).sum("team", "role", "period")
    whole = v.taken.sum("package") + v.started.sum(*HIRE)
    builder.goal(goal.minimise, moved + whole, "FTE", within=A_MILLIONTH)


def _moved(v: Variables, d: Data, builder: Builder) -> Expression:
    """The size of every change: the change itself where nothing can be cut."""
    if nothing_is_cut(d.question):
        return v.change
    mask = d.can_change & d.mask((d.period,), lambda _: True)
    size = v.derived("size_of_change", mask, Kind("FTE"), GoalName.CHANGE_FROM_TODAY)
    builder.add(size >= v.change, GoalName.CHANGE_FROM_TODAY)
    builder.add(size >= -v.change, GoalName.CHANGE_FROM_TODAY)
    return size


GOALS_READ: dict[GoalName, frozenset[Figures]] = {
    GoalName.FULL_YEAR_COST: frozenset(),
    GoalName.COST: frozenset(),
    GoalName.WORST_CASELOAD: frozenset({Figures.CASES}),
    GoalName.CHANGE_FROM_TODAY: frozenset(),
}
"""Which figures a goal reads, as :func:`staffopt.rules.registry.compiles` has it for rules."""

GOALS: dict[GoalName, GoalWriter] = {
    GoalName.FULL_YEAR_COST: full_year_cost,
    GoalName.COST: cost,
    GoalName.WORST_CASELOAD: worst_caseload,
    GoalName.CHANGE_FROM_TODAY: change_from_today,
}
