"""A question compiled to a program: the table of contents."""

from __future__ import annotations

from collections.abc import Callable

from staffopt.algebra.builder import Builder
from staffopt.algebra.program import Program
from staffopt.data import Data
from staffopt.question import Question
from staffopt.rulebook import FlowCases, HoldEveryCase, MeetStaffNeeded, ReleaseTime, Rule
from staffopt.rules import COMPILERS
from staffopt.rules.goals import write_goal
from staffopt.rules.money import write_ledger
from staffopt.rules.softening import softened
from staffopt.rules.variables import Variables

_FIRST: tuple[type[Rule], ...] = (ReleaseTime, FlowCases, HoldEveryCase, MeetStaffNeeded)
"""Rules that declare what other rules, goals and ceilings count, in the order of writing."""

MOST_EXACT_CELLS = 50_000
"""Up to so many posts over teams, roles and periods a program is built exactly."""


Gives = Callable[[Rule], bool]
"""Says of a rule whether its rows are to give, so as to see what would have to."""

Besides = Callable[[Variables, Data, Builder], None]
"""Writes rows or goals beside those of the question."""


def build(
    question: Question,
    *,
    exact: bool | None = None,
    gives: Gives = lambda _: False,
    may_cut: bool = False,
    besides: Besides | None = None,
) -> Program:
    """Compile a question.

    Args:
        question: the question, every parameter settled.
        exact: whether to build exactly; by size if None.
        gives: the rules whose rows can be missed as if softened, at no price: the same
            shortfalls that a softened rule has, for whoever asks why there is no plan.
        may_cut: whether the rows that keep today's posts may be taken out of the program, so that
            it must not take every change for an addition.
        besides: writes what the question itself does not ask, such as one more goal.

    Raises:
        InputError: if a rule cannot be stated on the question's figures.
    """
    exact = _is_small(question) if exact is None else exact
    data = Data(question, exact, may_cut)
    builder = Builder(exact=data.exact, block_axis="team")
    variables = Variables(builder, data)
    variables.ledger = write_ledger(variables, data)
    for rule in sorted(question.rules, key=_declared_after):
        rows = 0
        for part in COMPILERS[type(rule)](rule, variables, data):
            kept = softened(rule, part, variables, data)
            if kept is part and not part.defines and gives(rule):
                kept, _ = builder.missed(part, rule.label)
            rows += builder.add(kept, rule.label, statutory=rule.statutory)
        if rows == 0:
            builder.notes.append(f"{rule.label} asks nothing here")
    for goal in question.goals:
        write_goal(goal, variables, data, builder)
    if besides is not None:
        besides(variables, data, builder)
    return builder.finish()


def _declared_after(rule: Rule) -> int:
    """Put rules that declare what others count before those: released time, cases held, work."""
    return next((i for i, kind in enumerate(_FIRST) if isinstance(rule, kind)), len(_FIRST))


def _is_small(question: Question) -> bool:
    council = question.instance
    cells = len(council.teams) * len(council.roles) * len(council.calendar.cut())
    return cells <= MOST_EXACT_CELLS
