"""What the solver is told: one function a rule, one function a goal."""

from staffopt.rules import (
    bands,
    bundles,
    cases,
    changes,
    money,
    people,
    release,
    shape,
    support,
    turnover,
    workload,
)
from staffopt.rules.registry import COMPILERS

__all__ = [
    "COMPILERS",
    "bands",
    "bundles",
    "cases",
    "changes",
    "money",
    "people",
    "release",
    "shape",
    "support",
    "turnover",
    "workload",
]
