"""Writes a program in the LP format that most solvers read, without losing a digit.

Readers of this format differ at its edges, so only its middle is used: a row with two sides is
written twice, every bound is written, and the objective names every column, in order.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np

from staffopt.algebra.program import FloatArray, Matrix
from staffopt.backends.mps import Names

TERMS_A_LINE = 3
"""Some readers take no more than 560 characters a line."""

OTHER_SIDE = "..upper"
"""Ends the name of the second writing of a row that has two sides."""


def lp_lines(matrix: Matrix, cost: FloatArray, names: Names) -> Iterator[str]:
    """Write a program of floats, line by line; rows without bounds are left out."""
    yield "Minimize"
    yield from _form("cost", zip(cost.tolist(), names.columns, strict=True), "")
    yield "Subject To"
    yield from _rows(matrix, names)
    yield "Bounds"
    yield from _bounds(matrix, names)
    whole = [names.columns[column] for column in np.flatnonzero(matrix.integer).tolist()]
    if whole:
        yield "General"
        yield from _wrapped(whole)
    yield "End"


def _rows(matrix: Matrix, names: Names) -> Iterator[str]:
    order = np.lexsort((matrix.entry_columns, matrix.indices))
    columns, data = matrix.entry_columns[order].tolist(), matrix.data[order].tolist()
    starts = np.searchsorted(matrix.indices[order], np.arange(matrix.rows + 1)).tolist()
    for row, (lower, upper) in enumerate(
        zip(matrix.row_lower.tolist(), matrix.row_upper.tolist(), strict=True)
    ):
        entries = range(starts[row], starts[row + 1])
        terms = [(data[entry], names.columns[columns[entry]]) for entry in entries]
        name = names.rows[row]
        terms = terms or [(0.0, names.columns[0])]
        if lower == upper:
            yield from _form(name, terms, f"= {lower!r}")
            continue
        if math.isfinite(lower):
            yield from _form(name, terms, f">= {lower!r}")
        if math.isfinite(upper):
            second = OTHER_SIDE if math.isfinite(lower) else ""
            yield from _form(name + second, terms, f"<= {upper!r}")


def _form(name: str, terms: Iterable[tuple[float, str]], end: str) -> Iterator[str]:
    written = [f"{'-' if size < 0 else '+'} {abs(size)!r} {column}" for size, column in terms]
    lines = list(_wrapped(written))
    yield f" {name}: {lines[0].strip()}" + (f" {end}" if len(lines) == 1 else "")
    for number, line in enumerate(lines[1:], 2):
        yield f" {line}" + (f" {end}" if number == len(lines) else "")


def _wrapped(words: list[str]) -> Iterator[str]:
    for start in range(0, len(words), TERMS_A_LINE):
        yield " " + " ".join(words[start : start + TERMS_A_LINE])


def _bounds(matrix: Matrix, names: Names) -> Iterator[str]:
    for name, lower, upper in zip(
        names.columns, matrix.col_lower.tolist(), matrix.col_upper.tolist(), strict=True
    ):
        if lower == upper:
            yield f" {name} = {lower!r}"
        elif math.isinf(lower) and math.isinf(upper):
            yield f" {name} free"
        elif math.isinf(lower):
            yield f" -inf <= {name} <= {upper!r}"
        else:
            most = f" <= {upper!r}" if math.isfinite(upper) else ""
            yield f" {lower!r} <= {name}{most}"
