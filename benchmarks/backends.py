"""Which solver is quickest for which class of program: ``python benchmarks/backends.py``.

Every solver is asked the same programs in turn, in its worker, round after round. Printed is the
median of its time over that of HiGHS in the same round, so that a busy machine shows less; or the
gap that it is left with, where the limit stops it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from statistics import geometric_mean, median
from tempfile import TemporaryDirectory

import numpy as np
import yaml

import councils
import staffopt
from staffopt.algebra.program import FloatArray, Matrix
from staffopt.algebra.solution import Changes, Options, Solution, Why
from staffopt.backends import available
from staffopt.backends.session import Session
from staffopt.build import build
from staffopt.errors import BackendError

SHIPPED = ("nottinghamshire-2018", "barnsley-2017")
FIRST = "highs"
SEARCH = 10.0
"""Milliseconds from which HiGHS is taken to have searched."""

LP, MIP, WHOLE = "LP", "MIP", "purely integral"


@dataclass(frozen=True)
class Case:
    """One program of a class, with the cost of its first goal."""

    kind: str
    name: str
    matrix: Matrix
    cost: FloatArray


def cases(folder: Path, teams: list[int], seeds: range) -> Iterator[Case]:
    """Give shipped and generated councils as they are, their relaxations, and whole ones."""
    for name, council, option in _questions(folder, teams, seeds):
        with staffopt.open(council, option=option) as desk:
            program = build(desk.question)
        matrix, cost = program.matrix.floating(), program.goals[0].vector.astype(float)
        yield Case(WHOLE if matrix.integer.all() else MIP, name, matrix, cost)
        yield Case(LP, name, replace(matrix, integer=np.zeros_like(matrix.integer)), cost)
    for number in teams:
        for seed in seeds:
            matrix, cost = whole_council(number, seed)
            yield Case(WHOLE, f"{number} whole teams, seed {seed}", matrix, cost)


def _questions(folder, teams, seeds):
    for name in SHIPPED:
        council = staffopt.load(name)
        for option in council.options:
            yield f"{name} {option}", council, option
    for number in teams:
        for seed in seeds:
            path = folder / f"generated-{number}.yaml"
            drawn = councils.council(number, seed)
            path.write_text(yaml.safe_dump(drawn, sort_keys=False), encoding="utf-8")
            for option in ("ratio", "mix"):
                yield f"{number} teams, seed {seed}: {option}", staffopt.load(str(path)), option


def whole_council(teams: int, seed: int) -> tuple[Matrix, FloatArray]:
    """Draw a council in whole posts: 3 roles a team, a caseload row and a support row each.

    Workers and half-caseload trainees reach the team's need in halves of a worker, at least one
    officer to four of both; one recruitment row over all teams. Costs in whole hundreds of pounds.
    """
    rng = Random(f"{teams} whole teams, seed {seed}")
    rows, columns = 2 * teams + 1, 3 * teams
    dense = np.zeros((rows, columns))
    lower, upper = np.full(rows, -np.inf), np.full(rows, np.inf)
    cost = np.zeros(columns)
    for team in range(teams):
        worker, trainee, officer = range(3 * team, 3 * team + 3)
        dense[2 * team, [worker, trainee]] = 2, 1
        lower[2 * team] = rng.randint(3, 25)
        dense[2 * team + 1, [worker, trainee, officer]] = -1, -1, 4
        lower[2 * team + 1] = rng.randint(-8, 0)
        cost[[worker, trainee, officer]] = 418, 200 + rng.randint(0, 25), 268 + rng.randint(0, 9)
    dense[-1, 0::3] = 1
    upper[-1] = sum(lower[0 : 2 * teams : 2]) // 3
    return _sparse(dense, lower, upper), cost


def _sparse(dense, lower, upper):
    counts = (dense != 0).sum(axis=0)
    owners, indices = np.nonzero(dense.T)
    columns = dense.shape[1]
    return Matrix(
        indptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        indices=indices.astype(np.int32),
        data=dense[indices, owners],
        row_lower=lower,
        row_upper=upper,
        col_lower=np.zeros(columns),
        col_upper=np.full(columns, np.inf),
        integer=np.ones(columns, dtype=bool),
    )


def timed(session: Session, case: Case, limit: float) -> Solution | None:
    """Solve once; None where the solver does not take the program."""
    try:
        return session.solve(case.matrix, Changes(cost=case.cost), Options(time_limit=limit))
    except BackendError:
        return None


def said(found: list[Solution | None], base: list[Solution | None]) -> tuple[str, float | None]:
    """Say how a solver did against the first: its ratio, or the gap that it was left with."""
    last = found[-1]
    if last is None:
        return "–", None
    if last.why is not Why.OPTIMAL:
        if last.objective is None or last.bound is None:
            return str(last.why), None
        return f"gap {(last.objective - last.bound) / max(1.0, abs(last.objective)):.2%}", None
    pairs = zip(found, base, strict=True)
    ratio = median(one.seconds / other.seconds for one, other in pairs if one and other)
    first = base[-1]
    if first is None or first.why is not Why.OPTIMAL:
        return f"<{ratio:.2f}", None  # the limit stopped the first
    return f"{ratio:.2f}", ratio


def main() -> None:
    """Print a table of ratios by case, and each class's geometric mean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--limit", type=float, default=3.0)
    parser.add_argument("--teams", type=int, nargs="+", default=[5, 10, 20])
    parser.add_argument("--seeds", type=int, default=3)
    asked = parser.parse_args()
    sessions = {found.name: Session(found.name) for found in available() if found.ok}
    ratios: dict[tuple[str, str], list[float]] = {}
    print(f"{'program':<44}{'class':<17}{'ms':>8}", *(f"{name:>12}" for name in sessions))
    with TemporaryDirectory() as folder:
        for case in cases(Path(folder), asked.teams, range(asked.seeds)):
            rounds = [
                {name: timed(session, case, asked.limit) for name, session in sessions.items()}
                for _ in range(asked.rounds + 1)
            ][1:]  # the first round warms the workers up
            found = {name: [answers[name] for answers in rounds] for name in sessions}
            line = {name: said(each, found[FIRST]) for name, each in found.items()}
            milliseconds = 1000 * median(one.seconds for one in found[FIRST] if one)
            group = f"{case.kind}, {'a search' if milliseconds >= SEARCH else 'no search'}"
            for name, (_, ratio) in line.items():
                if ratio is not None:
                    ratios.setdefault((group, name), []).append(ratio)
            words = (f"{text:>12}" for text, _ in line.values())
            print(f"{case.name:<44}{case.kind:<17}{milliseconds:8.1f}", *words, flush=True)
    for (kind, name), each in sorted(ratios.items()):
        print(f"{kind:<27}{name:<7} {geometric_mean(each):6.2f} over {len(each)} programs proven")
    for session in sessions.values():
        session.close()


if __name__ == "__main__":
    main()
