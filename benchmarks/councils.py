"""Invented one-period councils of any number of teams, drawn from a seed.

The shipped instances are tiny: what grows with the number of teams does not show on them. Each has
four roles, three funds and three bands, and is asked four questions:

* ``ratio``, the default: support officers at a ratio, team by team. Any solver answers it at once,
  so that what is measured is everything else.
* ``bands``: no team above a band, few in the one below it, and a fund for social workers that does
  not last, so that dearer agency workers fill the rest: the ceiling and the bands bind.
* ``mix``: the cheapest mix of roles that reaches the target. From 20 teams on, solvers search for
  minutes: it is asked with a time limit.
* ``grant``: the same, with a fund for social workers and a grant for support officers that do not
  last: both ceilings bind.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import yaml

ROLES: dict[str, Any] = {
    "agency_worker": {"kind": "case_holder", "step": 0.5, "cost": 61000, "set_up": 300},
    "social_worker": {"kind": "case_holder", "step": 1, "cost": 43000, "set_up": 1100},
    "swso": {"kind": "support", "step": 0.5, "cost": 26800, "set_up": 1100},
    "senior_swso": {"kind": "support_lead", "step": 1, "cost": 31600, "set_up": 1100},
}
TARGET = 18
BANDS = {"calm": "<= 18", "busy": "18.1-20", "over": ">= 20.1"}


def _options(teams: int) -> dict[str, Any]:
    bands = {"forbid": ["over"], "at_most": {"busy": teams // 4}}
    return {
        "ratio": {
            "title": "One support officer to four social workers",
            "model": "support-ratio",
            "fund": "base",
        },
        "bands": {
            "title": "No team above 20 cases, few above 18",
            "model": "caseload-target",
            "standards": {
                "keep_average_caseload": {"rounding": "none"},
                "choose_band": bands,
            },
        },
        "mix": {
            "title": "The cheapest mix that reaches the target",
            "model": "least-cost-mix",
            "fund": "base",
        },
        "grant": {"title": "The same within ceilings", "model": "least-cost-mix"},
    }


def council(teams: int, seed: int = 2026) -> dict[str, Any]:
    """Draw a council whose caseloads are above the target of 18 in most teams."""
    rng = Random(f"{teams} teams, seed {seed}")
    names = [f"team_{number:03d}" for number in range(1, teams + 1)]
    records = {name: _team(name, rng) for name in names}
    short = sum(
        max(0.0, team["cases"] / TARGET - team["posts"]["social_worker"])
        for team in records.values()
    )
    return {
        "schema_version": 1,
        "instance": f"generated-{teams}",
        "title": f"An invented council of {teams} teams",
        "default_option": "ratio",
        "calendar": {"start": "2027-04", "end": "2028-03"},
        "roles": {role: {**record, "on_costs": "included"} for role, record in ROLES.items()},
        "teams": records,
        "bands": {"round_average": {"decimals": 1}, "edges": BANDS, "manageable": "calm"},
        "groups": {"frontline": names},
        "standards": {
            "keep_average_caseload": {"target": TARGET, "scope": "frontline"},
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
            },
            "growth": {
                "name": "Growth fund",
                "recurrent": True,
                "pays_for": {"added_posts": ["social_worker"]},
                "ceiling": 44100 * int(0.6 * short),  # of what social workers alone would take
            },
            "grant": {
                "name": "Grant for support officers",
                "recurrent": True,
                "pays_for": {"added_posts": ["senior_swso", "swso"]},
                "ceiling": 4000 * teams,  # about one officer to seven teams
            },
        },
        "options": _options(teams),
        "assumptions": dict.fromkeys(
            (
                "calendar",
                *(f"roles.{role}" for role in ROLES),
                *(f"teams.{name}" for name in names),
                "bands",
                "funds.growth",
                "options",
                "funds.grant",
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
