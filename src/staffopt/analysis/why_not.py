"""Why not another plan: a fact is forced, and the difference told."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Unpack

from staffopt.analysis.comparison import Comparison, compare
from staffopt.analysis.explanation import Explanation, explain_on
from staffopt.analysis.facts import LABEL, read_fact
from staffopt.desk import Desk, open_desk
from staffopt.errors import Infeasible
from staffopt.plan import Verdict
from staffopt.quantity import exact_text
from staffopt.verifier import check_decisions, derive

if TYPE_CHECKING:
    from staffopt.analysis.conflicts import Conflict
    from staffopt.instance.schema import Instance
    from staffopt.plan import Plan
    from staffopt.request import Asking

WAYS = 4
"""So many sets of figures are looked for that would let the fact hold."""


@dataclass(frozen=True, slots=True, eq=False)
class WhyNot:
    """Why a fact does not hold in the plan.

    Attributes:
        fact: the fact, in words.
        plan: the plan.
        holds: whether the fact holds in it already; all else is then None.
        forced: the best plan in which the fact holds; None where there is none.
        comparison: what differs in it.
        explanation: why there is no such plan: its conflict holds the fact, and its repairs say
            how near it one can come, or what else would have to change.
        idle: whether no rule of the model lets a plan change what is asked about: posts of the
            role, the managed team.
    """

    fact: str
    plan: Plan
    holds: bool
    forced: Plan | None = None
    comparison: Comparison | None = None
    explanation: Explanation | None = None
    idle: bool = False

    @property
    def dearer_by(self) -> Fraction | None:
        """By how much the first goal is worse; None where there is no goal or no such plan."""
        if self.forced is None or not self.plan.goals:
            return None
        return self.forced.goals[0].value - self.plan.goals[0].value

    @property
    def conflict(self) -> Conflict | None:
        """What the fact is in conflict with, the fact among it."""
        found = self.explanation.conflicts if self.explanation else ()
        return found[0] if found else None

    @property
    def nearest(self) -> Fraction | None:
        """The figure nearest to the one asked about that could be had, all else as it is."""
        paths = [{f"standards.{LABEL}.{figure}"} for figure in ("fte", "number")]
        for repair in self.explanation.repairs if self.explanation else ():
            if set(repair.overrides) in paths:
                return repair.changes[0].after
        return None

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        by, nearest = self.dearer_by, self.nearest
        return {
            "fact": self.fact,
            "holds": self.holds,
            "idle": self.idle,
            "dearer_by": None if by is None else exact_text(by),
            "nearest": None if nearest is None else exact_text(nearest),
            "comparison": None if self.comparison is None else self.comparison.to_json(),
            "explanation": None if self.explanation is None else self.explanation.to_json(),
        }


def why_not(instance: Instance, fact: str, **asking: Unpack[Asking]) -> WhyNot:
    """Say why a fact does not hold in the plan: it cannot, or it is dearer.

    Args:
        instance: the council.
        fact: an expression such as ``post[cds,swso] >= 4``, or a plain form such as ``18 more
            social workers``; see docs/explain.md.
        asking: as for :func:`staffopt.solve`.

    Raises:
        InputError: the fact is in none of the forms, or names what there is not.
        Infeasible: there is no plan at all; :func:`staffopt.explain` says why.
        Others as :func:`staffopt.solve`.
    """
    with open_desk(instance, **asking) as desk:
        asked = read_fact(desk.question, fact)
        forced = desk.overriding(asked.overrides)
        forced.question  # noqa: B018 (a fact that cannot be stated is told before anything is solved)
        plan = desk.solve()
        if _holds(forced, plan):
            return WhyNot(asked.words, plan, holds=True)
        try:
            other = forced.solve()
        except Infeasible:
            idle = asked.is_idle(forced.question)
            why = explain_on(forced, {}, WAYS)
            return WhyNot(asked.words, plan, holds=False, explanation=why, idle=idle)
        return WhyNot(asked.words, plan, holds=False, forced=other, comparison=compare(plan, other))


def _holds(forced: Desk, plan: Plan) -> bool:
    """Say whether the plan is one of the forced question too, by the verifier's account."""
    question = forced.question
    found = check_decisions(question, plan.decisions, derive(question, plan.decisions))
    return all(finding.verdict is not Verdict.BROKEN for finding in found)
