"""Proving the claims of one program, one after another, within a measure of work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from staffopt.certify.search import Found, Search
from staffopt.certify.system import System

OVERHEAD = 100
"""What a relaxation costs besides, in coefficients."""


def prove(task: Mapping[str, Any], stops: Callable[[], bool]) -> dict[str, Any]:
    """Prove claims, or as much of them as the work allows.

    Args:
        task: ``program`` as :func:`staffopt.certify.statement.state` writes it; ``claims``, each
            with ``goal``, ``below`` and ``held``; and ``work``, the coefficients that may be gone
            through: each relaxation goes through all of the program's.
        stops: asked before every relaxation whether to stop.

    Returns:
        ``results``, one a claim that was begun: ``found`` (a :class:`Found`), ``claim`` as a
        certificate states it, or None where nothing is proved, and ``point``, which contradicts
        the claim, or None. What follows a claim that is not proved is not begun.
    """
    program, left = task["program"], int(task["work"])
    each = OVERHEAD + sum(len(row["terms"]) for row in program["rows"])
    results: list[dict[str, Any]] = []
    for claim in task["claims"]:
        search = Search(System.of(program, claim), left // each, stops)
        found = search.run()
        left -= search.solves * each
        results.append(_result(search, found, claim))
        if found is not Found.PROVED:
            break
    return {"results": results}


def _result(search: Search, found: Found, claim: Mapping[str, Any]) -> dict[str, Any]:
    below = claim["below"] if found is Found.PROVED else None
    if found is Found.LIMIT:
        reached = search.reached()
        below = None if reached is None else str(reached)
    point = None if search.point is None else search.point.tolist()
    result: dict[str, Any] = {"found": str(found), "claim": None, "point": point}
    if below is not None or found is Found.PROVED:
        tree = {"bounds": search.system.implied, "nodes": search.nodes}
        result["claim"] = {**claim, "below": below, **tree}
    return result
