"""How long an explanation takes beside one cold solve of the same question without a plan.

Run it: ``python benchmarks/explaining.py``. The two take turns, so that what else the machine does
falls on both; what is read is the ratio. The last question is a council of 20 teams and 36 months.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import yaml

import councils
import staffopt as so

ROUNDS = 3


@dataclass(frozen=True)
class Case:
    """A question without a plan."""

    name: str
    option: str | None
    overrides: dict[str, Any]
    scenario: str | None = None


CASES = (
    Case("tiny", "support-officers", {"funds.growth.ceiling": 20_000}),
    Case("tiny", "best-mix", {"funds.growth.ceiling": 40_000}),
    Case("tiny-asye", None, {"funds.growth.ceiling": 10_000}),
    Case("tiny-agency", None, {"funds.growth.ceiling": 0}),
    Case("tiny-careers", None, {"standards.keep_average_caseload": {"target": 4}}),
    Case("tiny-flow", None, {"funds.growth.ceiling": 0}),
    Case("tiny-money", None, {"funds.transformation.ceiling": 20_000}),
    Case("tiny-places", None, {"funds.base.ceiling": 300_000}),
    Case("tiny-turnover", None, {"standards.keep_average_caseload": {"target": 10}}),
    Case("relief", "relief-team", {"funds.reserves.ceiling.2026/27": 200_000}),
    Case("barnsley-2017", None, {"standards.limit_recruitment.limit": 10}),
    Case("tameside-2022", "six-months", {"funds.reserves.ceiling": 200_000}),
    Case("nottinghamshire-2018", "recommended", {"funds.contingency.ceiling": 300_000}),
    Case("nottinghamshire-2018", "more-social-workers", {"standards.limit_recruitment.limit": 10}),
    Case("west-sussex-2015", None, {}, "no-further-money"),
    Case("gueret-construction-site", None, {"standards.fill_posts.surplus": 0}),
    Case("williams-manpower", None, {"roles.skilled.career.supply": 0}),
    Case("winston-csl", None, {"roles.trainee.career.trained_by.each": "0.1"}),
)


def months_council(folder: Path, teams: int, months: int) -> Path:
    """Write an invented council planned month by month, whose fund holds too little."""
    tree = councils.council(teams)
    end = 2027 * 12 + 3 + months - 1
    tree["calendar"] = {
        "start": "2027-04",
        "end": f"{end // 12}-{end % 12 + 1:02}",
        "periods": "months",
    }
    tree["funds"]["base"]["ceiling"] = 200_000
    tree["assumptions"]["funds.base.ceiling"] = "too little, for this benchmark"
    path = folder / f"{tree['instance']}.yaml"
    path.write_text(yaml.safe_dump(tree, sort_keys=False), encoding="utf-8")
    return path


def asking(case: Case) -> dict[str, Any]:
    """Say what is asked of the council."""
    return {"option": case.option, "scenario": case.scenario, "overrides": case.overrides}


def seconds_of_solve(council: so.Instance, case: Case) -> float:
    started = time.perf_counter()
    try:
        so.solve(council, **asking(case))
    except so.Infeasible:
        return time.perf_counter() - started
    raise AssertionError(f"{case.name} has a plan")


def measure(council: so.Instance, case: Case, rounds: int = ROUNDS) -> str:
    """Solve and explain by turns; return a line of medians."""
    cold, told, found = [], [], None
    for _ in range(rounds):
        cold.append(seconds_of_solve(council, case))
        started = time.perf_counter()
        found = so.explain(council, **asking(case))
        told.append(time.perf_counter() - started)
    assert found is not None
    members = sum(len(conflict.members) for conflict in found.conflicts)
    proven = all(conflict.irreducible for conflict in found.conflicts)
    return (
        f"{case.name:<22} {case.option or 'default':<20} {median(cold):7.2f} {median(told):7.2f} "
        f"{median(told) / median(cold):6.1f} {found.solves:6} {len(found.conflicts):4} "
        f"{members:5} {'yes' if proven else 'no':>6} {len(found.repairs):4}"
    )


def main() -> int:
    """Measure every case."""
    head = f"{'council':<22} {'option':<20} {'solve':>7} {'explain':>7} {'ratio':>6} "
    print(f"{head}{'solves':>6} {'conf':>4} {'inst':>5} {'proven':>6} {'ways':>4}")
    for case in CASES:
        print(measure(so.load(case.name), case), flush=True)
    with TemporaryDirectory() as folder:
        for teams, months in ((5, 12), (20, 36)):
            council = so.load(str(months_council(Path(folder), teams, months)))
            case = Case(f"{teams} teams, {months} months", "ratio", {})
            print(measure(council, case, rounds=1), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
