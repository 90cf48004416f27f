"""Draw tiny councils, try every plan of each, and hold every backend's answer against that.

The test suite tries a few; a longer run is a command of its own::

    python tests/brute_force_run.py --count 10000 --backend highs

An answer passes if its goals are the least there are, its decisions are one of the plans that reach
them, and what it says of other plans is true. What does not pass is printed with its seed, and the
command then ends with 1. Without ``--backend`` every backend of this machine is asked.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import brute_force as bf
import staffopt as so
from staffopt.backends import available
from staffopt.backends.registry import NAMES, WHOLE_ONLY
from staffopt.backends.solvers import Solvers
from staffopt.desk import Desk
from test_brute_force import (
    ROUNDINGS,
    band_council,
    caseload_council,
    dear_officers,
    fault_of,
    instance_of,
    mix_council,
    ratio_council,
    squeezed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

SEVERAL = "several plans"
"""How an answer ends that rightly names another plan which does as well."""


def draw(seed: int) -> bf.Council:
    """Draw a council of any kind, a third of them short of money."""
    rng = Random(f"council {seed}")
    council = rng.choice([ratio_council, band_council, mix_council, _caseload])(seed)
    if rng.random() < 1 / 3 and council.model != "caseload-target":
        mixes = council.model == "least-cost-mix"
        council = squeezed(dear_officers(council) if mixes else council, "2026/27", 1)
    return council


def _caseload(seed: int) -> bf.Council:
    rng = Random(f"rounding {seed}")
    return caseload_council(rng.choice(ROUNDINGS), rng.choice(["team", "scope"]), seed)


def backends() -> list[str]:
    """Name the backends that this machine has and that take every program."""
    return [found.name for found in available() if found.ok and found.name not in WHOLE_ONLY]


def judge(seed: int, backend: str, solvers: Solvers) -> str:
    """Ask one backend about one council; say how it ended, ``DEFECT`` first where it must not."""
    council = draw(seed)
    request = so.Request(model=council.model, backend=backend, cross_check=False)
    plan = None
    try:
        plan = Desk(instance_of(council), so.models(), request, solvers).solve()
    except so.Infeasible:
        pass
    except so.StaffoptError as error:
        return f"DEFECT {type(error).__name__}: {error}"
    if fault := fault_of(council, plan):
        return f"DEFECT {fault}"
    if plan is None:
        return "no plan"
    return "one plan" if plan.provenance.unique else SEVERAL


def results(seeds: range, names: list[str], solvers: Solvers) -> Iterator[tuple[int, str, str]]:
    """Judge every backend on every council: (seed, backend, how it ended)."""
    for seed in seeds:
        for name in names:
            yield seed, name, judge(seed, name, solvers)


def main() -> int:
    """Try as many councils as asked and print what ended as it must not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--backend", choices=NAMES, action="append")
    asked = parser.parse_args()
    seeds = range(asked.seed, asked.seed + asked.count)
    ended: Counter[tuple[str, str]] = Counter()
    solvers = Solvers("worker")
    for seed, name, end in results(seeds, asked.backend or backends(), solvers):
        ended[name, end.split(maxsplit=1)[0] if end.startswith("DEFECT") else end] += 1
        if end.startswith("DEFECT"):
            sys.stdout.write(f"{seed} {name}: {end}\n")
            sys.stdout.flush()
    solvers.close()
    for (name, end), count in sorted(ended.items()):
        sys.stdout.write(f"{name}: {end}: {count}\n")
    return int(any(end == "DEFECT" for _, end in ended))


if __name__ == "__main__":
    sys.exit(main())
