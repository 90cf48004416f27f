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
from staffopt.rulebook import KeepExistingPosts, ReleaseTime, Rule, StayWithinBudget

_NEVER = (ReleaseTime, KeepExistingPosts)
"""Rules that do not give: what an officer saves is a fact, and nobody asked for cuts. (Nor is the
program made for them: where nothing may be cut, every change is taken for an addition.)"""

_DEFINING_UNITS = ("bands", "heads")
"""Rows in these units say what a derived quantity is; they cannot give."""


def what_would_give(
    question: Question, program: Program, session: Session, options: Options, watch: Watch
) -> list[list[Clash]]:
    """Find ways out: what has to give where every rule may, and where only ceilings may.

    Returns:
        the ways, each as what gives, a rule instance each. First the least relative to each figure
        of all rules that are not set by law, empty where even that does not help or none was found
        within the limit; then, where raising ceilings alone helps, the fewest pounds of those.
    """

    def least(may_give: BoolArray, *, relative: bool) -> list[Clash]:
        soft = elastic(program.matrix.floating(), may_give, relative=relative)
        changes = Changes(cost=soft.cost)
        solution = session.solve(soft.matrix, changes, replace(options, gap=0.0), watch)
        if solution.values is None:
            return []
        return [_clash(question, program, row, gave) for row, gave in soft.given(solution.values)]

    ways = [least(_may_give(question, program, Rule), relative=True)]
    ceilings = _may_give(question, program, StayWithinBudget)
    if (ceilings & np.isfinite(program.matrix.floating().row_upper)).any():
        by_money = least(ceilings, relative=False)
        ways += [by_money] if by_money and by_money != ways[0] else []
    return ways


def _may_give(question: Question, program: Program, kind: type[Rule]) -> BoolArray:
    """Mark the rows of a kind of rule that may give."""
    labels = {
        rule.label
        for rule in question.rules
        if isinstance(rule, kind) and not rule.statutory and not isinstance(rule, _NEVER)
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
    parameter = None if code == NONE else program.names[code]
    ended = parameter is not None and parameter.endswith(".ends")
    asked = "nothing is spent after a fund's last month" if ended else rule.words
    words = f"{asked}{at}: {'short by' if gave > 0 else 'over by'} {_amount(abs(gave), unit)}"
    return Clash(label, words, abs(gave), unit, parameter)


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
