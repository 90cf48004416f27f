"""Formulas as a terminal shows them."""

import pytest

from staffopt.reporting.formula import plain_formula, plain_text
from staffopt.reporting.rules import render_rule
from staffopt.rulebook import RULES


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        (r"P_{trp} \ge P_{tr,p-1} \quad \forall t, r, p", "P_trp ≥ P_(tr,p-1), for every t, r, p"),
        (
            r"\sum_{r \in support} P_{trp} \ge \tfrac{1}{ratio} \sum_{r} P_{trp} \quad \forall t",
            "Σ over r in support of P_trp ≥ 1/ratio · Σ over r of P_trp, for every t",
        ),
        (r"\sum_t \left(P_{t} - 2\right) \le n", "Σ over t of (P_t - 2) ≤ n"),
        (
            r"S_m \in \{0, 1\}, \qquad S_m = 1 \text{ where required}",
            "S_m in {0, 1}; S_m = 1 where required",
        ),
        (r"\sum_{b} lower_{tb} \beta_{tb} \le x", "Σ over b of lower_tb · β_tb ≤ x"),
        (r"\sum_{b} \beta_{tb} = 1", "Σ over b of β_tb = 1"),
        (r"c < (t + \tfrac12 10^{-d}) \cdot F", "c < (t + 1/2 · 10^(-d)) · F"),
        (r"V = \min\left(F^{up}, \tfrac{a}{b} \cdot F\right)", "V = min(F^up, a/b · F)"),
        (r"a \le b \quad \forall p \qquad (k = none)", "a ≤ b, for every p (k = none)"),
    ],
)
def test_a_formula_stands_on_one_line(latex, plain):
    assert plain_formula(latex) == plain


def test_the_marks_of_a_docstring_are_dropped():
    text = r"With ``each: scope``, :math:`\beta` is 1."
    assert plain_text(text) == "With each: scope, β is 1."


@pytest.mark.parametrize("name", sorted(RULES))
def test_no_rule_shows_a_typesetters_marks(name):
    text = render_rule(RULES[name])
    assert [mark for mark in ("\\", ":math:", "``", "quad", "frac") if mark in text] == []
