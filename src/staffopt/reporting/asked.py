"""What a report asks beyond what its plan holds: options, what binds, a frontier.

A plan holds its question, settled. It is asked again only if it can be: the same file, option and
changes must come to the very same question, or what is told would be of another one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, Unpack

from staffopt.analysis.asking import Step, Told, ignore
from staffopt.analysis.explanation import Explanation, what_binds
from staffopt.analysis.frontier import Frontier, frontier
from staffopt.analysis.inputs import inputs_of
from staffopt.analysis.options import OptionsTable, options
from staffopt.analysis.switching import SwitchingValues, switching
from staffopt.desk import open_desk
from staffopt.errors import Cancelled, Fault, Infeasible, InputError, NoPlan, StaffoptError
from staffopt.library import models
from staffopt.reporting.reasons import bearing_assumptions
from staffopt.reporting.words import capital
from staffopt.request import Asking, Request

if TYPE_CHECKING:
    from staffopt.instance.schema import Instance
    from staffopt.plan import Plan
    from staffopt.question import Question

T = TypeVar("T")

_MOST_MOVED = 10_000
"""Figures that are moved times decisions: more would hold a report up for many minutes."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked beside a plan.

    Attributes:
        options: every option of the council side by side; None where that was not asked.
        explanation: what binds the plan.
        frontier: the frontier of cost and the worst caseload.
        effects: what each assumption that bears on the plan moves, and how far it may move.
        left_out: what is not told here, and why; a sentence each.
    """

    options: OptionsTable | None = None
    explanation: Explanation | None = None
    frontier: Frontier | None = None
    effects: SwitchingValues | None = None
    left_out: tuple[str, ...] = ()


def ask_beside(
    plan: Plan,
    council: Instance | None = None,
    *,
    among: bool = True,
    along: bool = False,
    tell: Told = ignore,
    **asking: Unpack[Asking],
) -> Asked:
    """Ask the plan's question again for what binds it, its options and, if wanted, its frontier.

    Args:
        plan: the plan that is reported.
        council: the council as its file states it; what the plan holds of it if left out.
        among: whether the council's other options are solved.
        along: whether the frontier of cost and the worst caseload is walked.
        tell: told of each step before it begins.
        asking: how to solve, as for :func:`staffopt.solve`; what is asked stands in the plan.

    Raises:
        InputError: the council given is not the one that the plan answers for.
        BackendError, Conflict, VerificationError: as :func:`staffopt.solve` has them.
    """
    known = council or plan.question.instance
    again = _again(plan.question)
    if not _same(known, again, plan.question):
        if council is not None:
            raise InputError([_another(council, plan)])
        why = "its question cannot be asked again from what it holds"
        return Asked(left_out=(f"What binds the plan is not told: {why}.",))
    asker = _Asker(tell, [])
    whole: Asking = {**asking, **again}
    return Asked(
        options=_options(asker, plan, council, whole) if among else None,
        explanation=asker.of("what binds the plan", lambda: _bound(plan, known, whole)),
        frontier=asker.of("the frontier", lambda: frontier(known, **whole)) if along else None,
        effects=_effects(asker, plan, known, whole),
        left_out=tuple(asker.left_out),
    )


@dataclass(slots=True)
class _Asker:
    """Asks one thing after the other; what cannot be told is named, with the reason."""

    tell: Told
    left_out: list[str]

    def of(self, what: str, ask: Callable[[], T]) -> T | None:
        """Ask for one thing; None where it cannot be told."""
        self.tell(Step(1, None, what))
        try:
            return ask()
        except (InputError, Infeasible, NoPlan, Cancelled) as error:
            self.left_out.append(f"{capital(what)} could not be told: {_why(error)}")
            return None


def _why(error: StaffoptError) -> str:
    """Write an error in a sentence, without the places and codes that a terminal shows."""
    if isinstance(error, InputError):
        return " ".join(f"{fault.what}. {fault.mend}" for fault in error.faults)
    return str(error)


def _again(question: Question) -> Asking:
    """Return what has to be asked of the council for the same question."""
    own = question.instance.options.get(question.option or "")
    return {
        "option": question.option,
        "model": None if own is not None and own.model == question.model else question.model,
        "scenario": question.scenario,
        "overrides": {step.path: step.value for step in question.by_hand},
    }


def _same(council: Instance, again: Asking, question: Question) -> bool:
    try:
        asked = Request(**again).question(council, models())
    except StaffoptError:
        return False
    left, right = asked.to_json(), question.to_json()
    # Who asked for a change is told apart in one and not in the other; what it changes is not.
    return all(left[key] == right[key] for key in left if key != "overrides")


def _another(council: Instance, plan: Plan) -> Fault:
    return Fault(
        "another-instance",
        f"{council.instance} does not lead to the question that plan {plan.id} answers",
        "Give the file as it was when the plan was made, or solve again.",
    )


def _options(
    asker: _Asker, plan: Plan, council: Instance | None, asking: Asking
) -> OptionsTable | None:
    """Put the council's options side by side, from figures that no option has changed."""
    question = plan.question
    if not question.instance.options:
        return None
    if council is None and any(step.origin.startswith("option ") for step in question.overrides):
        asker.left_out.append(
            "Other options are not solved here, since the plan holds figures that its own option "
            "changed: name the council's file (--instance)."
        )
        return None
    known = council or question.instance
    wanted: Asking = {**asking, "option": None, "model": None}
    return asker.of("the options side by side", lambda: options(known, **wanted))


def _effects(
    asker: _Asker, plan: Plan, council: Instance, asking: Asking
) -> SwitchingValues | None:
    """Move each assumption that bears on the plan; None where none of them is a figure."""
    bearing = bearing_assumptions(plan)
    paths = [
        one.path
        for one in inputs_of(plan.question)
        if not one.is_lattice
        and any(one.path == top or one.path.startswith(f"{top}.") for top in bearing)
    ]
    if not paths or not plan.goals:
        return None
    decisions = len(plan.decisions.posts) + len(plan.decisions.places)
    if len(paths) * decisions > _MOST_MOVED:
        asker.left_out.append(
            f"What the assumptions move is not told here: {len(paths)} figures of a plan with "
            f"{decisions} decisions take long to move one by one. staffopt switching moves those "
            "that are named (--path)."
        )
        return None
    return asker.of(
        "what the assumptions move",
        lambda: switching(council, paths=paths, tell=asker.tell, **asking),
    )


def _bound(plan: Plan, council: Instance, asking: Asking) -> Explanation:
    with open_desk(council, **asking) as desk:
        return what_binds(desk, plan)
