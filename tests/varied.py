"""Shipped councils with other figures, month by month: what rolling on has to carry over."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import staffopt as so
from staffopt.library import models
from staffopt.settle import unite

if TYPE_CHECKING:
    from collections.abc import Mapping

    from staffopt.plan import Plan

TURNOVER = "roles.social_worker.turnover"
CAREER = "roles.social_worker.career"
RELIEF = "managed_teams.relief"

FIGURES: dict[str, dict[str, list[Any]]] = {
    "tiny": {
        "calendar.periods": ["months"],
        "calendar.end": ["2027-09"],
        "teams.north.cases": [90, 120, 141, 170],
        "teams.south.cases_over_time": [
            {"growth": "0.2"},
            {"series": {"2027-02": 90, "2027-06": 70}},
            {"growth": "-0.1", "seasons": {"1": "1.2"}},
        ],
        "standards.keep_average_caseload.target": [15, 18, 20],
        "standards.keep_average_caseload.each": ["team", "scope"],
        "standards.limit_recruitment": [{"limit": 2}, {"limit": 1, "per": "period"}],
        "standards.keep_support_ratio.ratio": [2, 3, 4],
        "roles.support_officer.set_up_heads": ["pooled", "by_team"],
        "roles.social_worker.non_staffing": [500],
        "roles.support_officer.non_staffing": [300],
        "teams.north.spare_heads": [{"support_officer": "0.5"}, {"support_officer": "1.5"}],
        "funds.growth.ceiling": [60_000, 90_001, 200_000],
        "funds.growth.carry_forward": [{"share": 50}, {"share": 100, "limit": 7_000}],
        "funds.growth.reserve": [{"opening": 300_000, "least": 10_000}],
        "packages.project.start": ["2026-10", "2027-01", "2027-06"],
    },
    "tiny-agency": {
        "calendar.start": ["2026-10"],
        "calendar.end": ["2027-06"],
        "calendar.periods": ["months"],
        "teams.north.people.agency_worker": ["0", "0.5", "1.5"],
        "standards.fill_posts.filled": ["0.8", "0.9", "0.95"],
        "standards.fill_posts.surplus": ["0", "1"],
        "standards.limit_recruitment": [{"limit": 2}, {"limit": 1, "per": "period"}],
        "standards.limit_share.most": ["0.2", "0.3"],
        "roles.social_worker.cost_basis": ["actual"],
        "funds.growth.ceiling": [20_000, 40_000],
    },
    "tiny-asye": {
        "calendar.start": ["2026-10"],
        "calendar.end": ["2027-06"],
        "calendar.periods": ["months"],
        "teams.north.cases": [110, 140],
        "teams.south.cases_over_time": [{"growth": "0.3"}, {"series": {"2027-01": 90}}],
        "funds.growth.ceiling": [150_000, 400_000],
    },
    "tiny-careers": {
        "calendar.end": ["2026-09"],
        "teams.north.cases": [100, 125, 150],
        f"{CAREER}.redeployment": [0, 500],
        f"{TURNOVER}.leavers": ["0", "0.3"],
        f"{TURNOVER}.lead_time": [1, 3],
        "roles.agency_worker.career.into.social_worker.most": [1, 2],
        "roles.newly_qualified.turnover.progresses_to": ["social_worker"],
        "funds.change.ceiling": [1_000, 4_000, 9_000],
        "standards.limit_recruitment": [{"limit": 2}],
    },
    "tiny-flow": {
        "teams.duty.flow.arrivals.growth": ["0.6", "-0.3"],
        "teams.duty.flow.arrivals.figure": [50, 60, 70],
        "teams.long_term.flow.closure_rate": ["0.1", "0.2"],
        "standards.keep_average_caseload.target": [13, 15, 18],
        "funds.growth.ceiling": [100_000, 300_000],
    },
    "tiny-money": {
        "calendar.periods": ["months", "financial_years"],
        "calendar.end": ["2027-12"],
        "teams.north.cases_over_time": [{"growth": "0.2"}, {"series": {"2027-04": 160}}],
        "standards.keep_average_caseload.target": [18, 20, 25],
        "roles.social_worker.step": [1, "0.5"],
        "roles.social_worker.set_up_heads": ["pooled", "by_team"],
        "funds.transformation.ceiling": [{"2026/27": 90_000, "2027/28": 200_000}],
        "funds.transformation.carry_forward": [{"share": 50}, {"share": 100, "limit": 10_000}],
        "funds.transformation.reserve": [{"opening": 900_000, "contributions": {"2027/28": 5}}],
        "funds.equipment.ceiling": [1_000, 9_000],
        "benefits.placements.relaxes": ["transformation"],
    },
    "tiny-turnover": {
        "calendar.end": ["2026-12", "2027-03"],
        "teams.north.cases": [90, 120, 150],
        f"{TURNOVER}.leavers": ["0.02", "0.1"],
        f"{TURNOVER}.leavers_first_year": ["0.15"],
        f"{TURNOVER}.lead_time": [0, 1, 3],
        f"{TURNOVER}.ramp": [[], ["0.25", "0.5", "0.75"]],
        f"{CAREER}": [{"drop_out": "0.25"}],
        "teams.north.starting": [{"social_worker": {"2026-08": 1, "2026-11": 1}}],
        "standards.limit_recruitment": [{"limit": 3}, {"limit": 1, "per": "period"}],
        "funds.recruitment.ceiling": [3_000, 5_000, 20_000],
    },
    "relief": {
        "calendar.periods": ["months"],
        f"{RELIEF}.starts": [["2026-10"], ["2026-11", "2027-03"], ["2026-10", "2027-04"]],
        f"{RELIEF}.months": [2, 3, 6],
        f"{RELIEF}.per": ["month"],
        f"{RELIEF}.price": [30_000],
        f"{RELIEF}.at_once": [1, 2],
        f"{RELIEF}.extension.notice": [0, 1, 2],
        f"{RELIEF}.extension.step": [1, 3],
        f"{RELIEF}.extension.fund": ["growth"],
        "funds.growth.pays_for.managed_teams": [["relief"]],
        "funds.growth.ceiling": [400_000],
        "funds.reserves.ceiling": [900_000],
    },
}
"""Shipped council → path → what the figure may be instead."""


def varied(seed: int) -> tuple[str, str, Mapping[str, Any]]:
    """Draw a shipped council, an option in which something changes, and other figures for it."""
    rng = random.Random(seed)
    name = rng.choice(list(FIGURES))
    options = so.load(name).options
    option = rng.choice([o for o, record in options.items() if record.model != "today"])
    rules, paths = unite(options[option].model, models()).rules, FIGURES[name]
    lawful = [p for p in paths if not p.startswith("standards.") or p.split(".")[1] in rules]
    drawn = [path for path in lawful if path.startswith("calendar") or rng.random() < 0.4]
    return name, option, {path: rng.choice(paths[path]) for path in drawn}


def varied_plan(seed: int, **asking: Any) -> Plan | None:
    """Solve a drawn council; None where it has no plan, or the figures are refused together."""
    name, option, figures = varied(seed)
    try:
        return so.solve(so.load(name), option=option, overrides=figures, **asking)
    except (so.Infeasible, so.InputError):
        return None
