"""What the solver is told of workload."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from staffopt.algebra.axes import Mask
from staffopt.algebra.expression import Rows
from staffopt.algebra.program import ParameterKind, Source, Strict
from staffopt.data import Data, known
from staffopt.errors import Fault, InputError, Place
from staffopt.quantity import ceil_to_step, nearest_step
from staffopt.rulebook import Each, KeepAverageCaseload, RoundingKind, Rule
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
    strict = Strict.LOWER if rule.rounding.kind is RoundingKind.PRINTED else Strict.NEITHER
    if rule.each is Each.SCOPE:
        fte = fte.sum("team")
        source = _need(rule, teams, d)
        rows = (fte >= d.number(_now(source, rule, teams, d))).follow(fte, lambda _at: source)
    else:
        needs = {team: _need(rule, (team,), d) for team in teams}
        least = {team: d.number(_now(need, rule, (team,), d)) for team, need in needs.items()}
        rows = (fte >= d.table((d.team,), lambda t: least.get(t, 0))).where(inside)
        rows = rows.follow(fte, lambda at: needs[at["team"]])
    yield rows.tagged(parameter=rule.path("target"), kind=ParameterKind.COEFFICIENT, strict=strict)


def _need(rule: KeepAverageCaseload, teams: tuple[str, ...], d: Data) -> Source:
    """Say how the least FTE of some teams comes from their cases and the target."""
    lattice = lattice_of(d, teams, rule.basis, rule.denominator)

    def least(figures: Sequence[Fraction]) -> Fraction:
        *cases, target = figures
        return _least_fte(rule, sum(cases, Fraction(0)), target, lattice)

    return Source((*(f"teams.{team}.cases" for team in teams), rule.path("target")), least)


def _now(source: Source, rule: KeepAverageCaseload, teams: tuple[str, ...], d: Data) -> Fraction:
    """Work a need out from the figures as they stand."""
    cases = (Fraction(known(d.question.cases(team))) for team in teams)
    return source.value([*cases, Fraction(rule.target)])


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
