"""A question's program as a file that other solvers read: MPS or LP.

One goal is the objective. The goals before it are first minimised and then held, as a solve does
it; those after it are left out. A column counts in its steps, as comments at the top say.
"""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, Unpack

import numpy as np

from staffopt.algebra.lexicographic import Lexicographic
from staffopt.algebra.program import FloatArray, Matrix, Program
from staffopt.algebra.solution import Options, Why
from staffopt.backends.lp import lp_lines
from staffopt.backends.mps import Names, mps_lines
from staffopt.backends.session import ignore
from staffopt.backends.solvers import Solvers
from staffopt.build import build
from staffopt.errors import Fault, Infeasible, InputError, NoPlan, Place
from staffopt.library import models
from staffopt.plan import Grade
from staffopt.request import Asking, Request

if TYPE_CHECKING:
    from staffopt.instance.schema import Instance
    from staffopt.question import Question

Format = Literal["mps", "lp"]

MOST_LETTERS = 100
"""Names are cut after so many; readers take 255, and number those that are then alike."""

CONSTANT = "constant"
"""The column that stands for what the objective has besides its columns; it is 1."""

_TAKEN = {CONSTANT, "cost", "bnd", "rhs", "rng", "marker"}
_KEYWORDS = {
    *("st", "s.t.", "free", "inf", "infinity", "min", "max", "minimize", "maximize", "minimum"),
    *("maximum", "subject", "such", "bound", "bounds", "general", "generals", "gen", "integer"),
    *(
        "integers",
        "int",
        "binary",
        "binaries",
        "bin",
        "semi",
        "semis",
        "sin",
        "sos",
        "sos1",
        "sos2",
    ),
    *("end", "nan"),
}
"""Words that a reader of LP files takes for something else."""


def export(
    instance: Instance,
    *,
    format: Format = "mps",  # noqa: A002 (the word that callers say)
    goal: int = 1,
    **asking: Unpack[Asking],
) -> str:
    """Write a question's program for another solver, with names made from labels.

    Args:
        instance: the council, as :func:`staffopt.load` reads it.
        format: ``mps`` or ``lp``.
        goal: which goal is the objective, from 1; those before it are solved and held.
        asking: the fields of :class:`staffopt.Request`.

    Returns:
        the file's text, ASCII, numbers with all their digits.

    Raises:
        InputError: names, figures or parameters are at fault, or there is no such goal.
        Infeasible, NoPlan, BackendError: an earlier goal could not be reached.
    """
    request = Request(**asking)
    question = request.question(instance, models())
    program = build(question)
    _refuse(format, goal, len(program.goals))
    matrix = _held(program, question, request, goal - 1)
    cost, offset = np.zeros(matrix.columns), 0.0
    if program.goals:
        vector = program.goals[goal - 1]
        cost, offset = vector.floats, float(vector.offset)
    names = names_of(program)
    matrix, cost, names = with_constant(matrix, cost, names, offset)
    mark = "*" if format == "mps" else "\\"
    lines = mps_lines if format == "mps" else lp_lines
    head = [f"{mark} {line}".rstrip() for line in _comments(question, program, names, goal)]
    return "\n".join([*head, *lines(matrix, cost, names)]) + "\n"


def _refuse(wanted: str, goal: int, goals: int) -> None:
    if wanted not in ("mps", "lp"):
        what, path = f"{wanted!r} is no format", "format"
        raise InputError([Fault("no-format", what, "Choose mps or lp.", Place(path=path))])
    if not 1 <= goal <= max(goals, 1):
        what = f"there is no goal {goal}; the model has {goals}"
        raise InputError([Fault("no-goal", what, "Count goals from 1.", Place(path="goal"))])


def _held(program: Program, question: Question, request: Request, count: int) -> Matrix:
    """Minimise the first goals and hold them.

    Raises:
        Infeasible, NoPlan: if they were not all reached.
    """
    if count == 0:
        return program.matrix.floating()
    solvers = Solvers(request.isolation)
    slack = [float(goal.tolerance or 0) for goal in question.goals]
    options = Options(request.time_limit, 0.0, request.threads, request.seed)
    started = time.monotonic()
    try:
        solve = solvers.session(request.backend).solve
        first = replace(program, goals=program.goals[:count])
        steps = Lexicographic(first, solve, options, slack, lambda: time.monotonic() - started)
        outcome = steps.run(lambda *_: ignore)
    finally:
        solvers.close()
    if outcome.why is Why.INFEASIBLE:
        raise Infeasible([], Grade.SOLVER_CLAIMED)
    if outcome.why is not Why.OPTIMAL:
        raise NoPlan(f"the goals before it were not all reached: {outcome.why} {outcome.message}")
    return steps.held


def with_constant(
    matrix: Matrix, cost: FloatArray, names: Names, offset: float
) -> tuple[Matrix, FloatArray, Names]:
    """Put the objective's constant on a column that is 1: readers differ on any other way."""
    if not offset and matrix.columns:
        return matrix, cost, names
    wider = replace(
        matrix,
        indptr=np.append(matrix.indptr, matrix.indptr[-1]),
        col_lower=np.append(matrix.col_lower, 1.0),
        col_upper=np.append(matrix.col_upper, 1.0),
        integer=np.append(matrix.integer, False),
    )
    return wider, np.append(cost, offset), Names([*names.columns, CONSTANT], names.rows)


def names_of(program: Program) -> Names:
    """Name columns and rows after their labels, so that every reader takes them."""
    columns = map(program.column_label, range(program.matrix.columns))
    rows = map(program.row_label, range(program.matrix.rows))
    return Names(list(legal(columns)), list(legal(rows)))


def legal(labels: Iterable[str]) -> Iterator[str]:
    """Turn labels into names of letters, digits, ``_`` and ``.``, no two alike in small letters.

    ``change[team-a,swso]`` becomes ``change.team_a.swso``. Letters lose their accents, and what is
    no letter then becomes its number. A name that is taken gets a number behind it.
    """
    taken = set(_TAKEN)
    counts: dict[str, int] = {}
    for label in labels:
        name = base = _plain(label)
        while name.lower() in taken:
            counts[base] = counts.get(base, 1) + 1
            name = f"{base}..{counts[base]}"
        taken.add(name.lower())
        yield name


def _plain(label: str) -> str:
    bare = label.removesuffix("]").replace("[", ".", 1).replace(",", ".")
    letters = "".join(map(_ascii, unicodedata.normalize("NFKD", bare)))
    clean = re.sub(r"[^A-Za-z0-9_.]+", "_", letters)[:MOST_LETTERS]
    name = re.sub(r"\.{2,}", ".", clean).rstrip(".") or "_"  # ".." marks what is put behind
    # A digit, a full stop, or an e that a reader could take for an exponent must not come first.
    return f"_{name}" if name[0] in ".0123456789eE" or name.lower() in _KEYWORDS else name


def _ascii(letter: str) -> str:
    if letter.isascii():
        return letter
    return "" if unicodedata.combining(letter) else f"u{ord(letter):04x}"


def _comments(question: Question, program: Program, names: Names, goal: int) -> Iterator[str]:
    """Say what the file holds, and what each name stands for; ASCII, one line each."""
    yield _line(f"{question.instance.instance}, {question.option or question.model}")
    yield f"Inputs {question.hash}"
    for number, vector in enumerate(program.goals, 1):
        state = "held" if number < goal else "the objective" if number == goal else "left out"
        meaning = f"; minimised as -1 / ({vector.unit})" if vector.ratio else f", {vector.unit}"
        yield _line(f"Goal {number}, {state}: {vector.name}{meaning}")
    yield "Columns: name = label, unit, and the step that it counts in"
    tags = program.column_tags
    for column, name in enumerate(names.columns[: program.matrix.columns]):
        step = tags.quantum[column]
        counted = f", in steps of {step:g}" if step else ""
        unit = program.names[tags.unit[column]]
        yield _line(f"  {name} = {program.column_label(column)}, {unit}{counted}")
    if len(names.columns) > program.matrix.columns:
        yield f"  {CONSTANT} = 1: what the objective has besides"
    yield "Rows: name = label"
    for row, name in enumerate(names.rows):
        yield _line(f"  {name} = {program.row_label(row)}")


def _line(text: str) -> str:
    """Write text on one line of ASCII."""
    return text.encode("unicode_escape").decode("ascii")
