"""What is true of a plan, worked out in exact fractions from the instance and decisions alone.

Nothing here is shared with what a solver is told (:mod:`staffopt.rules`): a mistake made there is
found here. There is one check a rule, registered with :func:`checks`.
"""

# The check modules register themselves in CHECKS as they are imported.
from staffopt.verifier import (
    bands,
    budget,
    bundles,
    careers,
    case_closing,
    cases,
    changes,
    managed,
    people,
    places,
    shape,
    support,
    work,
    workload,
)
from staffopt.verifier.caution import Caution, cautions
from staffopt.verifier.figures import derive
from staffopt.verifier.goals import goal_value
from staffopt.verifier.registry import CHECKS, TOLERANCE, checks
from staffopt.verifier.verification import Verification, check_decisions, examine, verify

__all__ = [
    "CHECKS",
    "TOLERANCE",
    "Caution",
    "Verification",
    "bands",
    "budget",
    "bundles",
    "careers",
    "case_closing",
    "cases",
    "cautions",
    "changes",
    "check_decisions",
    "checks",
    "derive",
    "examine",
    "goal_value",
    "managed",
    "people",
    "places",
    "shape",
    "support",
    "verify",
    "work",
    "workload",
]
