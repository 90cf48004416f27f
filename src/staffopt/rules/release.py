"""What the solver is told of released time, and of its exact value where less would pay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Mask
from staffopt.algebra.expression import Expression, Rows, minimum
from staffopt.data import Data
from staffopt.instance.staff import RoleKind
from staffopt.rulebook import ReleaseTime
from staffopt.rules.lattice import MOST_MORE
from staffopt.rules.registry import compiles
from staffopt.rules.variables import Variables


@dataclass(frozen=True, slots=True)
class Release:
    """Served time as one rule declares it, at most each of two bounds, over (team, period).

    Attributes:
        rule: the rule.
        served: FTE of social workers served.
        supported: how many there are to serve.
        by_support: how many the officers can serve, by the ratio and by their own hours.
    """

    rule: ReleaseTime
    served: Expression
    supported: Expression
    by_support: Expression


@compiles(ReleaseTime, reads=())
def release_time(rule: ReleaseTime, v: Variables, d: Data) -> Iterator[Rows]:
    """Served is the least of three; what is newly served is worth hours ÷ contract hours."""
    scope, releasing = d.scope(rule.scope), d.releasing(rule.support)
    support = v.post.where(releasing).sum("role")
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
        yield (served <= bound).where(scope).tagged(suffix=f"by {name}", defines=True)
    support_today = d.today.where(releasing).sum("role")
    supported_today = d.today.where(d.kind(rule.supported)).sum("role")
    today = minimum(supported_today, support_today * rule.ratio, support_today * own)
    told = d.mask((d.team,), lambda team: team in rule.served_today)
    figures = d.table((d.team,), lambda team: rule.served_today.get(team, 0))
    today = today.where(~told) + figures
    released = (served - today.where(scope)) * d.number(1 / full)
    v.released = released if v.released is None else v.released + released
    v.releases.append(Release(rule, served, supported, support * d.number(_each(rule))))


def _each(rule: ReleaseTime) -> Fraction:
    """Return how many social workers one officer serves: by the ratio, or by a week's hours."""
    return min(Fraction(rule.ratio), Fraction(rule.contract_hours) / Fraction(rule.hours))


def exactly_served(v: Variables, d: Data, inside: Mask, label: str) -> Iterator[Rows]:
    """Hold served time at the least of its bounds, where calling it less would pay.

    A choice for each team says which bound is the least; served time is then no less than it. The
    bound that is not chosen is lifted by as much as it can ever come to.

    Args:
        v: the unknowns.
        d: the figures.
        inside: the teams that it matters in.
        label: the rule that asks for it.
    """
    for release in v.releases:
        teams = inside & d.scope(release.rule.scope)
        by_officers = v.derived(
            "served_by_officers",
            teams & d.mask((d.period,), lambda _: True),
            Kind("choices"),
            label,
            quantum=1,
            upper=1,
        )
        most = _most(release.rule, v, d)
        workers, officers = (d.table((d.team,), figures.__getitem__) for figures in most)
        for name, bound, lift in (
            ("supported", release.supported, workers * by_officers),
            ("support", release.by_support, officers * (1 - by_officers)),
        ):
            yield (
                (release.served >= bound - lift)
                .where(teams)
                .tagged(suffix=f"{release.rule.label} exactly by {name}", defines=True)
            )


Bound = dict[str, "Fraction | float"]
"""Team → the most that something can come to."""


def _most(rule: ReleaseTime, v: Variables, d: Data) -> tuple[Bound, Bound]:
    """Return the most social workers a team may have, and the most that officers could serve."""
    each = _each(rule)
    workers: Bound = {}
    served: Bound = {}
    for team in d.team.labels:
        flowing = Fraction(0) if v.case_flow is None else v.case_flow.ever
        there = max(d.most_cases(team), flowing, _posts(d, team, rule.supported)) + MOST_MORE
        officers = _posts(d, team, rule.support) + there / each + MOST_MORE
        workers[team], served[team] = d.number(there), d.number(officers * each)
    return workers, served


def _posts(d: Data, team: str, kind: RoleKind) -> Fraction:
    """Return the posts of a kind in a team, today's or as pinned, whichever are more."""
    council, roles = d.question.instance, d.question.roles_of(kind)
    pinned = council.pins.posts.get(team, {})
    figures = (max(council.teams[team].posts.get(r, 0), pinned.get(r, 0)) for r in roles)
    return sum((Fraction(figure) for figure in figures), Fraction(0))
