"""Time of people in post that training others and short time take."""

from __future__ import annotations

from fractions import Fraction

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
    taken = []
    for rule in d.question.rules:
        if not isinstance(rule, TrainByExperienced):
            continue
        for role in d.question.roles_of(rule.staff):
            career = d.question.instance.roles[role].career
            if career is not None and career.trained_by is not None:
                training = career.trained_by
                trainees = in_post.where(d.carried & d.scope(rule.scope)).at("role", role)
                takes = trainees * d.number(Fraction(training.takes))
                taken.append(
                    (d.table((d.role,), lambda _: 1) * takes).where(
                        Mask.of(d.role, [training.role])
                    )
                )
    return taken
