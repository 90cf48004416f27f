"""Invented one-period councils of any number of teams, drawn from a seed.

The shipped instances are tiny: what grows with the number of teams does not show on them. The
default question is support officers at a ratio, team by team, which any solver answers at once, so
that what is measured is everything else. The cheapest mix is there too: on 40 teams both solvers
search for minutes, which says nothing of the engine.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import yaml

ROLES: dict[str, Any] = {
    "social_worker": {"kind": "case_holder", "step": 1, "cost": 43000, "set_up": 1100},
    "swso": {"kind": "support", "step": 0.5, "cost": 26800, "set_up": 1100},
    "senior_swso": {"kind": "support_lead", "step": 1, "cost": 31600, "set_up": 1100},
}
OPTIONS = {
    "ratio": {"title": "One support officer to four social workers", "model": "support-ratio"},
    "mix": {"title": "The cheapest mix that reaches the target", "model": "least-cost-mix"},
}


def council(teams: int, seed: int = 2026) -> dict[str, Any]:
    """Draw a council whose caseloads are above the target of 18 in most teams."""
    rng = Random(f"{teams} teams, seed {seed}")
    names = [f"team_{number:03d}" for number in range(1, teams + 1)]
    return {
        "schema_version": 1,
        "instance": f"generated-{teams}",
        "title": f"An invented council of {teams} teams",
        "default_option": "ratio",
        "calendar": {"start": "2027-04", "end": "2028-03"},
        "roles": {role: {**record, "on_costs": "included"} for role, record in ROLES.items()},
        "teams": {name: _team(name, rng) for name in names},
        "groups": {"frontline": names},
        "standards": {
            "keep_average_caseload": {"target": 18, "scope": "frontline"},
            "keep_support_ratio": {"ratio": 4, "scope": "frontline"},
            "limit_span_of_control": {"span": 14, "scope": "all"},
            "release_time": {"hours": 6, "contract_hours": 36, "ratio": 4, "scope": "frontline"},
        },
        "funds": {
            "base": {
                "name": "Base budget",
                "recurrent": True,
                "pays_for": {"added_posts": ["all"]},
                "ceiling": "none printed",
            }
        },
        "options": OPTIONS,
        "assumptions": dict.fromkeys(
            (
                "calendar",
                *(f"roles.{role}" for role in ROLES),
                *(f"teams.{name}" for name in names),
                "standards",
            ),
            "invented for benchmarks",
        ),
    }


def _team(name: str, rng: Random) -> dict[str, Any]:
    workers = rng.randint(12, 60) / 4
    return {
        "name": name.replace("_", " ").capitalize(),
        "cases": int(workers * rng.uniform(17, 24)),
        "posts": {
            "social_worker": workers,
            "swso": rng.randint(0, 4) / 2,
            "senior_swso": rng.choice([0, 0, 0, 1]),
        },
    }


def write(folder: Path, teams: int) -> Path:
    """Write a council as a file to be read like any other; returns its path."""
    path = folder / f"generated-{teams}.yaml"
    path.write_text(yaml.safe_dump(council(teams), sort_keys=False), encoding="utf-8")
    return path
