"""Writes a program as free MPS without losing a digit, and reads CBC's binary solution.

Numbers are written by ``repr``, which reads back as the same double. CBC's text solutions keep
eight digits only; its ``saveSolution`` file keeps them all.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from staffopt.algebra.program import FloatArray, Matrix
from staffopt.backends.held import Held
from staffopt.errors import BackendError


def write_mps(held: Held, path: Path) -> None:
    """Write a program; columns are x000000…, rows c000000…; rows without bounds are left out."""
    with path.open("w", encoding="ascii", newline="\n") as file:
        for line in _lines(held):
            file.write(line + "\n")


def _lines(held: Held) -> Iterator[str]:
    kinds = [_kind(*sides) for sides in _pairs(held.matrix.row_lower, held.matrix.row_upper)]
    yield "NAME program FREE"
    yield "ROWS"
    yield " N cost"
    yield from (f" {kind} c{row:06d}" for row, kind in enumerate(kinds) if kind)
    yield "COLUMNS"
    yield from _columns(held, kinds)
    yield "RHS"
    yield from _sides(held.matrix, kinds)
    yield "BOUNDS"
    yield from _bounds(held.matrix)
    yield "ENDATA"


def _pairs(lower: FloatArray, upper: FloatArray) -> Iterator[tuple[float, float]]:
    return zip(lower.tolist(), upper.tolist(), strict=True)


def _kind(lower: float, upper: float) -> str:
    if lower == upper:
        return "E"
    if math.isfinite(upper):
        return "L"
    return "G" if math.isfinite(lower) else ""


def _columns(held: Held, kinds: list[str]) -> Iterator[str]:
    matrix = held.matrix
    starts, rows, data = (a.tolist() for a in (matrix.indptr, matrix.indices, matrix.data))
    whole = False
    for column, (cost, integer) in enumerate(
        zip(held.cost.tolist(), matrix.integer.tolist(), strict=True)
    ):
        if integer != whole:
            yield f" m{column:06d} 'MARKER' '{'INTORG' if integer else 'INTEND'}'"
            whole = integer
        yield f" x{column:06d} cost {cost!r}"
        for entry in range(starts[column], starts[column + 1]):
            if kinds[rows[entry]]:
                yield f" x{column:06d} c{rows[entry]:06d} {data[entry]!r}"
    if whole:
        yield " mend 'MARKER' 'INTEND'"


def _sides(matrix: Matrix, kinds: list[str]) -> Iterator[str]:
    sides = list(_pairs(matrix.row_lower, matrix.row_upper))
    for row, (kind, (lower, upper)) in enumerate(zip(kinds, sides, strict=True)):
        if kind:
            yield f" rhs c{row:06d} {(lower if kind == 'G' else upper)!r}"
    yield "RANGES"
    for row, (kind, (lower, upper)) in enumerate(zip(kinds, sides, strict=True)):
        if kind == "L" and math.isfinite(lower):
            yield f" rng c{row:06d} {upper - lower!r}"


def _bounds(matrix: Matrix) -> Iterator[str]:
    # Every bound is written: readers differ on integer columns and on negative upper bounds, and
    # a lower bound written last stands.
    for column, (lower, upper) in enumerate(_pairs(matrix.col_lower, matrix.col_upper)):
        name = f"bnd x{column:06d}"
        if lower == upper:
            yield f" FX {name} {lower!r}"
        elif math.isinf(lower) and math.isinf(upper):
            yield f" FR {name}"
        else:
            yield f" UP {name} {upper!r}" if math.isfinite(upper) else f" PL {name}"
            yield f" LO {name} {lower!r}" if math.isfinite(lower) else f" MI {name}"


def read_values(path: Path, columns: int) -> FloatArray:
    """Read the columns of a CBC ``saveSolution`` file.

    It holds two C ints (rows, columns), then doubles: objective, row activities, row duals, column
    values, reduced costs (Clp's ``saveSolution``).

    Raises:
        BackendError: the file is not of that form.
    """
    raw = path.read_bytes()
    rows, stored = struct.unpack_from("=ii", raw)
    start = 8 + 8 * (1 + 2 * rows)
    if stored != columns or len(raw) != start + 16 * columns:
        raise BackendError(f"CBC's solution file has {stored} columns, expected {columns}")
    values: FloatArray = np.frombuffer(raw, np.float64, columns, start).copy()
    return values
