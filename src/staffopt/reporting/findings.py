"""Faults of a file, findings about a plan, and why there is no plan, as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from staffopt.errors import Fault, Infeasible, InputError, StaffoptError
from staffopt.reporting.course import dated
from staffopt.reporting.tables import wrapped

if TYPE_CHECKING:
    from staffopt.plan import Finding

_MOST_CLASHES = 12
"""More than these nobody reads at once."""


def render_faults(faults: Sequence[Fault]) -> str:
    """Write every fault with its place and how to mend it, and count them."""
    if not faults:
        return "No fault found.\n"
    lines = [line for fault in faults for line in _fault(fault)]
    errors = sum(not fault.warning for fault in faults)
    warnings = len(faults) - errors
    counts = [_count(errors, "fault"), _count(warnings, "warning")]
    return "\n".join([*lines, ", ".join(filter(None, counts))]) + "\n"


def _fault(fault: Fault) -> list[str]:
    kind = "warning" if fault.warning else "fault"
    place = f"{fault.place}: " if str(fault.place) else ""
    return [
        *wrapped(f"{place}{kind}: {fault.what} [{fault.code}]", later="    "),
        *wrapped(fault.mend, "    "),
    ]


def _count(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}" if count else ""


def fault_json(fault: Fault) -> dict[str, Any]:
    """Return a fault as plain data."""
    place = fault.place
    return {
        "code": fault.code,
        "what": fault.what,
        "mend": fault.mend,
        "warning": fault.warning,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "path": place.path,
        "sheet": place.sheet,
        "cell": place.cell,
    }


def error_json(error: Exception) -> dict[str, Any]:
    """Return an error as plain data: its kind, and what it carries."""
    if isinstance(error, InputError):
        return {"error": error.kind, "faults": [fault_json(fault) for fault in error.faults]}
    if isinstance(error, Infeasible):
        return {
            "error": error.kind,
            "grade": str(error.grade),
            "message": str(error),
            "plainly": error.plainly,
            "conflict": [asdict(clash) for clash in error.conflict],
            "repairs": [[asdict(clash) for clash in way.gives] for way in error.repairs],
        }
    other = "file" if isinstance(error, OSError) else "internal"
    kind = error.kind if isinstance(error, StaffoptError) else other
    return {"error": kind, "message": str(error) or type(error).__name__}


def render_findings(findings: Iterable[Finding], *, ok: bool) -> str:
    """Write what verification says of a plan: what is wrong first, then what holds."""
    order = ["broken", "softened", "missed by policy", "met by tolerance", "met"]
    ranked = sorted(findings, key=lambda finding: order.index(str(finding.verdict)))
    lines = [
        line
        for finding, words in dated(ranked)
        for line in wrapped(f"{finding.rule}: {words}", f"{finding.verdict!s:<17} ", " " * 18)
    ]
    closing = (
        "The plan is verified: every rule and every figure was recomputed."
        if ok
        else "The plan is NOT verified: do not use it."
    )
    return "\n".join([*lines, closing]) + "\n"


def infeasible_words(error: Infeasible) -> str:
    """Say that no plan meets every rule, and each way in which something would have to give."""
    lines = [f"No plan meets every rule ({error.grade})."]
    if error.plainly:
        lines += wrapped(f"{error.plainly}.", "Plainly: ")
    if not error.repairs:
        return "\n".join([*lines, "What would have to give was not found."])
    for number, repair in enumerate(error.repairs):
        lines.append("Or else:" if number else "What would have to give, all of it together:")
        shown = repair.gives[:_MOST_CLASHES]
        lines += [line for clash in shown for line in wrapped(clash.words, "  - ")]
        if len(repair.gives) > len(shown):
            lines.append(f"  and {len(repair.gives) - len(shown)} more")
    return "\n".join(lines)
