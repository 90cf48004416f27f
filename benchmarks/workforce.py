"""Invented councils over many months, drawn from a seed and calibrated to a national census.

What a council reports of itself (caseload, vacancies, turnover, absence) is drawn from what English
authorities reported in the Department for Education's *Children's social work workforce*,
reporting year 2025 (30 September 2025; indicators by local authority, FTE; Open Government Licence
v3.0). :data:`DECILES` are worked out from that table: deciles over the 147 authorities that report,
without the Isles of Scilly and the City of London, which have a handful of workers. They are
aggregates; no authority's own row is here. Each measure is drawn by itself, so that what goes
together in England (vacancies and turnover, say) does not here.

Invented are the size of a team, how far its caseload lies from its council's, first-year turnover,
ramps, lead times, and all money.

Councils share one pool of recruits, as many a month as English authorities had starters; each
pays for its own out of a budget that lasts for a part of them. So pool and budgets bind. The
average that is aimed at and the edges of the bands are England's too.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import yaml

DECILES: dict[str, tuple[float, ...]] = {
    "caseload_fte": (10.1, 12.98, 13.82, 14.3, 14.84, 15.2, 15.8, 16.4, 17.0, 18.1, 20.9),
    "vacancy_rate_fte": (0.0, 3.26, 6.5, 9.18, 11.1, 14.4, 16.42, 18.96, 23.46, 26.74, 41.7),
    "turnover_rate_fte": (3.1, 7.82, 8.6, 9.88, 10.8, 11.8, 13.26, 14.56, 15.96, 19.5, 34.9),
    "absence_rate_fte": (0.6, 1.96, 2.4, 2.8, 3.2, 3.6, 3.8, 4.1, 4.48, 4.9, 8.1),
}
"""Column of the census → lowest, nine deciles and highest over authorities: cases per FTE of case
holders; % of vacancies and staff in post; leavers as % of staff in post; % of days lost."""

ENGLAND_CASELOAD, ENGLAND_STARTERS = 15.2, 5837.8 / 36186.3
"""Of all England in that year: cases per FTE of case holders; starters ÷ staff in post, FTE."""

BANDS = {
    "low": "<= 13.8",  # of a fifth of the authorities
    "middle": "13.9-15.2",  # up to the median
    "high": "15.3-17",
    "very_high": ">= 17.1",  # of the highest fifth
}
PRICES = {"middle": 3000, "high": 8000, "very_high": 18000}
MARGIN = 0.001
"""FTE by which a strict edge is kept."""

RECRUITMENT = {"worker": 3000, "new": 1500}
BUDGET = (0.3, 0.5)
"""What a council's yearly budget lasts for, of its share of the pool, if all were workers; the
first year has half of it, since nobody can start in its first months."""

SEED = 2027
"""Its council of ten teams has vacancies and leavers above the median; others may need nobody."""

FIRST = 2026
"""The financial year with whose April the plan begins."""


def councils(teams: int, months: int, count: int = 1, seed: int = SEED) -> dict[str, Any]:
    """Draw councils with so many teams each: one instance, a tree as a file would give it."""
    rng = Random(f"{count} councils of {teams} teams, seed {seed}")
    drawn = {f"council-{n:02}": _council(teams, rng) for n in range(1, count + 1)}
    in_post = sum(fte for one in drawn.values() for fte in one["in_post"].values())
    last = 3 + months - 1
    return {
        "schema_version": 1,
        "instance": f"workforce-{count}-{teams}-{months}",
        "title": f"{count} invented councils of {teams} teams over {months} months",
        "default_option": "recruit",
        "calendar": {
            "start": f"{FIRST}-04",
            "end": f"{FIRST + last // 12}-{last % 12 + 1:02}",
            "periods": "months",
        },
        "areas": {area: {"name": area.capitalize()} for area in drawn},
        "roles": {name: role for area, one in drawn.items() for name, role in _roles(area, one)},
        "teams": {
            f"{area}-team-{n:02}": {"area": area, **team}
            for area, one in drawn.items()
            for n, team in enumerate(_teams(area, one), 1)
        },
        "bands": {
            "round_average": {"decimals": 1},
            "edges": BANDS,
            "manageable": "middle",
        },
        "standards": {
            "fill_posts": {"surplus": 2},  # as many newly qualified as a team has may progress
            "limit_recruitment": {
                "limit": max(1, int(ENGLAND_STARTERS * in_post / 12)),
                "per": "period",
            },
            "keep_average_caseload": {"target": ENGLAND_CASELOAD, "soften": {"price": 20000}},
            "choose_band": {"denominator": "adjusted", "price": PRICES, "margin": MARGIN},
        },
        "funds": {
            area: {
                "name": f"Recruitment, {area}",
                "kinds": ["one_off"],  # of recruiting, not the pay of people above the posts
                "recurrent": True,
                "pays_for": {"added_posts": [_role(area, kind) for kind in RECRUITMENT]},
                "ceiling": {
                    f"{year}/{(year + 1) % 100:02}": one["budget"] // (2 if year == FIRST else 1)
                    for year in range(FIRST, FIRST + (months + 11) // 12)
                },
            }
            for area, one in drawn.items()
        },
        "options": {"recruit": {"title": "Whom to recruit, and when", "model": "workforce-plan"}},
        "assumptions": dict.fromkeys(
            ("calendar", "roles", "teams", "bands", "standards", "funds", "options"),
            "invented for benchmarks, calibrated to the census",
        ),
    }


def measure(column: str, rng: Random) -> float:
    """Draw what an authority reports: straight between one decile and the next."""
    deciles = DECILES[column]
    at = rng.uniform(0, len(deciles) - 1)
    below = min(int(at), len(deciles) - 2)
    return deciles[below] + (at - below) * (deciles[below + 1] - deciles[below])


def _council(teams: int, rng: Random) -> dict[str, Any]:
    """Draw what a council reports, who is in post in its teams, and its budget."""
    reports = {column: measure(column, rng) for column in DECILES}
    filled = 1 - reports["vacancy_rate_fte"] / 100
    posts = [{"worker": rng.randint(6, 11), "new": rng.randint(0, 2)} for _ in range(teams)]
    people = [
        {role: sum(rng.random() < filled for _ in range(count)) for role, count in own.items()}
        for own in posts
    ]
    in_post = {role: sum(own[role] for own in people) for role in RECRUITMENT}
    spread = [rng.uniform(0.85, 1.15) for _ in range(teams)]
    there = [max(1, sum(own.values())) for own in people]
    even = sum(map(float.__mul__, spread, map(float, there))) / sum(there)
    cases = [
        round(reports["caseload_fte"] * fte * own / even)
        for fte, own in zip(there, spread, strict=True)
    ]
    affordable = rng.uniform(*BUDGET) * ENGLAND_STARTERS * sum(in_post.values())
    return {
        "reports": reports,
        "teams": list(zip(cases, posts, people, strict=True)),
        "in_post": in_post,
        "budget": RECRUITMENT["worker"] * max(1, round(affordable)),
    }


def _roles(area: str, one: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Give a council roles of its own: its people leave at its own rate, and its fund pays."""
    leavers = round(one["reports"]["turnover_rate_fte"] / 100, 4)
    absence = round(one["reports"]["absence_rate_fte"] / 100, 4)
    worker = {
        "leavers": leavers,
        "leavers_first_year": round(1.5 * leavers, 4),
        "lead_time": 3,
        "recruitment": RECRUITMENT["worker"],
        "ramp": [0.25, 0.5, 0.75],
        "absence": absence,
    }
    new = {
        "leavers": round(0.7 * leavers, 4),
        "intakes": ["september"],
        "progresses_to": _role(area, "worker"),
        "recruitment": RECRUITMENT["new"],
        "ramp": [0.2, 0.3, 0.4, 0.5],
        "absence": absence,
    }
    return [
        (
            _role(area, kind),
            {
                "kind": "case_holder",
                "step": 1,
                "cost": cost,
                "on_costs": "included",
                "teams": [f"{area}-team-{n:02}" for n in range(1, len(one["teams"]) + 1)],
                "turnover": turnover,
            },
        )
        for kind, cost, turnover in (("worker", 48000, worker), ("new", 38000, new))
    ]


def _role(area: str, kind: str) -> str:
    return f"{kind}-{area.removeprefix('council-')}"


def _teams(area: str, one: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{area.capitalize()}, team {n}",
            "cases": cases,
            "posts": {_role(area, kind): fte for kind, fte in posts.items()},
            "people": {_role(area, kind): fte for kind, fte in people.items()},
        }
        for n, (cases, posts, people) in enumerate(one["teams"], 1)
    ]


def write(folder: Path, tree: dict[str, Any]) -> Path:
    """Write councils as a file to be read like any other; returns its path."""
    path = folder / f"{tree['instance']}.yaml"
    path.write_text(yaml.safe_dump(tree, sort_keys=False), encoding="utf-8")
    return path
