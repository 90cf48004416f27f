"""Decide which posts a council should fund, where and from when, and explain the answer.

Example:
    >>> import staffopt as so
    >>> council = so.load("nottinghamshire-2018")
    >>> plan = so.solve(council)
    >>> plan.change["assessment", "swso"]
    Decimal('9')
    >>> plan.money["contingency", "2018/19"].printed
    314461
"""

from staffopt.desk import Desk, solve
from staffopt.desk import open_desk as open  # noqa: A004 (read as staffopt.open)
from staffopt.errors import (
    BackendError,
    BackendMissing,
    Cancelled,
    Clash,
    Conflict,
    Fault,
    Infeasible,
    InputError,
    NoPlan,
    Place,
    Repair,
    StaffoptError,
    UnknownName,
    VerificationError,
)
from staffopt.instance.schema import Instance
from staffopt.library import check, instances, load, models
from staffopt.plan import Plan
from staffopt.question import Question
from staffopt.request import Progress, Request
from staffopt.verify import Verification, verify

__all__ = [
    "BackendError",
    "BackendMissing",
    "Cancelled",
    "Clash",
    "Conflict",
    "Desk",
    "Fault",
    "Infeasible",
    "InputError",
    "Instance",
    "NoPlan",
    "Place",
    "Plan",
    "Progress",
    "Question",
    "Repair",
    "Request",
    "StaffoptError",
    "UnknownName",
    "Verification",
    "VerificationError",
    "check",
    "instances",
    "load",
    "models",
    "open",
    "solve",
    "verify",
]
