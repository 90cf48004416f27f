"""A program as a certificate states it, in exact rationals."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from staffopt.algebra.program import GoalVector, Program

Terms = dict[str, str]


def state(program: Program) -> dict[str, Any]:
    """Write an exact program's columns, bounded rows and goals.

    Raises:
        ValueError: if the program is not exact.
    """
    if not program.exact:
        raise ValueError("only an exact program can be certified")
    matrix = program.matrix
    columns = [
        {
            "name": program.column_label(j),
            "lower": _bound(matrix.col_lower[j]),
            "upper": _bound(matrix.col_upper[j]),
            "whole": bool(matrix.integer[j]),
        }
        for j in range(matrix.columns)
    ]
    terms = _by_row(program)
    rows = [
        {
            "name": program.row_label(i),
            "lower": _bound(matrix.row_lower[i]),
            "upper": _bound(matrix.row_upper[i]),
            "terms": terms[i],
        }
        for i in range(matrix.rows)
        if np.isfinite(float(matrix.row_lower[i])) or np.isfinite(float(matrix.row_upper[i]))
    ]
    return {"columns": columns, "rows": rows, "goals": [_goal(g, terms) for g in program.goals]}


def _goal(goal: GoalVector, terms: Sequence[Terms]) -> dict[str, Any]:
    head = {"name": str(goal.name), "unit": goal.unit}
    if goal.ratio is None:
        used = np.flatnonzero(goal.vector != 0)
        vector = {str(j): str(goal.vector[j]) for j in used}
        return {**head, "terms": vector, "offset": str(Fraction(goal.offset))}
    ratio = goal.ratio
    ratios = [
        {"weight": str(weight), "terms": terms[ratio.start + i], "offset": str(Fraction(constant))}
        for i, (weight, constant) in enumerate(zip(ratio.weights, ratio.constants, strict=True))
    ]
    return {**head, "ratios": ratios}


def _by_row(program: Program) -> list[Terms]:
    matrix = program.matrix
    terms: list[Terms] = [{} for _ in range(matrix.rows)]
    columns = matrix.entry_columns
    for entry, row in enumerate(matrix.indices):
        terms[row][str(columns[entry])] = str(matrix.data[entry])
    return terms


def _bound(value: Any) -> str | None:
    return None if np.isinf(float(value)) else str(value)
