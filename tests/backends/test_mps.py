"""What CBC is given keeps every digit."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from programs import FREE, matrix

from staffopt.algebra.solution import Changes
from staffopt.backends.held import hold
from staffopt.backends.mps import read_values, write_mps
from staffopt.errors import BackendError


def test_every_kind_of_row_and_bound_is_written_with_all_its_digits(tmp_path):
    program = matrix(
        [[0.1, 0, 1], [1 / 3, 2, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]],
        [(1, 1), (-inf, 10.125), (2, inf), (-1, 4), FREE],
        [(0, 5), (-inf, -1), FREE],
        (0, 1),
    )
    path = tmp_path / "program.mps"
    write_mps(hold(None, program, Changes(cost=np.array([1.5, 0, -1e-7]))), path)
    assert path.read_text(encoding="ascii").splitlines() == [
        "NAME program FREE",
        "ROWS",
        " N cost",
        " E c000000",
        " L c000001",
        " G c000002",
        " L c000003",
        "COLUMNS",
        " m000000 'MARKER' 'INTORG'",
        " x000000 cost 1.5",
        " x000000 c000000 0.1",
        " x000000 c000001 0.3333333333333333",
        " x000001 cost 0.0",
        " x000001 c000001 2.0",
        " x000001 c000002 1.0",
        " m000002 'MARKER' 'INTEND'",
        " x000002 cost -1e-07",
        " x000002 c000000 1.0",
        " x000002 c000003 1.0",
        "RHS",
        " rhs c000000 1.0",
        " rhs c000001 10.125",
        " rhs c000002 2.0",
        " rhs c000003 4.0",
        "RANGES",
        " rng c000003 5.0",
        "BOUNDS",
        " UP bnd x000000 5.0",
        " LO bnd x000000 0.0",
        " UP bnd x000001 -1.0",
        " MI bnd x000001",
        " FR bnd x000002",
        "ENDATA",
    ]


def test_a_solution_file_of_another_program_is_refused(tmp_path):
    path = tmp_path / "solution.bin"
    path.write_bytes(np.array([0, 2], np.int32).tobytes() + bytes(8 + 4 * 8))
    assert read_values(path, 2).tolist() == [0, 0]
    with pytest.raises(BackendError, match="has 2 columns, expected 3"):
        read_values(path, 3)
