"""Every rule of the book has a check, and verdicts are reached in one way."""

from __future__ import annotations

from fractions import Fraction

import pytest

from staffopt.plan import Verdict
from staffopt.rulebook import RULES
from staffopt.verifier import CHECKS, TOLERANCE
from staffopt.verifier.registry import judge


def test_every_rule_in_the_book_is_checked():
    assert set(CHECKS) == set(RULES.values())


@pytest.mark.parametrize(
    ("shortfall", "stepped", "verdict"),
    [
        (Fraction(-1), True, Verdict.MET),
        (Fraction(0), True, Verdict.MET),
        (Fraction(1, 10**12), True, Verdict.BROKEN),
        (Fraction(1, 10**12), False, Verdict.MET_BY_TOLERANCE),
        (TOLERANCE, False, Verdict.MET_BY_TOLERANCE),
        (TOLERANCE * 2, False, Verdict.BROKEN),
    ],
)
def test_only_what_has_no_step_is_met_by_tolerance(shortfall, stepped, verdict):
    assert judge(shortfall, stepped=stepped) is verdict
