"""What the solver is told of whole teams and bundles."""

from __future__ import annotations

from collections.abc import Iterator

from staffopt.algebra.expression import Rows
from staffopt.algebra.program import ParameterKind
from staffopt.data import Data
from staffopt.errors import UnknownName
from staffopt.question import ALL
from staffopt.rulebook import BuyManagedTeam, RequireManagedTeam, TakeBundleWhole
from staffopt.rules.managed_terms import HIRE
from staffopt.rules.registry import compiles, figure_itself
from staffopt.rules.shape import on_side
from staffopt.rules.variables import Variables


@compiles(TakeBundleWhole, reads=())
def take_bundle_whole(rule: TakeBundleWhole, v: Variables, d: Data) -> Iterator[Rows]:
    """A required package is taken; one that no rule lists is left."""
    others = (other for other in d.question.rules if isinstance(other, TakeBundleWhole))
    offered = {name for other in others for name in other.packages}
    listed = d.mask((d.package,), lambda m: ALL in rule.packages or m in rule.packages)
    left = ~d.mask((d.package,), lambda m: ALL in offered or m in offered)
    if rule.required:
        yield (v.taken >= 1).where(listed).tagged(unit="packages", suffix="required")
    yield (v.taken <= 0).where(left).tagged(unit="packages", suffix="not offered")


@compiles(BuyManagedTeam, reads=())
def buy_managed_team(rule: BuyManagedTeam, v: Variables, d: Data) -> Iterator[Rows]:
    """No more are at work at once than are on offer; one is extended, or bought if required."""
    listed = d.mask((v.terms.managed,), lambda m: ALL in rule.teams or m in rule.teams)
    at_work = (v.started * v.terms.at_work).sum("start", "extension")
    paths = {
        (m, month): f"managed_teams.{m}.at_once"
        for m in v.terms.managed.labels
        for month in v.terms.month.labels
    }
    yield (
        (at_work <= v.terms.most)
        .where(listed)
        .tagged(unit="teams", parameter=paths, suffix="at once")
    )
    there = v.terms.there & listed
    if there.values.any():
        goes_on = v.started.sum("extension").equals(1)
        yield goes_on.where(there).tagged(unit="teams", suffix="there already", defines=True)
    if rule.required or rule.extended_by:
        enough = d.mask((v.terms.extension,), lambda months: int(months) >= rule.extended_by)
        bought = v.started.where(enough).sum("start", "extension")
        yield (bought >= 1).where(listed).tagged(unit="teams", suffix="required")


@compiles(RequireManagedTeam, reads=())
def require_managed_team(rule: RequireManagedTeam, v: Variables, d: Data) -> Iterator[Rows]:
    """Teams bought or extended, or the months of their extensions, lie on the asked side.

    Raises:
        UnknownName: if it names a managed team that there is not.
    """
    managed = v.terms.managed
    if rule.managed_team not in managed.labels:
        raise UnknownName("managed team", rule.managed_team, managed.labels)
    by_months = rule.what == "months of extension"
    months = d.table((v.terms.extension,), int)
    each = v.started * (months if by_months else v.terms.decided)
    number = each.where(d.mask((managed,), lambda m: m == rule.managed_team)).sum(*HIRE)
    yield (
        on_side(number, rule.sense, rule.number)
        .follow(number, figure_itself(rule.path("number")))
        .tagged(
            parameter=rule.path("number"),
            kind=ParameterKind.RIGHT_HAND_SIDE,
            factor=1.0,
            unit="months" if by_months else "teams",
        )
    )
