"""Conflicts: rule instances that no plan meets together, none of which can be left out.

A deletion filter takes instances out of the program, many at a time and then fewer, as long as no
point appears; what cannot be taken out is the conflict. It works on any program, whole numbers
included, where no solver's own conflict finder does. Where the program has no point even in
fractions, it is filtered as a linear program first, which is quicker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from staffopt.analysis.feasibility import out_of_reach, relaxed
from staffopt.rulebook import KeepExistingPosts

if TYPE_CHECKING:
    from staffopt.algebra.program import IntArray, Matrix
    from staffopt.analysis.feasibility import Feasibility
    from staffopt.analysis.instances import RuleInstance
    from staffopt.question import Question

Grader = Callable[["IntArray"], str]
"""Grades the claim that a program has no point with some rows lifted."""

Members = list["RuleInstance"]


@dataclass(frozen=True, slots=True, eq=False)
class Conflict:
    """Rule instances that no plan meets together.

    Attributes:
        members: the rule instances, in the program's order.
        irreducible: whether every one of them is needed: without any one there is a plan of the
            others. False where a limit left that unproven.
        whole: whether it is a conflict only because posts, heads and teams come in whole steps.
        plain: whether it was found by arithmetic, before anything was solved.
        grade: how well it is founded that nothing meets them all, as a plan's grade.
    """

    members: tuple[RuleInstance, ...]
    irreducible: bool
    whole: bool
    plain: bool
    grade: str

    @property
    def rules(self) -> tuple[str, ...]:
        """Labels of its rules, each once, in order."""
        return tuple(dict.fromkeys(member.rule for member in self.members))

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "members": [member.to_json() for member in self.members],
            "irreducible": self.irreducible,
            "whole": self.whole,
            "plain": self.plain,
            "grade": self.grade,
        }


class Search:
    """Looks for conflicts among a program's rule instances.

    Args:
        question: the question.
        matrix: its program's numbers.
        instances: all its rule instances.
        feasibility: the solver to ask.
        grade: grades what is found.
    """

    def __init__(
        self,
        question: Question,
        matrix: Matrix,
        instances: Sequence[RuleInstance],
        feasibility: Feasibility,
        grade: Grader,
    ) -> None:
        kept = {rule.label for rule in question.rules if isinstance(rule, KeepExistingPosts)}
        # Taken out first is what is wished least to be blamed: that no post is cut.
        self._instances = sorted(instances, key=lambda one: one.rule not in kept)
        self._order = {id(one): number for number, one in enumerate(instances)}
        self._matrix = matrix
        self._in_fractions = relaxed(matrix)
        self._impossible = out_of_reach(matrix)
        self._feasibility = feasibility
        self._grade = grade

    def family(self) -> tuple[list[Conflict], bool]:
        """Find conflicts that share no rule instance, until there are no more.

        Returns:
            the conflicts; whether that is all: no other shares nothing with them.
        """
        left, found = list(self._instances), []
        while conflict := self.conflict(left):
            found.append(conflict)
            used = set(map(id, conflict.members))
            left = [one for one in left if id(one) not in used]
            if not used:  # nothing that can be taken out is to blame
                return found, True
        return found, self._meets(self._matrix, left) is True

    def conflict(self, among: Sequence[RuleInstance]) -> Conflict | None:
        """Find one conflict among some rule instances; None where none is, or none is proven."""
        plain = next((one for one in among if self._impossible[one.rows].any()), None)
        if plain is not None:
            return self._confirmed([plain], plain=True)
        members = [one for one in self._instances if one in among]
        if self._meets(self._in_fractions, members) is False:
            members = self._filtered(self._in_fractions, members)
        elif self._meets(self._matrix, members) is not False:
            return None
        members = self._filtered(self._matrix, members)
        return self._confirmed(members, plain=False)

    def lifted(self, kept: Sequence[RuleInstance]) -> IntArray:
        """List the rows of every rule instance but those to keep."""
        inside = set(map(id, kept))
        rows = [one.rows for one in self._instances if id(one) not in inside]
        return np.concatenate(rows) if rows else np.zeros(0, dtype=np.int32)

    def _meets(self, matrix: Matrix, members: Sequence[RuleInstance]) -> bool | None:
        return self._feasibility.has_point(matrix, self.lifted(members))

    def _filtered(self, matrix: Matrix, members: Members) -> Members:
        """Take out what can be: runs that double while that succeeds, and halve where it fails."""
        at, run = 0, max(1, len(members) // 2)
        while at < len(members):
            fewer = members[:at] + members[at + run :]
            if self._meets(matrix, fewer) is False:
                members, run = fewer, 2 * run
            elif run > 1:
                run = min(run, len(members) - at) // 2 or 1
            else:
                at, run = at + 1, 2
        return members

    def _confirmed(self, members: Members, *, plain: bool) -> Conflict:
        """Solve again without each member, and without whole steps."""
        members = sorted(members, key=lambda one: self._order[id(one)])
        needed = all(self._meets(self._matrix, rest) is True for rest in _each_left_out(members))
        return Conflict(
            members=tuple(members),
            irreducible=needed,
            whole=self._meets(self._in_fractions, members) is True,
            plain=plain,
            grade=self._grade(self.lifted(members)),
        )


def _each_left_out(members: Members) -> Iterator[Members]:
    for number in range(len(members)):
        yield members[:number] + members[number + 1 :]
