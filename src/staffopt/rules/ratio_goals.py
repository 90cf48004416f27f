"""Goals of the worst ratio, of cases or posts to FTE, where the former are data.

The greatest quotient is not linear: an unknown is pushed up under every FTE divided by what it is
held against, and the exact meaning goes with the goal (:class:`staffopt.algebra.program.Ratio`).
"""

from __future__ import annotations

from fractions import Fraction

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Mask
from staffopt.algebra.builder import Builder
from staffopt.algebra.expression import Expression
from staffopt.algebra.program import ParameterKind, Ratio
from staffopt.data import Data
from staffopt.errors import Fault, InputError, Place
from staffopt.model.schema import Goal
from staffopt.question import ALL
from staffopt.rulebook import Each
from staffopt.rules.case_flow import needs_data
from staffopt.rules.goal_limits import of_limit
from staffopt.rules.lattice import lattice_of, lattice_of_people
from staffopt.rules.pooling import pooled
from staffopt.rules.variables import Variables


def worst_caseload(goal: Goal, v: Variables, d: Data, builder: Builder) -> None:
    """The highest average: push ρ up under FTE ≥ ρ · cases, since cases are data."""
    teams = [t for t in d.question.teams_in(goal.scope or ALL) if d.most_cases(t)]
    if v.cases_flow(d.question.teams_in(goal.scope or ALL)):
        raise InputError([needs_data(str(goal.minimise), "goal of the worst caseload")])
    inside = d.with_cases(teams)
    nowhere = d.mask((), lambda: bool(teams))
    least = v.derived("least_fte_per_case", nowhere, Kind("FTE per case"), goal.minimise)
    fte = v.fte(goal.basis, goal.minimise, goal.denominator).where(Mask.of(d.team, teams))
    builder.add((fte >= least * d.cases).where(inside), goal.minimise)
    cells = list(zip(*(inside.labels(a.name, fte.axes) for a in inside.axes), strict=True))
    lattices = {
        (t, *when): lattice_of(d, (t,), goal.basis, goal.denominator, when=when)
        for t in teams
        for when in d.times
    }
    ratio = Ratio(
        weights=tuple(d.cases_at(*cell) for cell in cells),
        lattices=tuple((lattices[cell].base, lattices[cell].step) for cell in cells),
        unit="cases per FTE",
    )
    builder.ratio_goal(goal.minimise, least, fte, inside, ratio)
    if goal.at_most is not None:
        most = _above_0(goal)
        floors = {cell: lattice.up(d.cases_at(*cell) / most) for cell, lattice in lattices.items()}
        _keep_below(goal, fte, inside, floors, d, builder)


def worst_uncovered(goal: Goal, v: Variables, d: Data, builder: Builder) -> None:
    """Posts per FTE in post of the worst area: push ρ up under FTE ≥ ρ · posts, which are data.

    The rate of uncovered vacancies, 1 - FTE ÷ posts, is least with it.

    Raises:
        InputError: if the model may change the posts.
    """
    teams = d.question.teams_in(goal.scope or ALL)
    posts = {
        group: fte
        for group, own in _groups(goal, teams, d).items()
        if (fte := _posts_of(goal, own, d))
    }
    axis = d.area if goal.each is Each.AREA else d.team
    inside = Mask.of(axis, posts)
    nowhere = d.mask((), lambda: bool(posts))
    least = v.derived("least_fte_per_post", nowhere, Kind("FTE per post"), goal.minimise)
    own = v.in_post.where(d.kind(goal.staff) & d.scope(goal.scope or ALL)).sum("role")
    there = pooled(own, goal.each, d).where(inside)
    funded = d.table((axis,), lambda group: posts.get(group, Fraction(0)))
    builder.add((there >= least * funded).where(inside), goal.minimise)
    cells = inside.labels(axis.name, there.axes)
    lattices = {
        g: lattice_of_people(d, own, goal.staff) for g, own in _groups(goal, teams, d).items()
    }
    ratio = Ratio(
        weights=tuple(posts[group] for group in cells),
        lattices=tuple((lattices[group].base, lattices[group].step) for group in cells),
        unit="posts per FTE in post",
    )
    builder.ratio_goal(goal.minimise, least, there, inside, ratio)
    if goal.at_most is not None:
        most = _above_0(goal)
        floors: Floors = {(g,): lattices[g].up(fte / most) for g, fte in posts.items()}
        _keep_below(goal, there, inside, floors, d, builder)


def _groups(goal: Goal, teams: tuple[str, ...], d: Data) -> dict[str, tuple[str, ...]]:
    """Sort teams by area, or leave each to itself."""
    records = d.question.instance.teams
    groups: dict[str, tuple[str, ...]] = {}
    for team in teams:
        group = records[team].area or team if goal.each is Each.AREA else team
        groups[group] = (*groups.get(group, ()), team)
    return groups


def _posts_of(goal: Goal, teams: tuple[str, ...], d: Data) -> Fraction:
    """Add up posts of a kind, which are data here.

    Raises:
        InputError: if the model may change them, or some of them end.
    """
    roles = d.question.roles_of(goal.staff)
    if ending := [r for r in roles if r in d.role_ends]:
        what = f"{goal.minimise} needs posts of {goal.staff} to stay, and those of {ending[0]} end"
        mend = "Take `ends` off the role, or the goal out of the model."
        raise InputError([Fault("posts-end", what, mend, Place(path=f"roles.{ending[0]}.ends"))])
    if any(d.posts_move(team, role) for team in teams for role in roles):
        what = f"{goal.minimise} needs posts of {goal.staff} to stay, and the model may change them"
        mend = f"Take {goal.staff} out of may_change, or the goal out of the model."
        raise InputError([Fault("posts-move", what, mend, Place(path="model.goals"))])
    return sum((Fraction(d.posts_today(t, r)) for t in teams for r in roles), Fraction(0))


Floors = dict[tuple[str, ...], Fraction]
"""Cell → the least FTE."""


def _above_0(goal: Goal) -> Fraction:
    """Return the most that a ratio to FTE may come to.

    Raises:
        InputError: if that is 0, which no FTE bring a ratio to.
    """
    if not goal.at_most:
        what = f"{goal.minimise} is at most 0, and no FTE bring an average to 0"
        place = Place(path="model.goals")
        raise InputError([Fault("no-average-of-0", what, "Give a figure above 0.", place)])
    return Fraction(goal.at_most)


def _keep_below(
    goal: Goal,
    fte: Expression,
    inside: Mask,
    floors: Floors,
    d: Data,
    builder: Builder,
) -> None:
    """Keep every ratio at or below its limit: FTE at least what that takes, cell by cell."""
    least = d.table(inside.axes, lambda *cell: d.number(floors.get(cell, Fraction(0))))
    floor = (fte >= least).where(inside).tagged(unit="FTE")
    builder.add(of_limit(floor, goal, d, ParameterKind.COEFFICIENT), goal.minimise)
