"""Invented councils over many months, drawn from a seed and calibrated to the national census.

Turnover, vacancies, absence and caseloads lie around the national figures of the Department for
Education's children's social work workforce census 2023 (England, FTE: turnover rate 15.9%, vacancy
rate 18.9%, absence rate 3.2%, 16.0 cases a case holder). Ramps, lead times and costs are invented.
Recruitment is a pool of all teams, with a budget.
"""

from __future__ import annotations

from random import Random
from typing import Any

CASELOAD, VACANT, LEAVERS, FIRST_YEAR, ABSENCE = 16.0, 0.189, 0.159, 0.24, 0.032


def council(teams: int, months: int, seed: int = 2023) -> dict[str, Any]:
    """Draw a council with a question of workforce planning: a tree as a file would give it."""
    rng = Random(seed)
    last = 3 + months - 1
    return {
        "schema_version": 1,
        "instance": f"workforce-{teams}-{months}",
        "title": f"{teams} teams over {months} months",
        "default_option": "recruit",
        "calendar": {
            "start": "2024-04",
            "end": f"{2024 + last // 12}-{last % 12 + 1:02}",
            "periods": "months",
        },
        "roles": _roles(),
        "teams": {f"team-{n:03}": _team(n, rng) for n in range(teams)},
        "standards": {
            "fill_posts": {"surplus": 2},
            "limit_recruitment": {"limit": max(1, teams // 4), "per": "period"},
            "keep_average_caseload": {"target": 16, "soften": {"price": 20000}},
        },
        "funds": {
            "recruitment": {
                "name": "Recruitment",
                "recurrent": True,
                "pays_for": {"added_posts": ["all"]},
                "ceiling": 4000 * teams,
            }
        },
        "options": {"recruit": {"model": "workforce-plan"}},
    }


def _roles() -> dict[str, Any]:
    holder = {"kind": "case_holder", "step": 1}
    worker = {"leavers": LEAVERS, "leavers_first_year": FIRST_YEAR, "lead_time": 3}
    new = {"leavers": 0.1, "intakes": ["september"], "progresses_to": "worker"}
    return {
        "worker": holder
        | {"cost": 48000}
        | {
            "turnover": worker
            | {"recruitment": 3000, "ramp": [0.25, 0.5, 0.75], "absence": ABSENCE}
        },
        "new": holder
        | {"cost": 38000}
        | {
            "turnover": new
            | {"recruitment": 1500, "ramp": [0.2, 0.3, 0.4, 0.5], "absence": ABSENCE}
        },
    }


def _team(number: int, rng: Random) -> dict[str, Any]:
    posts = {"worker": rng.randint(6, 11), "new": rng.randint(1, 3)}
    people = {
        role: sum(rng.random() > VACANT for _ in range(count)) for role, count in posts.items()
    }
    there = people["worker"] + people["new"]
    cases = round(CASELOAD * max(1, there) * rng.uniform(0.85, 1.15))
    return {"name": f"Team {number}", "cases": cases, "posts": posts, "people": people}
