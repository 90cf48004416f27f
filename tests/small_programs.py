"""Small programs as certificates state them, and what is true of them by trying every point."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import ceil, floor
from typing import Any

from staffopt.certify.checker import check, seal
from staffopt.certify.prove import prove

PLENTY = 1_000_000
NOTHING_HELD: tuple[str, ...] = ()


def text(value):
    return None if value is None else str(Fraction(value))


def terms_of(coefficients):
    return {str(j): text(a) for j, a in enumerate(coefficients) if a}


def program(columns, rows, *goals) -> dict[str, Any]:
    """State a program.

    Args:
        columns: (lower, upper, whole) each; None where there is no bound.
        rows: (coefficients, lower, upper) each.
        goals: coefficients, each.
    """
    return {
        "columns": [
            {"name": f"x{j}", "lower": text(low), "upper": text(high), "whole": whole}
            for j, (low, high, whole) in enumerate(columns)
        ],
        "rows": [
            {"name": f"r{i}", "terms": terms_of(a), "lower": text(low), "upper": text(high)}
            for i, (a, low, high) in enumerate(rows)
        ],
        "goals": [
            {"name": f"g{k}", "unit": "£", "terms": terms_of(c), "offset": "0"}
            for k, c in enumerate(goals)
        ],
    }


def below(limit, goal=0, held=NOTHING_HELD):
    return {"goal": goal, "below": text(limit), "held": [text(value) for value in held]}


NO_POINT = {"goal": None, "below": None, "held": []}


def seek(stated, *claims, work=PLENTY):
    """Search for proofs; the results as the prover gives them."""
    task = {"program": stated, "claims": list(claims), "work": work}
    return prove(task, lambda: False)["results"]


def certificate(stated, results) -> dict[str, Any]:
    """Put what was proved into a certificate."""
    claims = [result["claim"] for result in results if result["claim"]]
    whole = {"certificate": 1, "engine": "test", "inputs": "none", **stated, "claims": claims}
    return {**whole, "seal": seal(whole)}


def proved(stated, *claims):
    """Say which goals the checker takes as proved."""
    return [one.goal for one in check(certificate(stated, seek(stated, *claims)))]


def least(stated, goal=0, reach=10):
    """Return a goal's least value by trying every whole point within reach; None if there is none.

    At most one column may be continuous: what the rows leave of it is an interval, at an end of
    which the goal is least.
    """
    best = None
    for point in points(stated, reach):
        value = _least_at(stated, goal, point)
        if value is not None and (best is None or value < best):
            best = value
    return best


def points(stated, reach=10):
    """Give every choice of the whole columns within their bounds and within reach."""
    ranges = []
    for column in stated["columns"]:
        low, high = _number(column["lower"], -reach), _number(column["upper"], reach)
        inside = range(max(ceil(low), -reach), min(floor(high), reach) + 1)
        ranges.append(inside if column["whole"] else [None])
    return product(*ranges)


def _least_at(stated, goal, point):
    loose = [j for j, value in enumerate(point) if value is None]
    assert len(loose) <= 1
    low, high = None, None
    if loose:
        column = stated["columns"][loose[0]]
        low, high = _number(column["lower"], None), _number(column["upper"], None)
    for row in stated["rows"]:
        fixed, slope = _split(row["terms"], point)
        for bound, is_upper in ((row["upper"], True), (row["lower"], False)):
            if bound is None:
                continue
            room = Fraction(bound) - fixed
            if not slope:
                if (room < 0) if is_upper else (room > 0):
                    return None
            elif (slope > 0) == is_upper:
                high = room / slope if high is None else min(high, room / slope)
            else:
                low = room / slope if low is None else max(low, room / slope)
    if low is not None and high is not None and low > high:
        return None
    fixed, slope = _split(stated["goals"][goal]["terms"], point) if stated["goals"] else (0, 0)
    end = low if slope > 0 else high
    assert not slope or end is not None, "the goal has no end"
    return fixed + (slope * end if slope else 0)


def _split(terms, point):
    fixed, slope = Fraction(0), Fraction(0)
    for j, a in terms.items():
        if point[int(j)] is None:
            slope += Fraction(a)
        else:
            fixed += Fraction(a) * point[int(j)]
    return fixed, slope


def _number(given, absent):
    return absent if given is None else Fraction(given)
