"""Heads: the FTE of a role in a team, rounded up to whole people, exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Protocol

import numpy as np

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Mask
from staffopt.algebra.expression import Expression, Rows
from staffopt.data import Data
from staffopt.errors import Fault, InputError, Place
from staffopt.quantity import common_measure
from staffopt.rulebook import Counted, Measure
from staffopt.rules.variables import Variables


class Counting(Protocol):
    """A rule that counts posts or people in post, as FTE or as heads."""

    @property
    def label(self) -> str:
        """What the rule is called."""

    @property
    def counted(self) -> Counted:
        """Posts, or people in post."""

    @property
    def measure(self) -> Measure:
        """FTE, or heads."""


def counting(
    rule: Counting, mask: Mask, v: Variables, d: Data
) -> tuple[Callable[[str | None], Expression], Iterable[Rows]]:
    """Return what counts staff, or those with a tag, over (team, role, period); and its rows.

    Args:
        rule: what is counted, and how.
        mask: the teams and roles whose heads are wanted, where heads are counted.
        v: the unknowns.
        d: the figures.
    """
    if rule.measure is Measure.FTE:
        staff = v.counted(rule.counted)
        return lambda tag: staff if tag is None else v.carrying(tag, rule.counted), ()
    heads, rows = whole_heads(v, d, mask, rule.counted, rule.label)

    def carrying(tag: str | None) -> Expression:
        if tag is None:
            return heads
        marked = d.tagged(tag)
        if rule.counted is Counted.POSTS:
            return heads.where(marked)
        return heads.where(marked) + v.people_carrying(tag).where(~marked)

    return carrying, rows


def whole_heads(
    v: Variables, d: Data, mask: Mask, counted: Counted, label: str
) -> tuple[Expression, Iterator[Rows]]:
    """Declare heads over (team, role, period), no fewer and no more than FTE rounded up.

    A rule may gain by fewer heads or by more, so both sides are held: FTE lie on a lattice, and
    the next head begins a whole measure of it above the last. The lattice is that of the FTE, of
    what they are today and of one head. Of people who are placed one by one, heads are people.

    Args:
        v: the unknowns.
        d: the figures.
        mask: the teams and roles whose heads are wanted.
        counted: posts, or people in post.
        label: the rule that wants them.

    Returns:
        The heads, and the rows that define them.

    Raises:
        InputError: if a role that may change is on no step: then there is no next FTE.
    """
    wide = d.mask((d.team, d.role), lambda *_: True) & mask
    one_by_one = None if counted is Counted.POSTS or v.placing is None else v.placing
    if one_by_one is not None:
        wide &= ~one_by_one.listed
    measures = _measures(d, wide, counted, label)
    heads = v.derived(f"heads {label}", wide & v.every_period, Kind("heads"), label, quantum=1)
    fte = v.counted(counted)
    room = d.table((d.team, d.role), lambda t, r: d.number(1 - measures.get((t, r), Fraction(1))))
    sides = (("at least", heads >= fte), ("at most", heads <= fte + room))
    rows = (
        side.where(wide).tagged(unit="heads", suffix=f"heads {name}", defines=True)
        for name, side in sides
    )
    if one_by_one is None:
        return heads, rows
    return heads + one_by_one.heads.where(mask & one_by_one.listed), rows


def _measures(d: Data, mask: Mask, counted: Counted, label: str) -> dict[tuple[str, str], Fraction]:
    """Return the least distance between FTE of a role in a team, or from them to a head."""
    of_posts = counted is Counted.POSTS
    moves = d.posts_move if of_posts else d.people_move
    today = d.posts_today if of_posts else d.people_today
    measures: dict[tuple[str, str], Fraction] = {}
    for t, r in zip(*np.nonzero(mask.spread((d.team, d.role))), strict=True):
        team, role = d.team.labels[t], d.role.labels[r]
        steps = [Fraction(1), Fraction(today(team, role))]
        if moves(team, role):
            step = d.step_of(team, role, of_posts=of_posts)
            if not step:
                raise InputError([_no_step(label, role)])
            steps.append(step)
        measures[team, role] = common_measure(steps)
    return measures


def _no_step(label: str, role: str) -> Fault:
    return Fault(
        "heads-off-step",
        f"{label} counts heads of {role}, whose FTE may be anything",
        "Give the role a step, such as 0.1, or count FTE.",
        Place(path=f"roles.{role}.step"),
    )
