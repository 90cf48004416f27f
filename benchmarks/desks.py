"""A sweep of ceilings: each question patched and solved warm, beside built and solved cold.

Run it: ``python benchmarks/desks.py``. The two take turns, question by question, so that what else
the machine does falls on both; what is read is the ratio.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import yaml

import councils
import staffopt as so
from staffopt.algebra.lexicographic import Lexicographic, Outcome
from staffopt.algebra.program import Program
from staffopt.algebra.solution import Options
from staffopt.backends.session import Session, ignore
from staffopt.build import build
from staffopt.keeper import Keeper
from staffopt.model.schema import Model
from staffopt.question import Question
from staffopt.request import Request

MIX: dict[str, Any] = {
    "schema_version": 1,
    "title": "The lowest caseload that the money buys",
    "question": "Which mix of posts brings the highest caseload down furthest within the ceilings?",
    "may_change": ["case_holder", "support", "support_lead"],
    "rules": {
        "keep_existing_posts": {},
        "release_time": {},
        "limit_span_of_control": {
            "managers": "support_lead",
            "staff": "support",
            "each": "scope",
        },
        "stay_within_budget": {},
    },
}
LOWEST = {"minimise": "worst_caseload", "basis": "effective"}
GOALS = {
    "one goal": [LOWEST],
    "three goals": [LOWEST, {"minimise": "cost"}, {"minimise": "change_from_today"}],
}


@dataclass(frozen=True)
class Sweep:
    """Questions that differ in a ceiling.

    Attributes:
        name: what is swept.
        council: the council.
        model: the model asked.
        path: where the ceiling stands.
        ceilings: its values; the first one warms the desk.
    """

    name: str
    council: Any
    model: Model
    path: str
    ceilings: tuple[int, ...]

    def questions(self) -> Iterator[Question]:
        for ceiling in self.ceilings:
            changed = self.council.where({self.path: ceiling})
            yield Request(model=self.model.model).question(changed, {self.model.model: self.model})


@dataclass(frozen=True)
class Times:
    """Medians in seconds: to make the program, and to pass it and minimise its goals."""

    build: float
    cold: float
    patch: float
    warm: float

    @property
    def ratio(self) -> float:
        """How many times as long a question takes from nothing."""
        return (self.build + self.cold) / (self.patch + self.warm)


def sweep(kind: str, *, teams: int, months: int, step: float, questions: int) -> Sweep:
    """Draw a council over months, whose roles are on one step (0: on none), and its ceilings."""
    data = councils.council(teams)
    years = months // 12
    data["calendar"] = {"start": "2027-04", "end": f"{2027 + years}-03", "periods": "months"}
    for role in data["roles"].values():
        role.update(step=step, set_up=1100 if step else "none")
    today = sum(team["posts"]["social_worker"] for team in data["teams"].values())
    least = int(today * 43000 // 20)
    data["funds"]["base"]["ceiling"] = least
    data["assumptions"]["funds"] = "invented for benchmarks"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "council.yaml"
        path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
        council = so.load(path)
    model = Model.model_validate({**MIX, "model": "mix", "goals": GOALS[kind]})
    ceilings = tuple(least * (100 + 7 * (number % 5)) // 100 for number in range(questions))
    name = f"{kind}, {teams} teams × {months} months, step {step:g}"
    return Sweep(name, council, model, "funds.base.ceiling", ceilings)


def minimised(program: Program, session: Session) -> Outcome:
    slack = [0.0] * len(program.goals)
    steps = Lexicographic(program, session.solve, Options(), slack, lambda: 0.0)
    return steps.run(lambda *_: ignore)


def compare(case: Sweep) -> Times:
    """Answer every question both ways, by turns.

    Raises:
        AssertionError: if the two differ in a goal.
    """
    keeper = Keeper()
    times: list[tuple[float, float, float, float]] = []
    with Session("highs") as warm:
        for number, question in enumerate(case.questions()):
            with Session("highs") as cold:  # one that has seen nothing, its start not counted
                minimised(build(other(case)), cold)
                start = time.perf_counter()
                built = build(question)
                made = time.perf_counter()
                expected = minimised(built, cold)
                solved = time.perf_counter()
            again = time.perf_counter()
            patched, making = keeper.program(question)
            remade = time.perf_counter()
            found = minimised(patched, warm)
            resolved = time.perf_counter()
            for mine, its in zip(found.reached, expected.reached, strict=True):
                assert abs(mine.value - its.value) <= 1e-6 * max(1.0, abs(its.value)), case.name
            if number:
                assert making.how == "patched"
                times.append((made - start, solved - made, remade - again, resolved - remade))
    return Times(*(median(column) for column in zip(*times, strict=True)))


def other(case: Sweep) -> Question:
    """A question of another council, which leaves a running worker with nothing of use."""
    changed = case.council.where({"calendar.periods": "one"})
    return Request(model=case.model.model).question(changed, {case.model.model: case.model})


CASES = (
    ("one goal", {"teams": 20, "months": 36, "step": 0}),
    ("three goals", {"teams": 20, "months": 36, "step": 0}),
    ("three goals", {"teams": 5, "months": 12, "step": 0.5}),
)


def main() -> None:
    """Print a line a case."""
    for kind, size in CASES:
        case = sweep(kind, questions=9, **size)
        t = compare(case)
        sys.stdout.write(
            f"{case.name}: build {1000 * t.build:.1f} + pass and solve {1000 * t.cold:.0f} ms; "
            f"patch {1000 * t.patch:.2f} + solve {1000 * t.warm:.0f} ms; ratio {t.ratio:.1f}\n"
        )


if __name__ == "__main__":
    main()
