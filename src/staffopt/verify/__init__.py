"""What is true of a plan, worked out in exact fractions from the instance and decisions alone.

Nothing here is shared with what a solver is told (:mod:`staffopt.rules`): a mistake made there is
found here. There is one check a rule, registered with :func:`checks`.
"""

# The check modules register themselves in CHECKS as they are imported.
from staffopt.verify import budget, bundles, shape, support, workload
from staffopt.verify.caution import Caution, cautions
from staffopt.verify.figures import derive
from staffopt.verify.goals import goal_value
from staffopt.verify.registry import CHECKS, TOLERANCE, checks
from staffopt.verify.verification import Verification, check_decisions, verify

__all__ = [
    "CHECKS",
    "TOLERANCE",
    "Caution",
    "Verification",
    "budget",
    "bundles",
    "cautions",
    "check_decisions",
    "checks",
    "derive",
    "goal_value",
    "shape",
    "support",
    "verify",
    "workload",
]
