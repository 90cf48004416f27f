"""Writes a program as free MPS without losing a digit, and reads CBC's binary solution.

Numbers are written by ``repr``, which reads back as the same double. CBC's text solutions keep
eight digits only; its ``saveSolution`` file keeps them all.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from staffopt.algebra.program import FloatArray, Matrix
from staffopt.backends.held import Held
from staffopt.errors import BackendError


@dataclass(frozen=True, slots=True)
class Names:
    """What a file calls columns and rows: letters, digits, ``_`` and ``.``, none twice."""

    columns: Sequence[str]
    rows: Sequence[str]


def write_mps(held: Held, path: Path) -> None:
    """Write a program; columns are x000000…, rows c000000…; rows without bounds are left out."""
    matrix = held.matrix
    columns = [f"x{column:06d}" for column in range(matrix.columns)]
    names = Names(columns, [f"c{row:06d}" for row in range(matrix.rows)])
    with path.open("w", encoding="ascii", newline="\n") as file:
        for line in mps_lines(matrix, held.cost, names):
            file.write(line + "\n")


def mps_lines(matrix: Matrix, cost: FloatArray, names: Names) -> Iterator[str]:
    """Write a program of floats, line by line; rows without bounds are left out."""
    kinds = [_kind(*sides) for sides in _pairs(matrix.row_lower, matrix.row_upper)]
    yield "NAME program FREE"
    yield "ROWS"
    yield " N cost"
    yield from (f" {kind} {row}" for row, kind in zip(names.rows, kinds, strict=True) if kind)
    yield "COLUMNS"
    yield from _columns(matrix, cost, kinds, names)
    yield "RHS"
    yield from _sides(matrix, kinds, names)
    yield "BOUNDS"
    yield from _bounds(matrix, names)
    yield "ENDATA"


def _pairs(lower: FloatArray, upper: FloatArray) -> Iterator[tuple[float, float]]:
    return zip(lower.tolist(), upper.tolist(), strict=True)


def _kind(lower: float, upper: float) -> str:
    if lower == upper:
        return "E"
    if math.isfinite(upper):
        return "L"
    return "G" if math.isfinite(lower) else ""


def _columns(matrix: Matrix, costs: FloatArray, kinds: list[str], names: Names) -> Iterator[str]:
    starts, rows, data = (a.tolist() for a in (matrix.indptr, matrix.indices, matrix.data))
    whole = False
    for column, (name, cost, integer) in enumerate(
        zip(names.columns, costs.tolist(), matrix.integer.tolist(), strict=True)
    ):
        if integer != whole:
            yield f" m{column:06d} 'MARKER' '{'INTORG' if integer else 'INTEND'}'"
            whole = integer
        yield f" {name} cost {cost!r}"
        for entry in range(starts[column], starts[column + 1]):
            if kinds[rows[entry]]:
                yield f" {name} {names.rows[rows[entry]]} {data[entry]!r}"
    if whole:
        yield " mend 'MARKER' 'INTEND'"


def _sides(matrix: Matrix, kinds: list[str], names: Names) -> Iterator[str]:
    sides = list(_pairs(matrix.row_lower, matrix.row_upper))
    for row, kind, (lower, upper) in zip(names.rows, kinds, sides, strict=True):
        if kind:
            yield f" rhs {row} {(lower if kind == 'G' else upper)!r}"
    ranges = [
        f" rng {row} {upper - lower!r}"
        for row, kind, (lower, upper) in zip(names.rows, kinds, sides, strict=True)
        if kind == "L" and math.isfinite(lower)
    ]
    if ranges:  # some readers do not know the section
        yield from ("RANGES", *ranges)


def _bounds(matrix: Matrix, names: Names) -> Iterator[str]:
    # Every bound is written: readers differ on integer columns and on negative upper bounds, and
    # a lower bound written last stands.
    bounds = _pairs(matrix.col_lower, matrix.col_upper)
    for column, (lower, upper) in zip(names.columns, bounds, strict=True):
        name = f"bnd {column}"
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
