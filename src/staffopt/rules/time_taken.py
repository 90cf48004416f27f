"""Time of people in post that training others and short time take."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from operator import or_

from staffopt.algebra.axes import Mask
from staffopt.algebra.expression import Expression
from staffopt.data import Data
from staffopt.rulebook import SHORT_TIME, TrainByExperienced
from staffopt.rules.flows import Flows


def time_taken(flows: Flows, in_post: Expression, d: Data) -> Expression | None:
    """Return the FTE that do not do their own work, over (team, role, period); None if nobody.

    Args:
        flows: what is decided; those on short time are idle for a part of it.
        in_post: people in post; each trainee takes a part of a trainer of the team.
        d: the data.
    """
    forms = [*_short_time(flows, d), *_training(in_post, d)]
    none = d.table((d.team, d.role, d.period), lambda *_: 0)
    return sum(forms, start=none) if forms else None


def _short_time(flows: Flows, d: Data) -> list[Expression]:
    flow = flows.of(SHORT_TIME)
    if flow is None:
        return []
    roles = d.question.instance.roles

    def idle(role: str) -> Fraction | float:
        career = roles[role].career
        return d.number(Fraction(career.short_time.idle if career and career.short_time else 0))

    return [flow.moved * d.table((d.role,), idle)]


def _training(in_post: Expression, d: Data) -> list[Expression]:
    """What trainees take of their trainers: once, however many rules look at them."""
    rules = [rule for rule in d.question.rules if isinstance(rule, TrainByExperienced)]
    taken = []
    for role, record in d.question.instance.roles.items():
        training = record.career.trained_by if record.career else None
        scopes = [d.scope(rule.scope) for rule in rules if rule.staff is record.kind]
        if training is not None and scopes:
            inside = d.carried & reduce(or_, scopes)
            takes = in_post.where(inside).at("role", role) * d.number(Fraction(training.takes))
            everywhere = d.table((d.role,), lambda _: 1) * takes
            taken.append(everywhere.where(Mask.of(d.role, [training.role])))
    return taken
