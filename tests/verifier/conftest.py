"""Two councils to verify plans of: the Nottinghamshire paper's, and one solvable by hand."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pytest

import compiled
from staffopt.instance.schema import Instance
from staffopt.model.schema import Goal, Model
from staffopt.plan import (
    Decisions,
    Finding,
    GoalValue,
    Grade,
    PackageDecision,
    Plan,
    PostDecision,
    Provenance,
)
from staffopt.question import Question
from staffopt.rulebook import Rule
from staffopt.settle import ask
from staffopt.verifier import check_decisions, derive, goal_value

NOTTINGHAMSHIRE: dict[str, Any] = {
    "schema_version": 1,
    "instance": "nottinghamshire-2018",
    "title": "Supporting improvements in children's social care",
    "default_option": "recommended",
    "calendar": {"start": "2018-10", "end": "2021-03"},
    "roles": {
        "social_worker": {
            "kind": "case_holder",
            "step": 1,
            "cost": "43111.11",
            "set_up": "unknown",
        },
        "swso": {"kind": "support", "step": "0.5", "cost": 26776, "set_up": 1100},
        "senior_swso": {
            "kind": "support_lead",
            "step": 1,
            "cost": 31613,
            "set_up": 1100,
            "teams": ["countywide"],
        },
    },
    "groups": {"frontline": ["assessment", "cds", "dcpt"]},
    "teams": {
        "assessment": {"name": "Assessment", "cases": 927, "posts": {"social_worker": 36}},
        "cds": {
            "name": "Children's Disability",
            "cases": 389,
            "posts": {"social_worker": 16, "swso": 3},
        },
        "dcpt": {
            "name": "District Child Prot.",
            "cases": 2054,
            "posts": {"social_worker": 94, "swso": 13},
        },
        "looked_after": {
            "name": "Looked After Children",
            "cases": "unknown",
            "posts": {"swso": "4.5"},
        },
        "countywide": {"name": "Countywide", "cases": "none", "posts": {"senior_swso": 2}},
    },
    "bands": {
        "round_average": {"decimals": 0, "half": "up"},
        "edges": {
            "spare capacity": "< 20",
            "manageable": "20-21",
            "likely high": "22-26",
            "must be reduced": "> 26",
        },
    },
    "standards": {
        "keep_average_caseload": {
            "target": "20.5",
            "scope": "frontline",
            "each": "scope",
            "rounding": "posts_nearest",
        },
        "keep_support_ratio": {"ratio": 4, "scope": "frontline"},
        "limit_span_of_control": {"span": 14, "scope": "all"},
        "release_time": {"hours": "6.5", "contract_hours": 37, "ratio": 4, "scope": "frontline"},
    },
    "packages": {
        "project_team": {
            "name": "Project team",
            "start": "2018-10",
            "months": 24,
            "fund": "development",
        }
    },
    "package_lines": [
        {"package": "project_team", "post": title, "fte": fte, "recurrent": cost}
        for title, fte, cost in (
            ("Practice Consultant", 3, 150642),
            ("Project Manager", 1, 53866),
            ("Business Change Analyst", 1, 50214),
            ("Programme Officer", 1, 44143),
            ("Business Support Assistant", 1, 26776),
        )
    ]
    + [
        {
            "package": "project_team",
            "item": "mobiles",
            "count": 7,
            "each": 145,
            "recurrent": 1015,
        },
        {
            "package": "project_team",
            "item": "equipment",
            "count": 8,
            "each": 1100,
            "one_off": 8800,
        },
    ],
    "funds": {
        "base": {
            "name": "Base budget",
            "recurrent": True,
            "pays_for": {"posts_today": ["swso", "senior_swso"]},
            "ceiling": "none printed",
        },
        "contingency": {
            "name": "Contingency",
            "recurrent": False,
            "pays_for": {"added_posts": ["all"]},
            "ceiling": "none printed",
        },
        "development": {
            "name": "Strategic Development Fund",
            "recurrent": False,
            "pays_for": {"packages": ["project_team"]},
            "ceiling": "none printed",
        },
    },
    "options": {
        "more-social-workers": {"model": "caseload-target", "fund": "not named"},
        "recommended": {"model": "support-and-project"},
    },
    "assumptions": {"funds.contingency.recurrent": "nature of a contingency"},
}

_SUPPORT = {
    "schema_version": 1,
    "model": "support-and-project",
    "title": "Support officers at a ratio, and a project team",
    "may_change": ["support", "support_lead"],
    "rules": {
        "keep_existing_posts": {},
        "keep_support_ratio": {"support": "support", "supported": "case_holder"},
        "limit_span_of_control": {"managers": "support_lead", "staff": "support"},
        "release_time": {},
        "take_bundle_whole": {"required": True},
        "stay_within_budget": {},
    },
    "goals": [{"minimise": "full_year_cost"}, {"minimise": "change_from_today"}],
}
_CASELOAD = {
    "schema_version": 1,
    "model": "caseload-target",
    "title": "Social workers to bring the average caseload down to a target",
    "may_change": ["case_holder"],
    "rules": {"keep_existing_posts": {}, "keep_average_caseload": {}, "stay_within_budget": {}},
    "goals": [{"minimise": "full_year_cost"}, {"minimise": "worst_caseload"}],
}
MODELS = {str(m["model"]): Model.model_validate(m) for m in (_SUPPORT, _CASELOAD)}


@pytest.fixture
def nottinghamshire() -> Callable[..., Question]:
    """Ask the Nottinghamshire council one of its options."""

    def build(option: str = "recommended", **tables: Any) -> Question:
        instance = Instance.model_validate(copy.deepcopy(NOTTINGHAMSHIRE) | tables)
        return ask(instance, MODELS, option=option)

    return build


@pytest.fixture
def decide() -> Callable[..., Decisions]:
    """Make decisions: (team, role) → FTE in every period, or (team, role, period) → FTE."""

    def build(
        question: Question, changes: Mapping[tuple[str, ...], str], *packages: str
    ) -> Decisions:
        labels = [period.label for period in question.instance.calendar.cut()]
        posts = tuple(
            PostDecision(team=key[0], role=key[1], period=label, change=Fraction(change))
            for key, change in changes.items()
            for label in (key[2:] or labels)
        )
        taken = tuple(
            PackageDecision(package=name, taken=name in packages)
            for name in question.instance.packages
        )
        return Decisions(posts=posts, packages=taken)

    return build


@pytest.fixture
def recommended(nottinghamshire, decide) -> tuple[Question, Decisions]:
    """The allocation that the Nottinghamshire paper recommends."""
    question = nottinghamshire()
    changes = {
        ("assessment", "swso"): "9",
        ("cds", "swso"): "1",
        ("dcpt", "swso"): "10.5",
        ("countywide", "senior_swso"): "1",
    }
    return question, decide(question, changes, "project_team")


@pytest.fixture
def tiny() -> Callable[..., Question]:
    """Ask the tiny council with some rules; every kind of role may change."""

    def build(*rules: Rule, goals: tuple[Goal, ...] = (), **tables: Any) -> Question:
        whole_years = {"start": "2024-04", "end": "2026-03", **tables.pop("calendar", {})}
        return compiled.ask(*rules, goals=goals, calendar=whole_years, **tables)

    return build


@pytest.fixture
def found(decide) -> Callable[..., list[Finding]]:
    """Check decisions and return the findings of the question's rules alone."""

    def run(question: Question, changes: Mapping[tuple[str, ...], str], *packages: str):
        decisions = decide(question, changes, *packages)
        findings = check_decisions(question, decisions, derive(question, decisions))
        return [finding for finding in findings if finding.rule != "decisions"]

    return run


@pytest.fixture
def plan_of() -> Callable[..., Plan]:
    """Make the plan that the engine would save of some decisions."""

    def build(question: Question, decisions: Decisions) -> Plan:
        figures = derive(question, decisions)
        return Plan(
            inputs=question.to_json(),
            decisions=decisions,
            figures=figures,
            goals=tuple(
                GoalValue(
                    minimise=str(goal.minimise),
                    year=goal.year,
                    value=goal_value(question, figures, goal),
                    unit="unit",
                    grade=Grade.FEASIBLE,
                )
                for goal in question.goals
            ),
            findings=check_decisions(question, decisions, figures),
            provenance=Provenance(
                engine="test",
                input_hash=question.hash,
                backend="by hand",
                stopped="proven",
                tie_broken=True,
            ),
        )

    return build
