"""What the solver is told: one function a rule, one function a goal."""

from staffopt.rules import (
    bands,
    budget,
    bundles,
    careers,
    case_flow,
    cases,
    changes,
    money,
    people,
    places,
    release,
    shape,
    support,
    turnover,
    work,
    workload,
)
from staffopt.rules.registry import COMPILERS

__all__ = [
    "COMPILERS",
    "bands",
    "budget",
    "bundles",
    "careers",
    "case_flow",
    "cases",
    "changes",
    "money",
    "people",
    "places",
    "release",
    "shape",
    "support",
    "turnover",
    "work",
    "workload",
]
