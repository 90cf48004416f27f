"""Why there is no plan: one elastic re-solve that names what would have to give."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from fractions import Fraction

import numpy as np

from staffopt.algebra.program import NONE, FloatArray, IntArray, Program
from staffopt.algebra.solution import Changes, Options, Watch
from staffopt.backends.session import Session
from staffopt.build import build
from staffopt.errors import Clash
from staffopt.model.schema import Goal
from staffopt.quantity import exact_text
from staffopt.question import Question
from staffopt.rulebook import FillPosts, KeepExistingPosts, ReleaseTime, Rule, StayWithinBudget
from staffopt.rules.goal_limits import AT_MOST
from staffopt.verifier.words import pounds

_NEVER = (ReleaseTime, KeepExistingPosts, FillPosts)
"""Rules that do not give: what an officer saves is a fact, a post is filled once, and nobody asked
for cuts. (Nor is the
program made for them: where nothing may be cut, every change is taken for an addition.)"""

A_TRACE = 1e-6
"""What a row is missed by within this, in its own unit, is the solver's tolerance."""


def what_would_give(
    question: Question,
    session: Session,
    options: Options,
    watch: Watch,
    kept: Collection[str] = (),
) -> list[list[Clash]]:
    """Find ways out: what has to give where every rule may, and where only ceilings may.

    The question is compiled once more with those rules softened, which is the one mechanism by
    which rows give (:meth:`Builder.missed`). What the model has softened itself gives for nothing.

    Args:
        question: the question.
        session: the solver to ask.
        options: how it solves.
        watch: told of progress; returning True stops.
        kept: labels of rules that do not give.

    Returns:
        the ways, each as what gives, a rule instance each. First the least relative to each figure
        of all rules that are not set by law, empty where even that does not help or none was found
        within the limit; then, where raising ceilings alone helps, the fewest pounds of those.
    """

    def gives(rule: Rule, kind: type[Rule]) -> bool:
        return rule.label not in kept and _may_give(rule, kind)

    def least(kind: type[Rule], *, relative: bool) -> list[Clash]:
        soft = build(question, exact=False, gives=lambda rule: gives(rule, kind))
        columns = _shortfalls(question, soft)
        if not len(columns):
            return []
        changes = Changes(cost=_cost(soft, columns, relative=relative))
        solution = session.solve(soft.matrix, changes, replace(options, gap=0.0), watch)
        if solution.values is None:
            return []
        missed = _missed(soft, columns, solution.values)
        return [_clash(question, soft, row, by) for row, by in missed]

    ways = [least(Rule, relative=True)]
    by_money = least(StayWithinBudget, relative=False)
    return ways + ([by_money] if by_money and by_money != ways[0] else [])


def _may_give(rule: Rule, kind: type[Rule]) -> bool:
    """Say whether a rule is of a kind, and may give."""
    return isinstance(rule, kind) and not rule.statutory and not isinstance(rule, _NEVER)


def _shortfalls(question: Question, soft: Program) -> IntArray:
    """Return the columns by which rows are missed that the model has not softened itself."""
    own = {rule.label for rule in question.rules if rule.soften is not None}
    asked = np.array([name not in own for name in soft.names], dtype=bool)
    tags = soft.column_tags
    return np.flatnonzero(tags.shortfall & asked[tags.rule]).astype(np.int32)


def _cost(soft: Program, columns: IntArray, *, relative: bool) -> FloatArray:
    """Price shortfalls relative to the row's own bound, or each unit alike."""
    matrix = soft.matrix
    rows = matrix.indices[matrix.indptr[columns]]
    bounds = np.stack([matrix.row_lower[rows], matrix.row_upper[rows]])
    size = np.maximum(np.where(np.isfinite(bounds), abs(bounds), 0).max(axis=0), 1.0)
    cost = np.zeros(matrix.columns)
    cost[columns] = 1 / size if relative else 1.0
    return cost


def _missed(soft: Program, columns: IntArray, values: FloatArray) -> list[tuple[int, float]]:
    """Return (row, by how much it is missed; negative where it goes over) where any is."""
    at = soft.matrix.indptr[columns]
    by = np.bincount(
        soft.matrix.indices[at], soft.matrix.data[at] * values[columns], soft.matrix.rows
    )
    return [(int(row), float(by[row])) for row in np.flatnonzero(abs(by) > A_TRACE)]


def _clash(question: Question, program: Program, row: int, gave: float) -> Clash:
    tags = program.row_tags
    label = program.names[tags.rule[row]]
    unit = program.names[tags.unit[row]]
    code = tags.parameter[row]
    parameter = None if code == NONE else program.names[code]
    asked = row_words(question, program, row)
    words = f"{asked}: {'short by' if gave > 0 else 'over by'} {amount_words(abs(gave), unit)}"
    return Clash(label, words, abs(gave), unit, parameter)


def row_words(question: Question, program: Program, row: int) -> str:
    """Say which rule a row is of, and where; or of which goal's limit."""
    tags = program.row_tags
    label, code = program.names[tags.rule[row]], tags.parameter[row]
    rule = next((rule for rule in question.rules if rule.label == label), None)
    if rule is None:
        number = program.names[code].split(".")[2]  # of model.goals.<number>.at_most
        return limit_words(question.goals[int(number)])
    where = [
        shown_name(question, program.axes[axis][codes[row]])
        for axis, codes in tags.keys.items()
        if codes[row] != NONE and len(program.axes[axis]) > 1
    ]
    at = f" ({', '.join(where)})" if where else ""
    ended = code != NONE and program.names[code].endswith(".ends")
    asked = "nothing is spent after a fund's last month" if ended else rule.words
    return f"{asked}{at}"


def limit_words(goal: Goal) -> str:
    """Name a goal and its own limit: ``full year cost at most 20000``."""
    assert goal.at_most is not None
    return f"{goal.label.replace('_', ' ')} {AT_MOST} {exact_text(Fraction(goal.at_most))}"


def shown_name(question: Question, name: str) -> str:
    """Write a label as people know it."""
    council = question.instance
    for table in (
        council.teams,
        council.areas,
        council.funds,
        council.packages,
        council.managed_teams,
    ):
        if name in table:
            return str(table[name].name)
    return question.role_name(name) if name in council.roles else name


def figure_words(figure: Fraction, unit: str) -> str:
    """Write a figure that stands, with its unit; pounds with their pence, where it has any."""
    if unit.startswith("pounds"):
        return pounds(figure)
    return amount_words(float(figure), unit)


def amount_words(size: float, unit: str) -> str:
    """Write by how much something must give, with its unit; pounds whole, rounded up."""
    if unit.startswith("pounds"):
        return f"£{int(np.ceil(size - 1e-6)):,}"
    amount = f"{size:,.4f}".rstrip("0").rstrip(".")
    return f"{amount} {unit.removesuffix('s') if amount == '1' else unit}"
