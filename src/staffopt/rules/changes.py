"""What the solver is told of how often and by how much staff of a team change."""

from __future__ import annotations

from collections.abc import Iterator

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Mask
from staffopt.algebra.expression import Expression, Rows
from staffopt.algebra.program import ParameterKind
from staffopt.data import Data
from staffopt.rulebook import Counted, LimitChange
from staffopt.rules.registry import compiles, figure_itself
from staffopt.rules.variables import Variables


@compiles(LimitChange, reads=())
def limit_change(rule: LimitChange, v: Variables, d: Data) -> Iterator[Rows]:
    """A change is up or down, of a size between two figures, and there are only so many."""
    of_posts = rule.counted is Counted.POSTS
    moving = d.mask((d.team, d.role), d.posts_move if of_posts else d.anybody_moves)
    where = moving & d.scope(rule.scope)
    where = where if rule.staff is None else where & d.kind(rule.staff)
    inside = where & d.in_term  # posts that end are no change of the plan's
    staff = v.counted(rule.counted)
    step = staff - staff.previous("period", first=d.today if of_posts else d.people)
    if not of_posts and v.stocks is not None:
        # Who leaves by themselves is no change of the plan's.
        step = step.where(~d.carried) + v.flows.net(d).where(d.carried)
    grows = _only_grows(v, of_posts=of_posts)
    ways = {"up": step} if grows else {"up": step, "down": -step}
    made = {way: _made(way, rule, inside, v) for way in ways}
    changes = sum(made.values(), start=d.table((), lambda: 0))
    for way, size in ways.items():
        others = changes - made[way]
        yield (
            (size <= made[way] * rule.most).where(inside).tagged(suffix=f"most {way}", defines=True)
        )
        if rule.least is not None:
            rows = size >= made[way] * rule.least - others * rule.most
            yield rows.where(inside).tagged(
                parameter=rule.path("least"), kind=ParameterKind.COEFFICIENT, suffix=f"least {way}"
            )
    if len(ways) > 1:
        yield (changes <= 1).where(inside).tagged(suffix="one way", defines=True)
    if rule.times is not None:
        yield (
            (changes.sum("period") <= rule.times)
            .follow(changes.sum("period"), figure_itself(rule.path("times")))
            .where(where)
            .tagged(
                parameter=rule.path("times"),
                kind=ParameterKind.RIGHT_HAND_SIDE,
                factor=1.0,
                unit="changes",
                suffix="times",
            )
        )


def _only_grows(v: Variables, *, of_posts: bool) -> bool:
    """Say whether other rules keep everybody and every post, so that no change goes down."""
    stays = v.filling is None or v.filling.added is v.filling.change
    return v.only_adds and stays and (of_posts or v.placing is None)


def _made(way: str, rule: LimitChange, inside: Mask, v: Variables) -> Expression:
    """1 where a change is made one way, over (team, role, period)."""
    return v.derived(f"{way} {rule.label}", inside, Kind("changes"), rule.label, quantum=1, upper=1)
