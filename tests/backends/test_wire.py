"""Frames come out as they went in, and what is not a frame is refused."""

from __future__ import annotations

import io
from math import inf

import numpy as np
import pytest
from programs import UP, matrix

from staffopt.algebra.solution import Changes, Options, Progress, Solution, Why
from staffopt.backends import wire


def through(frame):
    stream = io.BytesIO()
    wire.write(stream, frame)
    stream.seek(0)
    return wire.read(stream)


def test_a_solve_comes_out_as_it_went_in():
    program = matrix([[1, 2]], [(-inf, 0.1)], [UP, UP], (1,))
    changes = Changes(cost=np.array([1 / 3, -0.0]))
    frame = through(wire.solve_frame(7, program, changes, Options(time_limit=2.5, seed=3)))
    found, said, options = wire.read_solve(frame)
    assert frame.number == 7
    assert options == Options(time_limit=2.5, seed=3)
    assert said.cost.tobytes() == changes.cost.tobytes()
    assert said.row_lower is None
    for name in ("indptr", "indices", "data", "row_lower", "row_upper", "integer"):
        assert getattr(found, name).tobytes() == getattr(program, name).tobytes()
        assert getattr(found, name).dtype == getattr(program, name).dtype


def test_a_re_solve_sends_no_matrix():
    frame = through(wire.solve_frame(8, None, Changes(row_upper=np.array([4.0])), Options()))
    assert list(frame.arrays) == ["changes.row_upper"]
    assert wire.read_solve(frame)[0] is None


def test_a_solution_keeps_what_is_missing_missing():
    found = wire.read_solution(through(wire.solution_frame(1, Solution(Why.TIME_LIMIT, bound=2.5))))
    assert (found.why, found.values, found.objective) == (Why.TIME_LIMIT, None, None)
    assert found.bound == 2.5


def test_progress_keeps_its_point():
    progress = Progress(0.5, 3.0, None, np.array([1.0, 2.0]))
    found = wire.read_progress(through(wire.progress_frame(1, progress)))
    assert (found.seconds, found.objective, found.bound) == (0.5, 3.0, None)
    assert found.values.tolist() == [1, 2]


def test_arrays_from_a_big_endian_machine_arrive_as_the_same_numbers():
    frame = through(wire.Frame("x", arrays={"a": np.array([1.5, 2.5], dtype=">f8")}))
    assert frame.arrays["a"].tolist() == [1.5, 2.5]


@pytest.mark.parametrize(
    "raw",
    [
        b"Welcome to the CBC MILP Solver",
        b"SOF",
        b"SOF1\x05\x00\x00\x00null",
        b"SOF1\x04\x00\x00\x00null",
        b"SOF1\xff\xff\xff\xff",
        b'SOF1\x1d\x00\x00\x00["x", 0, {}, [["a","|O",[1]]]]',
        b'SOF1\x1d\x00\x00\x00["x",0,{},[["a","<f8",[1]]]]  abc',
    ],
)
def test_what_is_not_a_frame_is_refused(raw):
    with pytest.raises(wire.WireError):
        wire.read(io.BytesIO(raw))


def test_the_end_of_the_stream_is_no_error():
    assert wire.read(io.BytesIO(b"")) is None
