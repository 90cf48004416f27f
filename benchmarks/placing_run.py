"""Services of 300, 1,500 and 5,000 people placed, beside the plain program, in one run.

    .venv/bin/python benchmarks/placing_run.py                          # all three, some minutes
    .venv/bin/python benchmarks/placing_run.py --people 300 --fifths --limit 120

It prints rows for docs/performance.md. Both tools solve with HiGHS in this process, in one thread,
and seconds are the processor's, so that whatever else the machine does bears on neither. The plain
program is stopped after ``--limit`` wall seconds a goal; a goal that it has not proven by then is
held at the engine's value for those that follow, so that its sum is too low.
"""

from __future__ import annotations

import argparse
import json
import time
from itertools import pairwise
from typing import Any

import placing
import plain_placing
import staffopt as so
from staffopt.build import build
from staffopt.desk import Desk
from staffopt.instance.schema import Instance
from staffopt.library import models
from staffopt.rules.placing import classes_of

GOALS = slice(1, 6)
"""Of the model's goals those that the plain program has: not the first (floors) nor the money."""


def main() -> None:
    """Measure one size, or all."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, choices=placing.SIZES)
    asked.add_argument("--limit", type=float, default=60)
    asked.add_argument("--seed", type=int, default=2015)
    asked.add_argument("--fifths", action="store_true")
    given = asked.parse_args()
    print("| people × teams | tool | unknowns | build, s | solve, s | verify, s | proven |")
    print("|---|---|--:|--:|--:|--:|---|", flush=True)
    for people in [given.people] if given.people else placing.SIZES:
        tree = placing.council(people, given.seed, fifths=given.fifths)
        size = f"{people:,} × {len(tree['teams'])}"
        plan, engine = _engine(tree)
        _row(size, f"staffopt ({engine['classes']} classes)", **engine)
        _row(size, "plain program", **_plain(tree, plan, given.limit))


def _engine(tree: dict[str, Any]) -> tuple[so.Plan, dict[str, Any]]:
    council = Instance.model_validate(json.loads(json.dumps(tree), parse_float=str))
    request = so.Request(isolation="inline", cross_check=False, certify=False, unique=False)
    with Desk(council, models(), request) as desk:
        times = [time.process_time()]
        program = build(desk.question)
        times.append(time.process_time())
        plan = desk.solve()
        times.append(time.process_time())
        classes = len(classes_of(desk.question))
    assert so.verify(plan).ok
    times.append(time.process_time())
    build_s, solve, verify = (b - a for a, b in pairwise(times))
    found = {"unknowns": program.matrix.columns, "classes": f"{classes:,}"}
    found |= {"build_s": build_s, "solve": f"{solve:.1f}", "verify": f"{verify:.2f}"}
    return plan, found | {"proven": f"all goals, {plan.provenance.stopped}"}


def _plain(tree: dict[str, Any], plan: so.Plan, limit: float) -> dict[str, Any]:
    start = time.process_time()
    stated = plain_placing.write(tree)
    built = time.process_time()
    known = [goal.value for goal in plan.goals[GOALS]]
    found = plain_placing.solve(tree, stated, limit, known)
    for goal, best in zip(found[1:], known[1:], strict=True):
        assert not goal.proven or abs((goal.value or 0) - best) < 1 / 2, (goal, best)
    missed = [goal.goal for goal in found if not goal.proven]
    seconds = sum(goal.seconds for goal in found)
    return {
        "unknowns": len(stated.place),
        "build_s": built - start,
        "solve": f"{'> ' if missed else ''}{seconds:.1f}",
        "verify": "–",
        "proven": f"not {', '.join(missed)}" if missed else "all goals",
    }


def _row(size: str, tool: str, **of: Any) -> None:
    cells = f"{of['unknowns']:,} | {of['build_s']:.2f} | {of['solve']} | {of['verify']}"
    print(f"| {size} | {tool} | {cells} | {of['proven']} |", flush=True)


if __name__ == "__main__":
    main()
