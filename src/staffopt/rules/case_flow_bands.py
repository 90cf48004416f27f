"""Caseload bands where cases flow, both cases and FTE unknown: the hull of what each band allows.

In a band of averages, cases are between two multiples of FTE. A choice of one band is the union of
such cones, cut off where no team comes: cases and FTE are split over the bands, and a band that is
not chosen has neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Mask
from staffopt.algebra.expression import Expression, Rows
from staffopt.algebra.program import Strict
from staffopt.data import Data
from staffopt.errors import Fault, InputError, Place
from staffopt.rulebook import ChooseBand
from staffopt.rules.lattice import MOST_MORE, lattice_of
from staffopt.rules.variables import Variables


@dataclass(frozen=True, slots=True)
class Cone:
    """Averages of a band: from ``low`` (None: 0) to ``high`` (None: without end), exact."""

    low: Fraction | None
    low_is_out: bool
    high: Fraction | None
    high_is_out: bool


def in_cones(
    rule: ChooseBand,
    v: Variables,
    d: Data,
    inside: Mask,
    cones: Mapping[str, Cone],
    in_band: Expression,
    *,
    closed: bool,
) -> Iterator[Rows]:
    """Hold each team's cases and FTE in the cone of its band.

    Args:
        rule: the rule.
        v: the unknowns.
        d: the figures.
        inside: the teams.
        cones: the averages of each band.
        in_band: 1 where a team is in a band, over (team, period, band).
        closed: whether low averages are to be held too: where a lower band might be hidden.

    Raises:
        InputError: if an edge is strict, and no margin says how far it is kept.
    """
    cells = inside & v.every_period & d.mask((d.band,), lambda _: True)
    cases = v.derived("cases_in_band", cells, Kind("cases"), rule.label)
    fte = v.derived("fte_in_band", cells, Kind("FTE"), rule.label)
    there = v.fte(rule.basis, rule.label, rule.denominator)
    roof = _Roof(rule, v, d)
    most_cases, most_fte = roof.over_teams(roof.cases), roof.over_teams(roof.fte)
    for name, part, whole in (("cases", cases, v.cases), ("FTE", fte, there)):
        yield _defines(part.sum("band").equals(whole).where(inside), f"{name} in some band")
    for name, part, most in (("cases", cases, most_cases), ("FTE", fte, most_fte)):
        yield _defines((part <= in_band * most).where(inside), f"no {name} in other bands")
    strict = any(cone.high_is_out for cone in cones.values())
    highest = d.table((d.team, d.band), lambda t, b: d.number(roof.fte_per_case(t, cones[b])))
    kept = in_band * _margins(rule, d, {b: cone.high_is_out for b, cone in cones.items()})
    yield (
        (fte >= cases * highest + kept)
        .where(inside)
        .tagged(suffix="least FTE", strict=Strict.LOWER if strict else Strict.NEITHER)
    )
    if closed:
        strict = any(cone.low_is_out for cone in cones.values())
        lowest = d.table((d.band,), lambda b: d.number(1 / (cones[b].low or Fraction(1))))
        begins = Mask.of(d.band, [b for b, cone in cones.items() if cone.low])
        kept = in_band * _margins(rule, d, {b: cone.low_is_out for b, cone in cones.items()})
        yield (
            (fte <= cases * lowest - kept)
            .where(inside & begins)
            .tagged(suffix="most FTE", strict=Strict.UPPER if strict else Strict.NEITHER)
        )


def _defines(rows: Rows, suffix: str) -> Rows:
    return rows.tagged(unit="cases", suffix=suffix, defines=True)


def _margins(rule: ChooseBand, d: Data, strict: Mapping[str, bool]) -> Expression:
    """How far each band's edge is kept, FTE.

    Raises:
        InputError: if one is strict, and the rule declares no margin.
    """
    if any(strict.values()) and rule.margin is None:
        what = f"{rule.label} has a strict edge, and cases that flow lie on no step"
        mend = "Declare how far the edge is kept, such as `margin: 0.001`."
        place = Place(path=f"standards.{rule.label}.margin")
        raise InputError([Fault("no-margin", what, mend, place)])
    return d.table((d.band,), lambda b: rule.margin if strict[b] else 0)


@dataclass(frozen=True, slots=True)
class _Roof:
    """More than a team can come to, so that what is not chosen can be held at nothing."""

    rule: ChooseBand
    v: Variables
    d: Data

    def cases(self, team: str) -> Fraction:
        """Return more cases than a team can have: of those that flow, all that there ever are."""
        return max(self.d.most_cases(team), most_ever(self.v)) + 1

    def fte(self, team: str) -> Fraction:
        """Return more FTE than a team can have: one worker to a case, and any pin."""
        lattice = lattice_of(self.d, (team,), self.rule.basis, self.rule.denominator)
        pinned = self.d.question.instance.pins.posts.get(team, {}).values()
        return lattice.base + self.cases(team) + Fraction(sum(pinned)) + MOST_MORE

    def fte_per_case(self, team: str, cone: Cone) -> Fraction:
        """Return the least FTE for a case: by the highest average, or so that somebody is there."""
        if cone.high is not None:
            return 1 / cone.high
        lattice = lattice_of(self.d, (team,), self.rule.basis, self.rule.denominator)
        somebody = lattice.step or Fraction(self.rule.margin or Fraction(1, 1000))
        return somebody / self.cases(team)

    def over_teams(self, most: Callable[[str], Fraction]) -> Expression:
        """Lay a roof out over (team)."""
        return self.d.table((self.d.team,), lambda t: self.d.number(most(t)))


def most_ever(v: Variables) -> Fraction:
    """Return the weighted cases that there ever are of those that flow; 0 where none do."""
    return Fraction(0) if v.case_flow is None else v.case_flow.ever
