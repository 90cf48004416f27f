"""What the solver is told of workload."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from staffopt.algebra.axes import Mask
from staffopt.algebra.builder import Kind
from staffopt.algebra.expression import Rows, minimum
from staffopt.algebra.program import ParameterKind, Strict
from staffopt.data import Data
from staffopt.errors import Fault, InputError, Place
from staffopt.quantity import ceil_to_step, nearest_step
from staffopt.rulebook import (
    Each,
    KeepAverageCaseload,
    ReleaseTime,
    RoundingKind,
    Rule,
)
from staffopt.rules.lattice import floor_of_fte, lattice_of
from staffopt.rules.registry import compiles
from staffopt.rules.variables import Variables


@compiles(ReleaseTime)
def release_time(rule: ReleaseTime, v: Variables, d: Data) -> Iterator[Rows]:
    """Served is the least of three; what is newly served is worth hours ÷ contract hours."""
    scope = d.scope(rule.scope)
    support = v.post.where(d.kind(rule.support)).sum("role")
    supported = v.post.where(d.kind(rule.supported)).sum("role")
    served = v.derived(
        "served", scope & d.mask((d.period,), lambda _: True), Kind("FTE"), rule.label
    )
    full = Fraction(rule.contract_hours) / Fraction(rule.hours)
    own = d.number(full)
    for name, bound in (
        ("supported", supported),
        ("ratio", support * rule.ratio),
        ("hours", support * own),
    ):
        yield (served <= bound).where(scope).tagged(suffix=f"by {name}")
    support_today = d.today.where(d.kind(rule.support)).sum("role")
    supported_today = d.today.where(d.kind(rule.supported)).sum("role")
    today = minimum(supported_today, support_today * rule.ratio, support_today * own)
    released = (served - today.where(scope)) * d.number(1 / full)
    v.released = released if v.released is None else v.released + released


@compiles(KeepAverageCaseload)
def keep_average_caseload(rule: KeepAverageCaseload, v: Variables, d: Data) -> Iterator[Rows]:
    """Enough FTE for the cases at the target, in every team or over the scope."""
    teams = d.teams_with_cases(rule)
    groups = [(t,) for t in teams] if rule.each is Each.TEAM else ([teams] if teams else [])
    fte = v.fte(rule.basis, rule.label)
    for group in groups:
        cases = sum((Fraction(d.question.cases(t)) for t in group), Fraction(0))
        inside = fte.where(Mask.of(d.team, group))
        own = inside.at("team", group[0]) if rule.each is Each.TEAM else inside.sum("team")
        least, strict = _least_fte(rule, cases, group, d)
        yield (own >= d.number(least)).tagged(
            parameter="target",
            kind=ParameterKind.COEFFICIENT,
            strict=strict,
            suffix=group[0] if rule.each is Each.TEAM else "",
        )


def _least_fte(
    rule: KeepAverageCaseload, cases: Fraction, teams: tuple[str, ...], d: Data
) -> tuple[Fraction, Strict]:
    """Return the least FTE that meets the target as its rounding has it."""
    lattice = lattice_of(d, teams, rule.basis)
    target, kind = Fraction(rule.target), rule.rounding.kind
    if kind is RoundingKind.NONE:
        return lattice.up(cases / target), Strict.NEITHER
    if kind is RoundingKind.PRINTED:
        edge = printed_edge(target, rule.rounding.decimals)
        return floor_of_fte(lattice, cases / edge, strict=True, rule=rule)
    if lattice.step is None or not lattice.one_step:
        raise InputError([_no_step(rule)])
    need = cases / target - lattice.base
    rounded = (nearest_step if kind is RoundingKind.POSTS_NEAREST else ceil_to_step)(
        need, lattice.step
    )
    return lattice.base + max(rounded, Fraction(0)), Strict.NEITHER


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
