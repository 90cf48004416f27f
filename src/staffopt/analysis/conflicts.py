"""Conflicts: rule instances that no plan meets together, none of which can be left out.

What adding up shows is found before anything is solved (:mod:`staffopt.contradictions`). Else a
deletion filter takes instances out of the program, many at a time and then fewer, as long as no
point appears; what cannot be taken out is the conflict. It works on any program, whole numbers
included, where no solver's own conflict finder does. Where the program has no point even in
fractions, it is filtered as a linear program first, which is quicker. Either way every member has
been left out of the program in the end, and a point of all the others found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
        members = self._by_solving(among)
        if members is None:
            return None
        return self._confirmed(*self._filtered(self._matrix, members, 1))

    def blamed(self, among: Sequence[RuleInstance]) -> Members | None:
        """Find rule instances that no plan meets together, of which some may not be needed.

        That takes far fewer solves, and no proof. None where there are none, or none is proven.
        """
        plain = self._plainest(among)
        if plain is not None:
            return [self._all[part] for part in sorted(plain.parts)]
        return self._by_solving(among)

    def _by_solving(self, among: Sequence[RuleInstance]) -> Members | None:
        """Take out what can be in fractions; in whole steps where fractions have a point."""
        inside = set(map(id, among))
        members = [one for one in self._by_blame if id(one) in inside]
        matrix = self._in_fractions
        if self._meets(matrix, members) is not False:
            matrix = self._matrix
            if self._meets(matrix, members) is not False:
                return None
        return self._filtered(matrix, members, max(1, len(members) // 2))[0]

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
        fewer, needed = self._filtered(self._matrix, members, 1)
        again = found if len(fewer) == len(members) else self._plainest(fewer)
        return self._confirmed(fewer, needed, again.plainly if again else None)

    def lifted(self, kept: Sequence[RuleInstance]) -> IntArray:
        """List the rows of every rule instance but those to keep."""
        inside = set(map(id, kept))
        rows = [one.rows for one in self._by_blame if id(one) not in inside]
        return np.concatenate(rows) if rows else np.zeros(0, dtype=np.int32)

    def _meets(self, matrix: Matrix, members: Sequence[RuleInstance]) -> bool | None:
        return self.feasibility.has_point(matrix, self.lifted(members))

    def _filtered(
        self, matrix: Matrix, members: Members, run: int
    ) -> tuple[Members, frozenset[int]]:
        """Take out what can be: runs that double while that succeeds, and halve where it fails.

        Args:
            matrix: the numbers.
            members: no point meets them all.
            run: how many are taken out at once first: one, where most are needed.

        Returns:
            the members that are left; the ids of those that are needed. Without such a one there
            was a point of all the others that were left then, and so of those that are left now.
        """
        at, needed = 0, set()
        while at < len(members):
            meets = self._meets(matrix, members[:at] + members[at + run :])
            if meets is False:
                members, run = members[:at] + members[at + run :], 2 * run
            elif run > 1:
                run = min(run, len(members) - at) // 2 or 1
            else:
                if meets:
                    needed.add(id(members[at]))
                at += 1
        return members, frozenset(needed)

    def _confirmed(
        self, members: Members, needed: frozenset[int], plainly: Plainly | None = None
    ) -> Conflict:
        """Make a conflict: say whether all of it is needed, and grade it."""
        members = sorted(members, key=lambda one: self._order[id(one)])
        shown = plainly is not None and plainly.exact
        return Conflict(
            members=tuple(members),
            irreducible=needed.issuperset(map(id, members)),
            whole=self._meets(self._in_fractions, members) is True,
            plainly=plainly,
            grade=Grade.CERTIFIED if shown else self._grade(self.lifted(members)),
        )
