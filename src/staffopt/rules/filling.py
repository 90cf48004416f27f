"""People who are decided apart from posts: the unknowns, and what they cost beside the posts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Mask
from staffopt.algebra.builder import Builder
from staffopt.costs import paid_by_people, person_cost
from staffopt.data import Data
from staffopt.errors import Fault, InputError, Place
from staffopt.quantity import Absent
from staffopt.rulebook import FillPosts, MayLeave, PlaceEveryone

if TYPE_CHECKING:
    from staffopt.algebra.expression import Expression
    from staffopt.rules.stocks import Stocks
    from staffopt.rules.variables import Variables

PEOPLE = "people"
"""The block of decisions on people, and the name of what defines them."""


@dataclass(frozen=True, slots=True)
class Filling:
    """People who are decided apart from posts, over (team, role, period), FTE.

    Attributes:
        change: FTE in post added, below zero where let go.
        added: what is added and not let go.
    """

    change: Expression
    added: Expression


def declare_filling(builder: Builder, d: Data, stocks: Stocks | None) -> Filling | None:
    """Declare people wherever a rule fills posts; None where none does.

    Where people are carried forward they follow from the flows, and are no decision.
    """
    rules = [rule for rule in d.question.rules if isinstance(rule, FillPosts)]
    if not rules:
        return None
    decided = d.filled & ~d.carried
    change = builder.variable(
        PEOPLE,
        decided & d.in_term,
        Kind("FTE", decision=True),
        quantum=d.step,
        lower=-d.people,
    )
    only_grow = all(rule.may_leave is MayLeave.NOBODY for rule in rules)
    if stocks is None and only_grow:
        return Filling(change, change)
    own, falls = change, decided
    if stocks is not None:
        change += (stocks.in_post - d.people).where(d.carried)
        # Of those who are carried only cover has a price by what is added of it.
        falls = d.carried & d.covering
        falls = falls if only_grow else falls | decided
    added = builder.variable("people_added", falls & d.in_term, Kind("FTE"), rule=PEOPLE)
    builder.add((added >= change).where(falls & d.in_term), PEOPLE)
    return Filling(change, added + own if stocks is not None and only_grow else added)


def occupied(v: Variables, d: Data) -> Expression:
    """People in each role's posts, whoever covers them included, over (team, role, period)."""
    total = v.in_post.where(~d.covering)
    for role, others in d.covered.items():
        cover = v.in_post.where(Mask.of(d.role, others)).sum("role")
        total += cover.where(Mask.of(d.role, [role]))
    return total


@dataclass(frozen=True, slots=True)
class Beside:
    """What people cost beside the posts, pounds a year over (role, period).

    Attributes:
        rate: premiums, less what they save where cover is let go, and people above the posts.
        added: the same without what is saved.
    """

    rate: Expression
    added: Expression


def beside_posts(v: Variables, d: Data) -> Beside | None:
    """Register premiums of cover and the full cost of people above the posts.

    Raises:
        InputError: if one of these costs is not known: it would seem free.
    """
    parts = [part for part in (_of_filling(v, d), _of_placing(v, d)) if part is not None]
    if not parts:
        return None
    first, *others = parts
    for other in others:
        first = Beside(first.rate + other.rate, first.added + other.added)
    return first


def _of_filling(v: Variables, d: Data) -> Beside | None:
    if v.filling is None:
        return None
    _refuse_unknown_costs(d, _who_is_paid(d))
    if v.filling.added is not v.filling.change:
        _refuse_cheap_cover(d)
    rate = v.filling.change.sum("team") * d.costs.premium
    added = v.filling.added.sum("team") * d.costs.premium
    over = d.fill_places & Mask.of(d.role, _may_exceed(d))
    if over.values.any():
        above = v.derived("above_posts", over & v.every_period, Kind("FTE"), PEOPLE)
        v.constrain((above >= occupied(v, d) - v.post).where(over), PEOPLE)
        rate += above.sum("team") * d.costs.person
        added += above.sum("team") * d.costs.person
    return Beside(rate, added)


def _of_placing(v: Variables, d: Data) -> Beside | None:
    """Save the premiums of those who cover posts and are placed nowhere; a move saves none."""
    rule = d.question.rule(PlaceEveryone)
    if v.placing is None or not (isinstance(rule, PlaceEveryone) and rule.temporary_may_leave):
        return None
    roles = d.question.instance.roles
    deployed = [r for r in d.role.labels if d.is_placed(r) and roles[r].covers is not None]
    _refuse_unknown_costs(d, {*deployed, *(roles[r].covers or r for r in deployed)})
    staying = (v.placing.in_post - d.people).where(Mask.of(d.role, deployed))
    nothing = d.table((d.role, d.period), lambda *_: 0)
    return Beside(staying.sum("team") * d.costs.premium + nothing, nothing)


def _may_exceed(d: Data) -> list[str]:
    """Name the roles of which there may be more people than posts, who are paid for beside them."""
    kinds = {
        rule.staff for rule in d.question.rules if isinstance(rule, FillPosts) and rule.surplus
    }
    roles = d.question.instance.roles
    return [
        r
        for r in d.role.labels
        if roles[r].kind in kinds and roles[r].covers is None and not paid_by_people(d.question, r)
    ]


def _decided(d: Data, role: str) -> bool:
    return any(d.people_decided(team, role) for team in d.team.labels)


def _who_is_paid(d: Data) -> set[str]:
    """Name the roles whose cost bears on what filling posts costs."""
    paid = set(_may_exceed(d))
    for role, others in d.covered.items():
        paid |= {role, *others}
    return paid | {r for r in d.role.labels if paid_by_people(d.question, r) and _decided(d, r)}


def _refuse_cheap_cover(d: Data) -> None:
    """Refuse cover that costs less than the post: what is added would count for more than it is.

    A file's check compares pay alone; a supplement or on-costs of the post may turn it round.
    """
    faults = [
        Fault(
            "not-a-cover",
            f"{role} costs less than {covered}, whose posts it covers, supplement and on-costs "
            "counted",
            "Correct one of them: cover costs a premium over the post.",
            Place(path=f"roles.{role}.cost"),
        )
        for covered, others in d.covered.items()
        for role in others
        if _decided(d, role) and d.costs.premium.at("role", role).constant < 0
    ]
    if faults:
        raise InputError(faults)


def _refuse_unknown_costs(d: Data, paid: set[str]) -> None:
    faults = [
        Fault(
            "unknown-cost",
            f"the model hires people or lets them go, and the cost of {role} is not known",
            "Give its cost, marked as an assumption if it is not printed.",
            Place(path=f"roles.{role}.cost"),
        )
        for role in sorted(paid)
        if person_cost(d.question, role) is Absent.NOT_PRINTED
    ]
    if faults:
        raise InputError(faults)
