"""Whether teams are looked at one by one, area by area, or all together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staffopt.rulebook import Each, Scope

if TYPE_CHECKING:
    from staffopt.algebra.axes import Mask
    from staffopt.algebra.expression import Expression
    from staffopt.data import Data


def pooled(form: Expression, each: Each, d: Data) -> Expression:
    """Add up over teams, or over the teams of each area, what is over (team, …)."""
    match each:
        case Each.TEAM:
            return form
        case Each.AREA:
            total = (form * d.in_area).sum("team")
            others = (axis for axis in total.axes if axis is not d.area)
            return total.spread((d.area, *others))  # a row is named by its area first
        case Each.SCOPE:
            return form.sum("team")


def subjects(each: Each, scope: Scope, d: Data) -> Mask:
    """The teams of a scope, or the areas that they lie in; nothing to choose of a whole scope."""
    match each:
        case Each.TEAM:
            return d.scope(scope)
        case Each.AREA:
            teams = d.question.instance.teams
            areas = {teams[team].area or team for team in d.question.teams_in(scope)}
            return d.mask((d.area,), lambda area: area in areas)
        case Each.SCOPE:
            return d.mask((), lambda: True)
