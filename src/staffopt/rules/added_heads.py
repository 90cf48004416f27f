"""Whole heads of the FTE that is added: who is set up once, and who costs something beside pay."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Mask
from staffopt.algebra.expression import Expression, Rows
from staffopt.data import Data
from staffopt.instance.staff import SetUpHeads
from staffopt.quantity import common_measure
from staffopt.rules.lattice import MOST_MORE
from staffopt.rules.variables import Variables

SET_UP, BESIDE_PAY = "set_up", "non_staffing"
"""What heads are paid for; the field of a role, and the name of what defines them."""

FINEST = Fraction(1, 10_000)
"""What FTE on no step are rounded to."""


def heads_beside_pay(v: Variables, d: Data) -> Iterator[Expression]:
    """Yield whole heads of what is added in each period, of roles that cost something beside pay.

    They are at least the FTE: more are never a gain.
    """
    for added, mask, name in _groups(v, d, BESIDE_PAY):
        inside = mask & d.in_term
        heads = v.derived(f"{BESIDE_PAY} {name}", inside, Kind("heads"), BESIDE_PAY, quantum=1)
        rows = (heads >= added).where(inside)
        v.constrain(rows.tagged(unit="heads", suffix=f"{BESIDE_PAY} {name}"), BESIDE_PAY)
        yield heads


def heads_to_set_up(v: Variables, d: Data) -> Iterator[Expression]:
    """Yield whole heads of the most that has been added so far, of roles with a set-up cost.

    What is bought is kept by whoever comes next, so heads never fall. Where there are several
    periods they are no more than that either: it might pay to buy sooner, at a lower price or
    under another year's ceiling.
    """
    for added, mask, name in _groups(v, d, SET_UP):
        wide = mask & v.every_period
        heads = v.derived(name, wide, Kind("heads"), SET_UP, quantum=1)
        before = heads.previous("period", first=d.table((), lambda: 0))
        least = (heads >= added).where(mask & d.in_term)
        v.constrain(least.tagged(unit="heads", suffix=name), SET_UP)
        kept = (heads >= before).where(mask)
        v.constrain(kept.tagged(unit="heads", suffix=f"{name} kept"), SET_UP)
        if len(d.period) > 1:
            _no_sooner(v, d, heads, added, mask, name)
        yield heads


_Group = tuple[Expression, Mask, str]
"""FTE added, the roles (and teams) that are counted, and the name of their heads."""


def _groups(v: Variables, d: Data, what: str) -> Iterator[_Group]:
    """Yield FTE added: pooled over (role, period), by team over (team) too."""
    roles = d.question.instance.roles
    changing = [r for r in d.costed(what) if d.question.changes(r)]
    by_team = [r for r in changing if roles[r].set_up_heads is SetUpHeads.BY_TEAM]
    pooled = [r for r in changing if r not in by_team]
    if pooled:
        yield v.added.sum("team"), Mask.of(d.role, pooled), "heads"
    if by_team:
        mask = Mask.of(d.role, by_team) & d.mask((d.team,), lambda _: True)
        yield v.added, mask, "heads_by_team"


def _no_sooner(
    v: Variables, d: Data, heads: Expression, added: Expression, mask: Mask, name: str
) -> None:
    """Hold heads at no more than the most that has been added so far, rounded up.

    The next head begins a measure of the FTE's lattice above the last. Where posts never fall, the
    most so far is what is added now; else a choice says whether heads are kept or follow it.
    """
    room = d.table((d.role,), lambda r: d.number(1 - _measure(d, r)))
    before = heads.previous("period", first=d.table((), lambda: 0))
    over = mask & v.every_period & ~d.in_term
    _define(v, (heads <= before).where(over), f"{name} none new")
    inside = mask & d.in_term
    if v.only_adds:
        _define(v, (heads <= added + room).where(inside), f"{name} no sooner")
        return
    most = _most(d, by_team="team" in {axis.name for axis in mask.axes})
    grow = v.derived(f"{name} grow", inside, Kind("choices"), SET_UP, quantum=1, upper=1)
    _define(v, (heads <= before + grow * most).where(inside), f"{name} kept unless they grow")
    _define(v, (heads <= added + room + (1 - grow) * most).where(inside), f"{name} no sooner")
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
    return common_measure([step, Fraction(1)])


def _most(d: Data, *, by_team: bool) -> Expression:
    """Return more FTE than any plan has of a role: over (team, role), or (role) of all teams."""
    pins = d.question.instance.pins.posts

    def most(team: str, role: str) -> Fraction | float:
        pinned = Fraction(pins.get(team, {}).get(role, 0))
        return d.number(
            max(d.most_cases(team), Fraction(d.posts_today(team, role)), pinned) + MOST_MORE
        )

    wide = d.table((d.team, d.role), most)
    return wide if by_team else wide.sum("team")
