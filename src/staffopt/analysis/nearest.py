"""The plan nearest to another that reaches given goals: as few people as can be are elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from staffopt.algebra.holding import Nearness, held_at, nearness
from staffopt.algebra.solution import Changes
from staffopt.analysis.placed import PlaceChange
from staffopt.analysis.to_the_end import session_of, solved
from staffopt.errors import VerificationError
from staffopt.extract import decisions_of, place_counts
from staffopt.plan import Decisions, Figures, Finding, PlaceDecision, Verdict
from staffopt.rules.placing import PLACED, classes_of, dealt, staying
from staffopt.verifier import examine, goal_value

if TYPE_CHECKING:
    from staffopt.algebra.program import Block, FloatArray, Matrix, Program
    from staffopt.desk import Desk
    from staffopt.plan import PlaceFigure, Plan
    from staffopt.question import Question


@dataclass(frozen=True, slots=True)
class Near:
    """The nearest plan.

    Attributes:
        places: person → where they are placed in it.
        missed: what softened rules are missed by that were not missed so before, in words.
    """

    places: Mapping[str, PlaceFigure]
    missed: tuple[str, ...]


class Neighbours:
    """Finds the plans nearest to one, solve after solve on one matrix.

    Args:
        plan: the plan; its people are placed.

    Attributes:
        classes: the classes of people alike.
        places: person → where the plan places them.
    """

    def __init__(self, plan: Plan) -> None:
        self.classes = classes_of(plan.question)
        self.places = {place.person: place for place in plan.figures.places}
        self._missed = set(_missed(plan.findings))
        self._nearness: Nearness | None = None
        self._sent = False

    def forget(self) -> None:
        """Pass the matrix anew: somebody else has used the solver since."""
        self._sent = False

    def near(self, desk: Desk, person: str, goals: Sequence[Fraction]) -> Near | None:
        """Find the nearest plan that reaches goals; None where none does.

        Args:
            desk: asks the plan's question with a pin of somebody's first preference.
            person: whose it is.
            goals: what each goal comes to.

        Raises:
            Cancelled: the caller, or the time limit, ended the solve first.
            BackendError: the solver failed.
            VerificationError: what it found does not hold.
        """
        question, program = desk.question, desk.program()
        slack = [float(goal.tolerance or 0) for goal in question.goals]
        point = self._point(desk, program, held_at(program, goals, slack))
        if point is None:
            return None
        figures, findings = examine(question, self._decisions(question, program, point, person))
        _refuse_broken(question, figures, findings, goals)
        missed = (words for words in _missed(findings) if words not in self._missed)
        return Near({place.person: place for place in figures.places}, tuple(missed))

    def others(self, near: Near, placed: str, person: str) -> tuple[PlaceChange, ...]:
        """Say who else is placed elsewhere, if those two who are alike change places in it.

        Args:
            near: the nearest plan.
            placed: who has the first preference in it.
            person: who is to have it, alike to them or the same.
        """
        swapped = {**near.places, person: near.places[placed], placed: near.places[person]}
        return tuple(
            PlaceChange(other, was.team, now.team, was.got, now.got)
            for other, was in self.places.items()
            if other != person and (now := swapped[other]).team != was.team
        )

    def exists(self, desk: Desk) -> bool:
        """Say whether a desk's question has any plan, whatever its goals come to.

        Raises:
            Cancelled, BackendError: as :meth:`near` does.
        """
        program = desk.program()
        return self._point(desk, program, program.matrix.floating()) is not None

    def _point(self, desk: Desk, program: Program, held: Matrix) -> FloatArray | None:
        """Solve for the point in which most people stay where the plan has them."""
        block = program.columns_named(PLACED)
        if self._nearness is None or self._nearness.columns != held.columns:
            columns = np.arange(block.start, block.stop, dtype=np.int32)
            self._nearness, self._sent = nearness(held, columns, self._values(block)), False
        near = self._nearness
        lower, upper = near.bounds(held)
        matrix, self._sent = None if self._sent else near.matrix, True
        session = session_of(desk, whole=True)
        solution = solved(session, desk.request, matrix, Changes(near.cost, lower, upper))
        if solution is None or solution.values is None:
            return None
        return solution.values[: near.columns]

    def _values(self, block: Block) -> FloatArray:
        """Count how many of each class the plan has in each team, one entry a column."""
        counts = Counter(
            (alike.ids[0], self.places[person].team)
            for alike in self.classes
            for person in alike.ids
        )
        names = (
            [axis[code] for axis, code in zip(block.labels, cell, strict=True)]
            for cell in block.cells
        )
        return np.array([counts[first, team] for first, team in names], dtype=np.float64)

    def _decisions(
        self, question: Question, program: Program, point: FloatArray, person: str
    ) -> Decisions:
        """Read a point's decisions; of those alike, whoever can stay where the plan has them does.

        That is another way to deal out the same counts, and as good: they are alike.
        """
        block = program.columns_named(PLACED)
        kept: dict[str, tuple[str, ...]] = {
            one: (place.team,) for one, place in self.places.items() if place.team is not None
        }
        kept.update(staying(question, self.classes))
        wish = question.instance.people[person].first
        assert wish is not None  # whose first preference is pinned has one
        kept[person] = question.teams_in(wish)
        placed = dict(dealt(self.classes, place_counts(block, point), kept))
        places = (
            PlaceDecision(person=one, team=placed[one])
            for one in question.instance.people
            if one in placed
        )
        found = decisions_of(question, program, point)
        return found.model_copy(update={"places": tuple(places)})


def _missed(findings: Iterable[Finding]) -> Iterable[str]:
    return (finding.words for finding in findings if finding.verdict is Verdict.SOFTENED)


def _refuse_broken(
    question: Question, figures: Figures, findings: Iterable[Finding], goals: Sequence[Fraction]
) -> None:
    """Refuse a plan that breaks a rule, or does worse than it was asked to.

    Raises:
        VerificationError: if so.
    """
    broken = [f.words for f in findings if f.verdict is Verdict.BROKEN]
    for goal, most in zip(question.goals, goals, strict=True):
        allowed = most + Fraction(goal.tolerance or 0)
        if not broken and goal_value(question, figures, goal) > allowed:
            broken.append(f"{goal.label} is above {most}")
    if broken:
        raise VerificationError(f"the nearest plan does not hold: {'; '.join(broken)}")
