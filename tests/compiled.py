"""A tiny council to compile rules on, and the program's rows written out to be read by people."""

from __future__ import annotations

import copy
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from staffopt.algebra.lexicographic import Lexicographic, Outcome
from staffopt.algebra.solution import Changes, Options, Why
from staffopt.backends.session import Session, ignore
from staffopt.build import build
from staffopt.instance.options import Pins
from staffopt.instance.schema import Instance
from staffopt.instance.staff import RoleKind
from staffopt.question import Question
from staffopt.rulebook import KeepExistingPosts, Pin, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from staffopt.algebra.program import Program
    from staffopt.model.schema import Goal

# north 100 cases ÷ 4 FTE = 25; south 60 ÷ 4 = 15; the office holds no cases.
TINY: dict[str, Any] = {
    "schema_version": 1,
    "instance": "tiny",
    "title": "Solvable by hand",
    "calendar": {"start": "2024-10", "end": "2026-03"},
    "roles": {
        "worker": {"kind": "case_holder", "step": 1, "cost": 40000, "set_up": 1000},
        "officer": {"kind": "support", "step": "0.5", "cost": 24000},
        "lead": {"kind": "support_lead", "step": 1, "cost": 36000, "teams": ["office"]},
    },
    "teams": {
        "north": {"name": "North", "cases": 100, "posts": {"worker": 4, "officer": 1}},
        "south": {"name": "South", "cases": 60, "posts": {"worker": 4}},
        "office": {"name": "Office", "posts": {"lead": 1}},
    },
}
KEEP = KeepExistingPosts(label="keep")
INFINITE = float("inf")

Row = tuple[dict[str, Any], Any, Any]
"""Terms by column in the quantity's own unit, lower bound, upper bound."""


def ask(
    *rules: Rule,
    goals: tuple[Goal, ...] = (),
    may_change: tuple[RoleKind, ...] = tuple(RoleKind),
    **tables: Any,
) -> Question:
    """Ask the tiny council with some rules; tables are laid over its own, entry by entry."""
    data = copy.deepcopy(TINY)
    for table, content in tables.items():
        data[table] = laid_over(data.get(table), content)
    return Question(
        instance=Instance.model_validate(data),
        model="test",
        title="Test",
        may_change=may_change,
        rules=rules,
        goals=goals,
    )


def laid_over(own: Any, content: Any) -> Any:
    """Lay a table over another, entry by entry; an empty one takes its place."""
    if not (isinstance(own, dict) and isinstance(content, dict) and content):
        return content
    return own | {key: laid_over(own.get(key), value) for key, value in content.items()}


def rows(program: Program, block: str) -> dict[str, Row]:
    """Write out a block's rows: their cell → terms, bounds. A single period is not named."""
    found = {}
    for part in program.row_blocks:
        if part.name == block:
            for index in range(part.start, part.stop):
                inside = short(part.label(index)).removeprefix(block).strip("[]")
                found[inside] = row(program, index)
    return found


def row(program: Program, index: int) -> Row:
    """Write out one row, in the quantities that people read and not in counts of steps."""
    matrix, tags = program.matrix, program.column_tags
    terms = {}
    for column in range(matrix.columns):
        for entry in range(matrix.indptr[column], matrix.indptr[column + 1]):
            if matrix.indices[entry] == index:
                step = Fraction(float(tags.quantum[column])).limit_denominator(1000) or 1
                terms[short(program.column_label(column))] = matrix.data[entry] / step
    return terms, matrix.row_lower[index], matrix.row_upper[index]


def short(label: str) -> str:
    """Leave a single period out of a label."""
    return label.replace(",2024-10 to 2026-03", "").replace("2024-10 to 2026-03", "")


def compiled(*rules: Rule, **tables: Any) -> Program:
    """Compile a question of the tiny council in exact fractions."""
    return build(ask(*rules, **tables), exact=True)


@cache
def session() -> Session:
    """Solve in this process: no worker is the point of these tests."""
    return Session("highs", isolation="inline")


def pinned(changes: Mapping[tuple[str, str], Any], tables: Mapping[str, Any]) -> Pin:
    """Pin every post that may be added to: those given at today's and the change, others stay."""
    council = ask(**tables).instance
    posts: dict[str, dict[str, str]] = {}
    for team, record in council.teams.items():
        for role, roles in council.roles.items():
            if roles.teams is None or team in roles.teams:
                fte = Fraction(record.posts.get(role, 0)) + Fraction(changes.get((team, role), 0))
                posts.setdefault(team, {})[role] = f"{float(fte):g}"
    return Pin(label="pin", pins=Pins.model_validate({"posts": posts}))


def allows(
    *rules: Rule, change: Mapping[tuple[str, str], Any] | None = None, **tables: Any
) -> bool:
    """Say whether the compiled rules allow exactly these changes and no other."""
    program = build(ask(*rules, pinned(change or {}, tables), **tables), exact=True)
    matrix = program.matrix.floating()
    return session().solve(matrix, Changes(cost=np.zeros(matrix.columns))).why is Why.OPTIMAL


def minimised(question: Question) -> Outcome:
    """Minimise the question's goals in order."""
    slack = [float(goal.tolerance or 0) for goal in question.goals]
    steps = Lexicographic(build(question), session().solve, Options(), slack, lambda: 0.0)
    return steps.run(lambda *_: ignore)
