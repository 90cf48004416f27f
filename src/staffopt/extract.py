"""From a solver's point to a plan's decisions: snapped, exact, in the council's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

from staffopt.algebra.program import Block, FloatArray, Matrix, Program
from staffopt.plan import (
    CasesDecision,
    ClosedDecision,
    Decisions,
    FlowDecision,
    ManagedTeamDecision,
    PackageDecision,
    PeopleDecision,
    PlaceDecision,
    PostDecision,
)
from staffopt.question import Question
from staffopt.rulebook import FLOWS, FlowCases, HoldEveryCase
from staffopt.rules.case_flow import CASES_CLOSED, UNTYPED
from staffopt.rules.cases import CASES_HELD
from staffopt.rules.filling import PEOPLE
from staffopt.rules.placing import PLACED, classes_of, dealt, staying

ROOM = 0.01
"""How far a decision on no step may move, FTE, so that it can be rounded and every rule kept."""

ON_QUANTUM = 1e-8
"""How near a decision lies to what it is rounded to, FTE, to count as written down already."""

SURELY = 1e-5
"""By how much a row is missed, in its unit, that no tolerance and no sum of floats explains."""

NOTHING = Fraction(0)

QUANTUM = Fraction(1, 10_000)
"""What a decision that is on no step is rounded to, FTE."""


def decisions_of(question: Question, program: Program, values: FloatArray) -> Decisions:
    """Read the decisions off a point.

    Stepped ones are snapped to their step, others to :data:`QUANTUM`; posts that stay as today
    are left out. Everything else follows from these and is not read from the solver.
    """
    blocks = {block.name: block for block in program.column_blocks}
    posts = []
    for (team, role, period), value in _cells(blocks["change"], values):
        change = _snapped(question, role, value)
        if change:
            posts.append(PostDecision(team=team, role=role, period=period, change=change))
    packages = [
        PackageDecision(package=package, taken=round(value) == 1)
        for (package,), value in _cells(blocks["taken"], values)
    ]
    managed = [
        ManagedTeamDecision(
            managed_team=name, start=start, extension=int(extension), teams=round(value)
        )
        for (name, start, extension), value in _cells(blocks["started"], values)
        if round(value)
    ]
    return Decisions(
        posts=tuple(posts),
        people=_people(question, blocks, values),
        flows=_flows(question, blocks, values),
        packages=tuple(packages),
        managed_teams=tuple(managed),
        places=_places(question, blocks, values),
        cases=_cases(question, blocks, values),
        closed=_closed(question, blocks, values),
    )


def _people(
    question: Question, blocks: dict[str, Block], values: FloatArray
) -> tuple[PeopleDecision, ...]:
    """Read who is hired or let go; nothing where no rule fills posts."""
    cells = _cells(blocks[PEOPLE], values) if PEOPLE in blocks else ()
    changes = ((place, _snapped(question, place[1], value)) for place, value in cells)
    return tuple(
        PeopleDecision(team=team, role=role, period=period, change=change)
        for (team, role, period), change in changes
        if change
    )


def _flows(
    question: Question, blocks: dict[str, Block], values: FloatArray
) -> tuple[FlowDecision, ...]:
    """Read who joins, is let go or moves; nothing where nobody is carried forward."""
    found = []
    for block in (blocks[kind] for kind in FLOWS if kind in blocks):
        for labels, value in _cells(block, values):
            way = dict(zip(block.axes, labels, strict=True))
            fte = _snapped(question, way["role"], value)
            if fte:
                found.append(FlowDecision(kind=block.name, fte=fte, **way))
    return tuple(found)


def _places(
    question: Question, blocks: dict[str, Block], values: FloatArray
) -> tuple[PlaceDecision, ...]:
    """Deal out how many of each class go to which team; nothing where no rule places anybody."""
    counts = place_counts(blocks[PLACED], values) if PLACED in blocks else {}
    classes = classes_of(question)
    kept = {**staying(question, classes), **_pinned_teams(question)}
    placed = dict(dealt(classes, counts, kept))
    return tuple(
        PlaceDecision(person=person, team=placed[person])
        for person in question.instance.people
        if person in placed
    )


def place_counts(block: Block, values: FloatArray) -> dict[tuple[str, str], int]:
    """Read how many of each class (by its first id) go to each team; pairs of none left out."""
    cells = _cells(block, values)
    return {(first, team): round(value) for (first, team), value in cells if round(value)}


def _pinned_teams(question: Question) -> dict[str, tuple[str, ...]]:
    """Map those whose first preference is pinned to the teams that meet it."""
    people, pins = question.instance.people, question.instance.pins.first_preferences
    wishes = {person: people[person].first for person, pinned in pins.items() if pinned}
    return {person: question.teams_in(wish) for person, wish in wishes.items() if wish is not None}


def _snapped(question: Question, role: str, value: float) -> Fraction:
    """Turn a count of a role's steps, or FTE on none, into exact FTE."""
    step = Fraction(question.instance.roles[role].step)
    if step:
        return round(value) * step
    return round(Fraction(value) / QUANTUM) * QUANTUM if abs(value) > ON_QUANTUM else NOTHING


def _cases(
    question: Question, blocks: dict[str, Block], values: FloatArray
) -> tuple[CasesDecision, ...]:
    """Read who holds how many cases; nothing where no rule splits them."""
    rule = question.rule(HoldEveryCase)
    if not isinstance(rule, HoldEveryCase):
        return ()
    return tuple(
        CasesDecision(
            team=team, role=role, period=period, cases=round(count) * Fraction(rule.quantum)
        )
        for (team, role, period), count in _cells(blocks[CASES_HELD], values)
        if round(count)
    )


def _closed(
    question: Question, blocks: dict[str, Block], values: FloatArray
) -> tuple[ClosedDecision, ...]:
    """Read how many cases are closed; nothing where no rule lets them flow."""
    rule = question.rule(FlowCases)
    if not isinstance(rule, FlowCases):
        return ()
    return tuple(
        ClosedDecision(
            team=team,
            case_type=None if kind == UNTYPED else kind,
            period=period,
            cases=round(count) * Fraction(rule.quantum),
        )
        for (team, kind, period), count in _cells(blocks[CASES_CLOSED], values)
        if round(count)
    )


def _cells(block: Block, values: FloatArray) -> Iterator[tuple[tuple[str, ...], float]]:
    for codes, value in zip(block.cells.tolist(), values[block.start : block.stop], strict=True):
        labels = (names[code] for names, code in zip(block.labels, codes, strict=True))
        yield tuple(labels), float(value)


def breaks_rows(program: Program, matrix: Matrix, values: FloatArray) -> bool:
    """Say whether a point's decisions, written down, surely break a row on decisions alone.

    What is derived may follow them, so other rows say nothing; and what passes may break a rule.
    """
    written, decision = _written(matrix, values), program.column_tags.decision
    derived = matrix.row_sums((~decision[matrix.entry_columns]).astype(np.float64)) > 0
    activity = matrix.activity(written)
    over = np.maximum(matrix.row_lower - activity, activity - matrix.row_upper)
    return bool((over[~derived] > SURELY).any())


def _written(matrix: Matrix, values: FloatArray) -> FloatArray:
    """Round a point as its decisions are written down; what is derived from them means nothing."""
    quantum = float(QUANTUM)
    return np.where(matrix.integer, np.round(values), np.round(values / quantum) * quantum)


def tightened(
    program: Program, matrix: Matrix, values: FloatArray, *, keep_written: bool = True
) -> Matrix:
    """Fix a point's decisions that can be written down, and leave room to round the others.

    Decisions on a step, and those that lie on :data:`QUANTUM` already, stay what they are. The
    others may move by :data:`ROOM`, and every row that they are in keeps as far from its bounds as
    rounding them can move it; equations stay as they are. What is derived is free to follow.

    Where rows are at their bounds, what happens to be written already may have to move with the
    others: with ``keep_written=False`` decisions that are on no step all may, but for those at
    bounds of their own, such as 0.
    """
    quantum, decision = float(QUANTUM), program.column_tags.decision
    written = _written(matrix, values)
    off = abs(values - written) > ON_QUANTUM
    if not keep_written:
        off |= (values > matrix.col_lower + ON_QUANTUM) & (values < matrix.col_upper - ON_QUANTUM)
    loose = decision & ~matrix.integer & off
    of_loose = np.where(loose[matrix.entry_columns], abs(matrix.data), 0.0)
    reach = matrix.row_sums(of_loose * quantum / 2)
    reach[matrix.row_lower == matrix.row_upper] = 0
    room = np.where(loose, ROOM, 0.0)
    return replace(
        matrix,
        row_lower=matrix.row_lower + reach,
        row_upper=matrix.row_upper - reach,
        col_lower=np.where(
            decision, np.maximum(matrix.col_lower, written - room), matrix.col_lower
        ),
        col_upper=np.where(
            decision, np.minimum(matrix.col_upper, written + room), matrix.col_upper
        ),
    )
