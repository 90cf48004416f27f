"""Frames between a session and its worker: a JSON header, then arrays as raw buffers.

A frame is ``SOF1``, the header's length (4 bytes), the header in UTF-8, then the bytes of every
array that the header's ``arrays`` lists, all little-endian. Nothing is ever unpickled.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from staffopt.algebra.program import Matrix
from staffopt.algebra.solution import Changes, Options, Progress, Solution, Why
from staffopt.errors import BackendError

MAGIC = b"SOF1"
LONGEST_HEADER = 1 << 28
"""Bytes of a header at most; a proof of a hundred thousand leaves has fewer."""

POINTS = ("values", "duals")
"""What of a solution or a progress is sent as an array."""

TYPES = ("<f8", "<i8", "<i4", "|b1")

Array = npt.NDArray[Any]


class WireError(BackendError):
    """What came over the pipe is not a frame."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message.

    Attributes:
        kind: what it says, such as ``solve`` or ``progress``.
        number: the solve that it belongs to.
        head: plain values.
        arrays: arrays by name.
    """

    kind: str
    number: int = 0
    head: Mapping[str, Any] = field(default_factory=dict)
    arrays: Mapping[str, Array] = field(default_factory=dict)


def write(stream: IO[bytes], frame: Frame) -> None:
    """Write one frame and flush it."""
    arrays = [(name, _little(array)) for name, array in frame.arrays.items()]
    listed = [(name, array.dtype.str, array.shape) for name, array in arrays]
    header = json.dumps([frame.kind, frame.number, dict(frame.head), listed]).encode("utf-8")
    stream.write(MAGIC + struct.pack("<I", len(header)) + header)
    for _, array in arrays:
        stream.write(array.tobytes())
    stream.flush()


def read(stream: IO[bytes]) -> Frame | None:
    """Read one frame, or None where the stream ends between frames.

    Raises:
        WireError: the bytes are not a frame.
    """
    start = stream.read(8)
    if not start:
        return None
    if len(start) < len(MAGIC) + 4 or start[:4] != MAGIC:
        raise WireError(f"not a frame: {start!r}")
    (length,) = struct.unpack("<I", start[4:])
    if length > LONGEST_HEADER:
        raise WireError(f"a header of {length} bytes")
    try:
        kind, number, head, listed = json.loads(_exactly(stream, length))
        arrays = {name: _array(stream, dtype, tuple(shape)) for name, dtype, shape in listed}
        return Frame(str(kind), int(number), dict(head), arrays)
    except (ValueError, TypeError) as error:
        raise WireError(f"not a header: {error}") from error


def _little(array: Array) -> Array:
    return np.ascontiguousarray(array, array.dtype.newbyteorder("<"))


def _array(stream: IO[bytes], dtype: str, shape: tuple[int, ...]) -> Array:
    if dtype not in TYPES:
        raise WireError(f"arrays of {dtype!r} are not sent")
    size = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
    return np.frombuffer(bytearray(_exactly(stream, size)), dtype).reshape(shape)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise WireError(f"the stream ended {size - len(data)} bytes early")
    return data


def solve_frame(number: int, matrix: Matrix | None, changes: Changes, options: Options) -> Frame:
    """Ask for a solve; only what is given is sent."""
    arrays = {f"changes.{name}": array for name, array in _given(changes).items()}
    if matrix is not None:
        arrays |= {f"matrix.{name}": array for name, array in _given(matrix).items()}
    return Frame("solve", number, _given(options), arrays)


def read_solve(frame: Frame) -> tuple[Matrix | None, Changes, Options]:
    """Read what :func:`solve_frame` wrote."""
    parts: dict[str, dict[str, Any]] = {"matrix": {}, "changes": {}}
    for name, array in frame.arrays.items():
        part, _, key = name.partition(".")
        parts[part][key] = array
    matrix = Matrix(**parts["matrix"]) if parts["matrix"] else None
    return matrix, Changes(**parts["changes"]), Options(**frame.head)


def progress_frame(number: int, progress: Progress) -> Frame:
    """Tell how far a solve has come."""
    return _point_frame("progress", number, _given(progress))


def read_progress(frame: Frame) -> Progress:
    """Read what :func:`progress_frame` wrote.

    Raises:
        WireError: the fields are not those of a progress.
    """
    try:
        return Progress(**frame.head, values=frame.arrays.get("values"))
    except TypeError as error:
        raise WireError(f"not a progress: {error}") from error


def solution_frame(number: int, solution: Solution) -> Frame:
    """Tell how a solve ended."""
    return _point_frame("solution", number, _given(solution))


def read_solution(frame: Frame) -> Solution:
    """Read what :func:`solution_frame` wrote.

    Raises:
        WireError: the fields are not those of a solution.
    """
    try:
        head = dict(frame.head)
        values, duals = (frame.arrays.get(name) for name in POINTS)
        return Solution(Why(head.pop("why")), values, duals=duals, **head)
    except (TypeError, KeyError, ValueError) as error:
        raise WireError(f"not a solution: {error}") from error


def _point_frame(kind: str, number: int, given: dict[str, Any]) -> Frame:
    arrays = {name: given.pop(name) for name in POINTS if name in given}
    return Frame(kind, number, given, arrays)


def _given(record: Any) -> dict[str, Any]:
    named = {item.name: getattr(record, item.name) for item in fields(record)}
    return {name: value for name, value in named.items() if value is not None}
