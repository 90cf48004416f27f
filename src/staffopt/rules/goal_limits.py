"""The limit that a goal may have: rows that are told apart from the goal's own."""

from __future__ import annotations

from staffopt.algebra.expression import Rows
from staffopt.algebra.program import ParameterKind
from staffopt.data import Data
from staffopt.model.schema import Goal

AT_MOST = "at most"
"""What the rows of a goal's limit are told apart by."""


def of_limit(rows: Rows, goal: Goal, d: Data, kind: ParameterKind) -> Rows:
    """Say that rows are of a goal's own limit."""
    number = next(number for number, one in enumerate(d.question.goals) if one is goal)
    path = f"model.goals.{number}.at_most"
    return rows.tagged(suffix=AT_MOST, parameter=path, kind=kind)
