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

from importlib import import_module
from types import FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from staffopt.analysis.alternatives import Alternatives, alternatives
    from staffopt.analysis.assumptions import assumptions
    from staffopt.analysis.bridge import bridge
    from staffopt.analysis.ceiling import ceiling
    from staffopt.analysis.effects import Difference, WhatIf, diff, what_if
    from staffopt.analysis.explanation import Explanation, explain
    from staffopt.analysis.foresight import foresight
    from staffopt.analysis.frontier import frontier
    from staffopt.analysis.next_pound import next_pound
    from staffopt.analysis.options import options
    from staffopt.analysis.placed import WhyPlaced
    from staffopt.analysis.repairs import ParameterRepair
    from staffopt.analysis.rolling import roll
    from staffopt.analysis.state import state
    from staffopt.analysis.sweep import sweep
    from staffopt.analysis.switching import switching
    from staffopt.analysis.why_not import WhyNot, why_not
    from staffopt.analysis.why_placed import why_placed
    from staffopt.analysis.within import within
    from staffopt.census.instance import import_csww
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
    from staffopt.marking import mark
    from staffopt.plan import Plan
    from staffopt.program_file import export
    from staffopt.question import Question
    from staffopt.reporting.report import report
    from staffopt.request import Progress, Request
    from staffopt.verifier import Verification, verify
    from staffopt.workbook_template import template

__all__ = [
    "Alternatives",
    "BackendError",
    "BackendMissing",
    "Cancelled",
    "Clash",
    "Conflict",
    "Desk",
    "Difference",
    "Explanation",
    "Fault",
    "Infeasible",
    "InputError",
    "Instance",
    "NoPlan",
    "ParameterRepair",
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
    "WhatIf",
    "WhyNot",
    "WhyPlaced",
    "alternatives",
    "assumptions",
    "bridge",
    "ceiling",
    "check",
    "diff",
    "explain",
    "export",
    "foresight",
    "frontier",
    "import_csww",
    "instances",
    "load",
    "mark",
    "models",
    "next_pound",
    "open",
    "options",
    "report",
    "roll",
    "solve",
    "state",
    "sweep",
    "switching",
    "template",
    "verify",
    "what_if",
    "why_not",
    "why_placed",
    "within",
]

_HOMES = {
    "staffopt.analysis.assumptions": ("assumptions",),
    "staffopt.analysis.bridge": ("bridge",),
    "staffopt.analysis.ceiling": ("ceiling",),
    "staffopt.analysis.foresight": ("foresight",),
    "staffopt.analysis.frontier": ("frontier",),
    "staffopt.analysis.next_pound": ("next_pound",),
    "staffopt.analysis.options": ("options",),
    "staffopt.analysis.alternatives": ("Alternatives", "alternatives"),
    "staffopt.analysis.effects": ("Difference", "WhatIf", "diff", "what_if"),
    "staffopt.analysis.explanation": ("Explanation", "explain"),
    "staffopt.analysis.repairs": ("ParameterRepair",),
    "staffopt.analysis.placed": ("WhyPlaced",),
    "staffopt.analysis.why_not": ("WhyNot", "why_not"),
    "staffopt.analysis.why_placed": ("why_placed",),
    "staffopt.analysis.rolling": ("roll",),
    "staffopt.analysis.state": ("state",),
    "staffopt.analysis.sweep": ("sweep",),
    "staffopt.analysis.switching": ("switching",),
    "staffopt.analysis.within": ("within",),
    "staffopt.census.instance": ("import_csww",),
    "staffopt.desk": ("Desk", "open", "solve"),
    "staffopt.errors": (
        "BackendError",
        "BackendMissing",
        "Cancelled",
        "Clash",
        "Conflict",
        "Fault",
        "Infeasible",
        "InputError",
        "NoPlan",
        "Place",
        "Repair",
        "StaffoptError",
        "UnknownName",
        "VerificationError",
    ),
    "staffopt.instance.schema": ("Instance",),
    "staffopt.library": ("check", "instances", "load", "models"),
    "staffopt.marking": ("mark",),
    "staffopt.plan": ("Plan",),
    "staffopt.program_file": ("export",),
    "staffopt.question": ("Question",),
    "staffopt.reporting.report": ("report",),
    "staffopt.request": ("Progress", "Request"),
    "staffopt.verifier": ("Verification", "verify"),
    "staffopt.workbook_template": ("template",),
}
_OTHERWISE = {"open": "open_desk"}
"""What is called otherwise at home."""
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load a public name the first time it is asked for.

    A solver's worker imports this package too, and needs none of them: it starts in a fifth of
    the time.
    """
    if name in _HOME:
        found = getattr(import_module(_HOME[name]), _OTHERWISE.get(name, name))
        if not isinstance(found, FunctionType):
            return found
        return globals().setdefault(name, import_module("staffopt.edge").guarded(name, found))
    if name == "__version__":
        return import_module("importlib.metadata").version("staffopt")
    raise AttributeError(f"module 'staffopt' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
