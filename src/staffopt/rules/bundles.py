"""What the solver is told of whole teams and bundles."""

from __future__ import annotations

from collections.abc import Iterator

from staffopt.algebra.expression import Rows
from staffopt.data import Data
from staffopt.question import ALL
from staffopt.rulebook import TakeBundleWhole
from staffopt.rules.registry import compiles
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
