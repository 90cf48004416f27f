"""Floating linear programs that suggest how a system may be shown to be empty.

Nothing that they say is believed.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from staffopt.certify.system import Box, System

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Hint:
    """What one relaxation suggests.

    Attributes:
        multipliers: one a row; with the cut's own multiple, or of an infeasible one, without.
        values: the point, where there is one.
        objective: its cost.
    """

    multipliers: FloatArray | None
    values: FloatArray | None = None
    objective: float = -inf


class Relaxation:
    """A system's relaxation, solved again and again in other boxes from the last basis."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._lower = np.array([float(b) for b in system.lower])
        self._upper = np.array([float(b) for b in system.upper])
        self._changed: list[int] = []
        self._solver = highspy.Highs()
        for name, value in (
            ("output_flag", False),
            ("presolve", "off"),  # what presolve finds infeasible has no ray
            ("solver", "simplex"),
            ("parallel", "off"),  # the number of threads is the process's, and may be set already
            ("primal_feasibility_tolerance", 1e-9),
            ("dual_feasibility_tolerance", 1e-9),
        ):
            self._solver.setOptionValue(name, value)
        self._pass()

    def solve(self, box: Box) -> Hint:
        """Solve in a box."""
        columns = np.array(sorted({*self._changed, *box}), dtype=np.int32)
        low, high = self._lower[columns], self._upper[columns]
        for place, column in enumerate(columns):
            if column in box:
                low[place], high[place] = (float(bound) for bound in box[column])
        if len(columns):
            self._solver.changeColsBounds(len(columns), columns, low, high)
        self._changed = list(box)
        self._solver.run()
        return self._read()

    def _read(self) -> Hint:
        status = self._solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            _, there, ray = self._solver.getDualRay()
            return Hint(np.array(ray) if there else None)
        if status != highspy.HighsModelStatus.kOptimal:
            return Hint(None)
        solution = self._solver.getSolution()
        values = np.array(solution.col_value)
        return Hint(-np.array(solution.row_dual), values, float(self._cost @ values))

    def _pass(self) -> None:
        system = self._system
        by_column: list[list[tuple[int, float]]] = [[] for _ in system.whole]
        for number, row in enumerate(system.rows):
            for column, coefficient in row.terms.items():
                by_column[column].append((number, float(coefficient)))
        starts = np.cumsum([0, *(len(entries) for entries in by_column)]).astype(np.int32)
        flat = [entry for entries in by_column for entry in entries]
        self._cost = np.zeros(len(system.whole))
        if system.cut is not None:
            for column, coefficient in system.rows[system.cut].terms.items():
                self._cost[column] = coefficient
        rows: Any = [(float(row.lower), float(row.upper)) for row in system.rows]
        if system.cut is not None:
            rows[system.cut] = (-inf, inf)  # the cost is minimised, not held
        bounds = np.array(rows, dtype=np.float64).reshape(-1, 2)
        self._solver.passModel(
            len(system.whole), len(system.rows), len(flat), 1, 1, 0.0, self._cost,
            self._lower, self._upper, bounds[:, 0].copy(), bounds[:, 1].copy(), starts[:-1],
            np.array([number for number, _ in flat], dtype=np.int32),
            np.array([value for _, value in flat]),
            np.zeros(len(system.whole), dtype=np.int32),
        )  # fmt: skip
