"""What the solver is told of workload."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from staffopt.algebra.axes import Mask
from staffopt.algebra.expression import Expression, Rows
from staffopt.algebra.program import ParameterKind, Source, Strict
from staffopt.data import Data
from staffopt.errors import Fault, InputError, Place
from staffopt.quantity import ceil_to_step, nearest_step
from staffopt.rulebook import Each, KeepAverageCaseload, RoundingKind, Rule
from staffopt.rules.case_flow import needs_data
from staffopt.rules.lattice import Lattice, above_edge, lattice_of
from staffopt.rules.registry import Figures, compiles
from staffopt.rules.variables import Variables


@compiles(KeepAverageCaseload, reads=(Figures.CASES,))
def keep_average_caseload(rule: KeepAverageCaseload, v: Variables, d: Data) -> Iterator[Rows]:
    """Enough FTE for the cases at the target, in every team or over the scope."""
    teams = d.teams_with_cases(rule)
    if not teams:
        return
    inside = Mask.of(d.team, teams)
    fte = v.fte(rule.basis, rule.label, rule.denominator).where(inside)
    if v.cases_flow(teams):
        yield _of_flowing(rule, fte, v.cases.where(inside), inside)
        return
    strict = Strict.LOWER if rule.rounding.kind is RoundingKind.PRINTED else Strict.NEITHER
    if rule.each is Each.SCOPE:
        fte = fte.sum("team")
        need = _Need(rule, teams, d)
        rows = fte >= d.table(d.moments, lambda *when: d.number(need.least(*when)))
        needs = dict.fromkeys(teams, need)
    else:
        needs = {team: _Need(rule, (team,), d) for team in teams}
        least = {(t, *when): d.number(needs[t].least(*when)) for t in teams for when in d.times}
        rows = fte >= d.table((d.team, *d.moments), lambda *cell: least.get(cell, 0))
        rows = rows.where(inside)
    if (
        not d.moments
    ):  # where cases or posts of today vary, more than the figure of today decides a row
        rows = rows.follow(fte, lambda at: needs[at.get("team", teams[0])].source())
    yield rows.tagged(parameter=rule.path("target"), kind=ParameterKind.COEFFICIENT, strict=strict)


def _of_flowing(
    rule: KeepAverageCaseload, fte: Expression, cases: Expression, inside: Mask
) -> Rows:
    """Enough FTE for cases that flow, which no rounding of posts can be worked out from.

    Raises:
        InputError: if the rule rounds anything.
    """
    if rule.rounding.kind is not RoundingKind.NONE:
        raise InputError([needs_data(f"{rule.label} (rounding {rule.rounding})", "rounding")])
    if rule.each is Each.SCOPE:
        rows = fte.sum("team") >= cases.sum("team") / rule.target
    else:
        rows = (fte >= cases / rule.target).where(inside)
    return rows.tagged(parameter=rule.path("target"), kind=ParameterKind.COEFFICIENT)


@dataclass(frozen=True, slots=True)
class _Need:
    """What some teams need together, FTE: how it comes from their cases and the target."""

    rule: KeepAverageCaseload
    teams: tuple[str, ...]
    d: Data

    def least(self, *when: str) -> Fraction:
        """Return the least FTE, of a period where cases or posts of today vary."""
        cases = (self.d.cases_at(team, *when) for team in self.teams)
        return self.source(*when).value([*cases, Fraction(self.rule.target)])

    def source(self, *when: str) -> Source:
        """Say how the least FTE comes from the figures."""
        rule = self.rule
        lattice = lattice_of(self.d, self.teams, rule.basis, rule.denominator, when=when)

        def least(figures: Sequence[Fraction]) -> Fraction:
            *cases, target = figures
            return _least_fte(rule, sum(cases, Fraction(0)), target, lattice)

        cases = (f"teams.{team}.cases" for team in self.teams)
        return Source((*cases, self.rule.path("target")), least)


def _least_fte(
    rule: KeepAverageCaseload, cases: Fraction, target: Fraction, lattice: Lattice
) -> Fraction:
    """Return the least FTE that meets the target as its rounding has it."""
    kind = rule.rounding.kind
    if kind is RoundingKind.NONE:
        # What a softened target is short by is measured from the need itself.
        return lattice.up(cases / target) if rule.soften is None else cases / target
    if kind is RoundingKind.PRINTED and cases == 0:
        return Fraction(0)  # no cases: the average is 0 whoever is there, or nobody
    if kind is RoundingKind.PRINTED:
        return above_edge(lattice, cases / printed_edge(target, rule.rounding.decimals), rule)
    if lattice.step is None or not lattice.one_step:
        raise InputError([_no_step(rule)])
    need = cases / target - lattice.base
    if lattice.fixed:
        return lattice.base + max(need, Fraction(0))  # there is no step to round to
    up = nearest_step if kind is RoundingKind.POSTS_NEAREST else ceil_to_step
    return lattice.base + max(up(need, lattice.step), Fraction(0))


def printed_edge(target: Fraction, decimals: int) -> Fraction:
    """Return the average that is the first to be printed above a target (half up)."""
    unit = Fraction(1, 10**decimals)
    return target // unit * unit + unit / 2


def _no_step(rule: Rule) -> Fault:
    return Fault(
        "no-common-step",
        f"{rule.label} rounds posts, and the roles that may change have no step in common",
        "Give the case-holding roles one step, count reported posts, or use `rounding: none`.",
        Place(path=f"standards.{rule.label}.rounding"),
    )
