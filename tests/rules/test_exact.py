"""Fractions and floats state the same program, and every shipped question can be stated."""

from __future__ import annotations

import numpy as np
import pytest

import staffopt as so
from staffopt.build import build

OPTIONS = [
    (name, option)
    for name in ("tiny", "nottinghamshire-2018", "barnsley-2017")
    for option in sorted(so.load(name).options)
]


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_both_arithmetics_build_the_same_program(name, option):
    question = so.open(so.load(name), option=option).question
    exact, floating = build(question, exact=True), build(question, exact=False)
    assert exact.exact
    assert not floating.exact
    one, two = exact.matrix.floating(), floating.matrix
    assert (one.indptr.tolist(), one.indices.tolist()) == (
        two.indptr.tolist(),
        two.indices.tolist(),
    )
    for figures in ("data", "row_lower", "row_upper", "col_lower", "col_upper"):
        np.testing.assert_allclose(getattr(one, figures), getattr(two, figures), rtol=1e-12)
    assert one.integer.tolist() == two.integer.tolist()
    for mine, theirs in zip(exact.goals, floating.goals, strict=True):
        np.testing.assert_allclose(mine.vector.astype(float), theirs.vector, rtol=1e-12)
        assert float(mine.offset) == pytest.approx(float(theirs.offset), rel=1e-12)
    labels = [exact.column_label(i) for i in range(one.columns)]
    assert labels == [floating.column_label(i) for i in range(two.columns)]
    assert exact.names == floating.names
