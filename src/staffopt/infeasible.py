"""Why there is no plan: one elastic re-solve that names what would have to give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from staffopt.algebra.elastic import elastic
from staffopt.algebra.program import NONE, BoolArray, Program
from staffopt.algebra.solution import Changes, Options, Watch
from staffopt.backends.session import Session
from staffopt.errors import Clash
from staffopt.question import Question
from staffopt.rulebook import ReleaseTime

_DEFINING_UNITS = ("bands", "heads")
"""Rows in these units say what a derived quantity is; they cannot give."""


def what_would_give(
    question: Question, program: Program, session: Session, options: Options, watch: Watch
) -> list[Clash]:
    """Let every rule give that is not set by law, and find the least that has to.

    Returns:
        what gives, a rule instance each; empty where even that does not help, or none was found
        within the limit.
    """
    soft = elastic(program.matrix.floating(), _may_give(question, program))
    changes = Changes(cost=soft.cost)
    solution = session.solve(soft.matrix, changes, replace(options, gap=0.0), watch)
    if solution.values is None:
        return []
    return [_clash(question, program, row, gave) for row, gave in soft.given(solution.values)]


def _may_give(question: Question, program: Program) -> BoolArray:
    labels = {
        rule.label
        for rule in question.rules
        if not rule.statutory and not isinstance(rule, ReleaseTime)
    }
    tags = program.row_tags
    rules = np.array([name in labels for name in program.names], dtype=bool)
    defining = np.array([name in _DEFINING_UNITS for name in program.names], dtype=bool)
    return np.asarray(rules[tags.rule] & ~defining[tags.unit])


def _clash(question: Question, program: Program, row: int, gave: float) -> Clash:
    tags = program.row_tags
    label = program.names[tags.rule[row]]
    unit = program.names[tags.unit[row]]
    code = tags.parameter[row]
    rule = next(rule for rule in question.rules if rule.label == label)
    where = [
        _shown(question, program.axes[axis][codes[row]])
        for axis, codes in tags.keys.items()
        if codes[row] != NONE and len(program.axes[axis]) > 1
    ]
    at = f" ({', '.join(where)})" if where else ""
    amount = _amount(abs(gave), unit)
    words = f"{rule.words}{at}: {'short by' if gave > 0 else 'over by'} {amount}"
    return Clash(label, words, abs(gave), unit, None if code == NONE else program.names[code])


def _shown(question: Question, name: str) -> str:
    """Write a label as people know it."""
    council = question.instance
    for table in (council.teams, council.funds, council.packages):
        if name in table:
            return str(table[name].name)
    return question.role_name(name) if name in council.roles else name


def _amount(size: float, unit: str) -> str:
    if unit.startswith("pounds"):
        return f"£{int(np.ceil(size - 1e-6)):,}"
    amount = f"{size:,.4f}".rstrip("0").rstrip(".")
    return f"{amount} {unit.removesuffix('s') if amount == '1' else unit}"
