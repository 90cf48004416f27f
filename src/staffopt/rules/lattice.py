"""On what values case holders' FTE can lie, so that strict edges close exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from staffopt.data import Data
from staffopt.errors import Fault, InputError, Place
from staffopt.instance.staff import RoleKind
from staffopt.quantity import ceil_to_step, common_measure
from staffopt.rulebook import Basis, ChooseBand, Denominator, KeepAverageCaseload

MOST_MORE = 100
"""FTE that a team may have over its posts of today, one worker to a case, and its pins."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """Values base + a multiple of step; any value at all where step is None.

    ``one_step`` says whether every role that may change has that very step, so that posts can be
    rounded to it; ``fixed`` whether no role may change, so that FTE is the base and nothing else.
    """

    base: Fraction
    step: Fraction | None
    one_step: bool = False
    fixed: bool = False

    def up(self, value: Fraction) -> Fraction:
        """Return the least value on the lattice that is not below a figure."""
        if self.step is None:
            return value
        return self.base + ceil_to_step(value - self.base, self.step)

    def above(self, value: Fraction) -> Fraction:
        """Return the least value on the lattice that is above a figure.

        Raises:
            ValueError: off a lattice, where there is none.
        """
        if self.step is None:
            raise ValueError("there is no next value off a lattice")
        return self.base + ((value - self.base) // self.step + 1) * self.step

    def down(self, value: Fraction) -> Fraction:
        """Return the greatest value on the lattice that is not above a figure."""
        return (
            value if self.step is None else self.base - ceil_to_step(self.base - value, self.step)
        )


def lattice_of(
    d: Data,
    teams: tuple[str, ...],
    basis: Basis,
    denominator: Denominator = Denominator.POSTS,
    roles: Sequence[str] | None = None,
    *,
    when: Sequence[str] = (),
) -> Lattice:
    """Return the values that the teams' case holders' FTE, of some roles or all, can take.

    At a moment, such as a period, where fixed-term posts of today end before the last one.

    A denominator that counts a part of a role has that part of the role's step. With a role that
    may change continuously, or with released time counted, which is on no step, the FTE may be
    anything.
    """
    asked = d.question
    holders = asked.roles_of(RoleKind.CASE_HOLDER) if roles is None else roles
    part = {r: d.part_of(r, denominator) for r in holders}
    there = d.posts_today if denominator is Denominator.POSTS else d.people_today
    placed = [r for r in holders if denominator is not Denominator.POSTS and d.is_placed(r)]
    fixed = [r for r in holders if r not in placed]
    stay = [r for r in fixed if not when or d.is_there(r, *when)]
    base = sum((Fraction(there(t, r)) * part[r] for t in teams for r in stay), Fraction(0))
    moves = d.posts_move if denominator is Denominator.POSTS else d.people_move
    of_posts = denominator is Denominator.POSTS
    steps = {
        d.step_of(t, r, of_posts=of_posts) * part[r]
        for r in holders
        for t in teams
        if part[r] and moves(t, r)
    }
    steps |= {fte * part[r] for r in placed if part[r] for fte in d.fte_listed(r)}
    if basis is Basis.EFFECTIVE or Fraction(0) in steps:
        return Lattice(base, None)
    step = common_measure(steps) or Fraction(1)
    return Lattice(base, step, one_step=len(steps) <= 1, fixed=not steps)


def lattice_of_people(d: Data, teams: tuple[str, ...], kind: RoleKind) -> Lattice:
    """Return the values that FTE in post of a kind in some teams can take, cover included."""
    roles = d.question.roles_of(kind)
    return lattice_of(d, teams, Basis.REPORTED, Denominator.IN_POST, roles)


def above_edge(
    lattice: Lattice, edge: Fraction, rule: KeepAverageCaseload | ChooseBand
) -> Fraction:
    """Close a strict lower edge of FTE: on the next step of a lattice, or by a declared margin.

    Raises:
        InputError: if FTE is on no lattice and no margin is declared.
    """
    return edge + _margin(rule) if lattice.step is None else lattice.above(edge)


def below_edge(lattice: Lattice, edge: Fraction, rule: ChooseBand) -> Fraction:
    """Close a strict upper edge of FTE, as :func:`above_edge` does a lower one.

    Raises:
        InputError: if FTE is on no lattice and no margin is declared.
    """
    if lattice.step is None:
        return edge - _margin(rule)
    most = lattice.down(edge)
    return most - lattice.step if most == edge else most


def _margin(rule: KeepAverageCaseload | ChooseBand) -> Fraction:
    if rule.margin is None:
        raise InputError(
            [
                Fault(
                    "no-margin",
                    f"{rule.label} has a strict edge, and FTE is on no step here",
                    "Declare how far the edge is kept, such as `margin: 0.001`.",
                    Place(path=f"standards.{rule.label}.margin"),
                )
            ]
        )
    return Fraction(rule.margin)
