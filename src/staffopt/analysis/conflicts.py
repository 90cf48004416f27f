"""Conflicts: rule instances that no plan meets together, none of which can be left out.

What adding up shows is found before anything is solved (:mod:`staffopt.contradictions`). Else a
deletion filter takes instances out of the program, many at a time and then fewer, as long as no
point appears; what cannot be taken out is the conflict. It works on any program, whole numbers
included, where no solver's own conflict finder does. Where the program has no point even in
fractions, it is filtered as a linear program first, which is quicker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from staffopt.algebra.extension import relaxed
from staffopt.algebra.program import NONE
from staffopt.contradictions import Plainest, Plainly, plainest
from staffopt.plan import Grade
from staffopt.rulebook import KeepExistingPosts

if TYPE_CHECKING:
    from staffopt.algebra.program import IntArray, Matrix, Program
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
        plainly: both sides in figures, where it was found by adding up, before anything was
            solved; None where it took a solver.
        grade: how well it is founded that nothing meets them all, as a plan's grade.
    """

    members: tuple[RuleInstance, ...]
    irreducible: bool
    whole: bool
    plainly: Plainly | None
    grade: str

    @property
    def rules(self) -> tuple[str, ...]:
        """Labels of its rules, each once, in order."""
        return tuple(dict.fromkeys(member.rule for member in self.members))

    @property
    def plain(self) -> bool:
        """Whether it was found by adding up, before anything was solved."""
        return self.plainly is not None

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "members": [member.to_json() for member in self.members],
            "irreducible": self.irreducible,
            "whole": self.whole,
            "plain": self.plain,
            "plainly": None if self.plainly is None else self.plainly.to_json(),
            "grade": self.grade,
        }


class Search:
    """Looks for conflicts among a program's rule instances.

    Args:
        question: the question.
        program: its program.
        instances: all its rule instances.
        feasibility: the solver to ask.
        grade: grades what is found.
    """

    def __init__(
        self,
        question: Question,
        program: Program,
        instances: Sequence[RuleInstance],
        feasibility: Feasibility,
        grade: Grader,
    ) -> None:
        # Taken out first is what is wished least to be blamed: that no post is cut.
        self._kept = {r.label for r in question.rules if isinstance(r, KeepExistingPosts)}
        self._by_blame = sorted(instances, key=lambda one: one.rule not in self._kept)
        self._order = {id(one): number for number, one in enumerate(instances)}
        self._all, self._program = list(instances), program
        self._matrix = program.matrix.floating()
        self._in_fractions = relaxed(self._matrix)
        self._parts = np.full(self._matrix.rows, NONE, dtype=np.int32)
        for number, one in enumerate(instances):
            self._parts[one.rows] = number
        self.feasibility = feasibility
        self._grade = grade
        self._known: dict[frozenset[int], Plainest | None] = {}

    def family(self) -> tuple[list[Conflict], bool]:
        """Find conflicts that share no rule instance, until there are no more.

        Returns:
            the conflicts; whether that is all: no other shares nothing with them.
        """
        left, found = list(self._by_blame), []
        while conflict := self.conflict(left):
            found.append(conflict)
            used = set(map(id, conflict.members))
            left = [one for one in left if id(one) not in used]
            if not used:  # nothing that can be taken out is to blame
                return found, True
        return found, self._meets(self._matrix, left) is True

    def conflict(self, among: Sequence[RuleInstance]) -> Conflict | None:
        """Find one conflict among some rule instances; None where none is, or none is proven."""
        plain = self._plainest(among)
        if plain is not None:
            return self._plain(plain)
        inside = set(map(id, among))
        members = [one for one in self._by_blame if id(one) in inside]
        if self._meets(self._in_fractions, members) is False:
            members = self._filtered(self._in_fractions, members)
        elif self._meets(self._matrix, members) is not False:
            return None
        members = self._filtered(self._matrix, members)
        return self._confirmed(members)

    def plain_at_all(self) -> bool:
        """Say whether there is a plain contradiction: then there is no plan."""
        return self._plainest(self._all) is not None

    def _plainest(self, among: Sequence[RuleInstance]) -> Plainest | None:
        """Find a conflict by adding up; what was found once is known."""
        inside = frozenset(map(id, among))
        if inside not in self._known:
            ranked = [self._order[id(one)] for one in self._by_blame if id(one) in inside]
            self._known[inside] = plainest(self._program, self._parts, ranked)
        return self._known[inside]

    def _plain(self, found: Plainest) -> Conflict:
        """Make a conflict of what adding up has found; without what only a solver can leave out."""
        members = [self._all[part] for part in sorted(found.parts)]
        told = self._confirmed(members, found.plainly)
        if told.irreducible or self.feasibility.stopped:
            return told
        fewer = self._filtered(self._matrix, members)
        again = self._plainest(fewer)
        return self._confirmed(fewer, again.plainly if again else None)

    def lifted(self, kept: Sequence[RuleInstance]) -> IntArray:
        """List the rows of every rule instance but those to keep."""
        inside = set(map(id, kept))
        rows = [one.rows for one in self._by_blame if id(one) not in inside]
        return np.concatenate(rows) if rows else np.zeros(0, dtype=np.int32)

    def _meets(self, matrix: Matrix, members: Sequence[RuleInstance]) -> bool | None:
        return self.feasibility.has_point(matrix, self.lifted(members))

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

    def _confirmed(self, members: Members, plainly: Plainly | None = None) -> Conflict:
        """Solve again without each member, and without whole steps."""
        members = sorted(members, key=lambda one: self._order[id(one)])
        needed = all(self._meets(self._matrix, rest) is True for rest in _each_left_out(members))
        shown = plainly is not None and plainly.exact
        return Conflict(
            members=tuple(members),
            irreducible=needed,
            whole=self._meets(self._in_fractions, members) is True,
            plainly=plainly,
            grade=Grade.CERTIFIED if shown else self._grade(self.lifted(members)),
        )


def _each_left_out(members: Members) -> Iterator[Members]:
    for number in range(len(members)):
        yield members[:number] + members[number + 1 :]
