"""From declared variables, rows and goals to one program, entry by entry."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from staffopt.algebra.axes import Axis, Mask
from staffopt.algebra.builder import DECISIONS, Builder, Kind
from staffopt.algebra.program import NONE, ParameterKind, Strict

TEAM = Axis("team", ("north", "south"))
BAND = Axis("band", ("low", "high"))
INF = np.inf


def over(*axes):
    """Mask every cell of some axes."""
    return Mask(tuple(axes), np.ones([len(axis) for axis in axes], dtype=bool))


@pytest.fixture(params=[True, False], ids=["exact", "float"])
def builder(request):
    return Builder(exact=request.param, block_axis="team")


@pytest.fixture
def small():
    """Two teams' posts, one pooled total and a choice of band; every tag is set somewhere.

    Columns: 0 post[north], 1 post[south] in halves; 2 total; 3..6 in_band by team and band.
    """
    builder = Builder(exact=True, block_axis="team")
    post = builder.variable(
        "post",
        over(TEAM),
        Kind("FTE", decision=True),
        quantum=builder.data((TEAM,), [Fraction(1, 2), Fraction(1, 2)]),
        lower=-1,
        upper=3,
    )
    total = builder.variable("total", over(), Kind("pounds"), rule="money")
    in_band = builder.variable(
        "in_band", over(TEAM, BAND), Kind("bands", choice="band"), rule="bands", quantum=1, upper=1
    )
    builder.add(
        (post >= 2).tagged(
            parameter="standards.floor.least",
            kind=ParameterKind.RIGHT_HAND_SIDE,
            factor=1.0,
            strict=Strict.LOWER,
        ),
        "floor",
        statutory=True,
    )
    builder.add(
        (total >= 100 * post.sum("team")).tagged(unit="pounds", parameter={(): "funds.base"}),
        "money",
    )
    builder.add(in_band.sum("band").equals(1).tagged(unit="bands", suffix="one"), "bands")
    builder.goal("cost", 100 * post.sum("team") + 7, "pounds", within=0.5)
    builder.goal("spend", total, "pounds", within=0.5)
    return builder.finish()


def test_three_rows_of_three_columns_are_stored_by_columns(builder):
    # 2x + 3y     ≥ 6      columns, rows ascending: x: (0, 2), (2, 4)
    #      y − z  = 1                               y: (0, 3), (1, 1)
    # 4x     + 5z ≤ 20                              z: (1, −1), (2, 5)
    x, y, z = (builder.variable(name, over(), Kind("FTE")) for name in "xyz")
    builder.add(2 * x + 3 * y >= 6, "a")
    builder.add((y - z).equals(1), "b")
    builder.add(4 * x + 5 * z <= 20, "c")
    matrix = builder.finish().matrix
    assert matrix.indptr.tolist() == [0, 2, 4, 6]
    assert matrix.indices.tolist() == [0, 2, 0, 1, 1, 2]
    assert matrix.data.tolist() == [2, 4, 3, 1, -1, 5]
    assert matrix.row_lower.tolist() == [6, 1, -INF]
    assert matrix.row_upper.tolist() == [INF, 1, 20]
    assert matrix.col_lower.tolist() == [0, 0, 0]
    assert matrix.col_upper.tolist() == [INF, INF, INF]
    assert matrix.integer.tolist() == [False, False, False]


def test_terms_of_one_column_are_merged_and_zeros_dropped(builder):
    x, y = (builder.variable(name, over(), Kind("FTE")) for name in "xy")
    builder.add(x + 2 * x + y - y >= 0, "a")
    builder.add(y + x - x >= 0, "b")
    matrix = builder.finish().matrix
    assert matrix.indptr.tolist() == [0, 1, 2]
    assert matrix.indices.tolist() == [0, 1]
    assert matrix.data.tolist() == [3, 1]


def test_a_column_counts_in_steps_and_so_do_its_bounds(builder):
    half = builder.variable(
        "x",
        over(),
        Kind("FTE"),
        quantum=builder.data((), Fraction(1, 2)),
        lower=builder.data((), Fraction(-13, 4)),
        upper=builder.data((), Fraction(13, 4)),
    )
    builder.add(3 * half >= 4, "a")
    matrix = builder.finish().matrix
    assert matrix.data.tolist() == [1.5]  # 3 per FTE is 1.5 per half
    # −3.25 and 3.25 FTE are −6.5 and 6.5 halves; rounded inwards
    assert (matrix.col_lower[0], matrix.col_upper[0]) == (-6, 6)
    assert matrix.integer.tolist() == [True]
    assert matrix.row_lower[0] == 4


@pytest.mark.parametrize(("today", "step", "steps"), [("0.3", "0.1", 3), ("2.1", "0.7", 3)])
def test_bounds_on_a_step_lose_no_step_to_floats(builder, today, step, steps):
    # −0.3 ÷ 0.1 is −2.9999999999999996 in floats, which would round to −2
    builder.variable(
        "x",
        over(),
        Kind("FTE"),
        quantum=builder.data((), Fraction(step)),
        lower=builder.data((), -Fraction(today)),
        upper=builder.data((), Fraction(today)),
    )
    matrix = builder.finish().matrix
    assert (matrix.col_lower[0], matrix.col_upper[0]) == (-steps, steps)


def test_cells_outside_a_mask_have_neither_column_nor_row(builder):
    x = builder.variable("x", Mask.of(TEAM, ["south"]), Kind("FTE"))
    builder.add((x >= 1).where(Mask.of(TEAM, ["south"])), "a")
    program = builder.finish()
    assert (program.matrix.columns, program.matrix.rows) == (1, 1)
    assert program.column_label(0) == "x[south]"
    assert program.row_label(0) == "a[south]"
    with pytest.raises(IndexError):
        program.row_label(1)


def test_what_nothing_was_declared_of_is_an_empty_program(builder):
    program = builder.finish()
    assert (program.matrix.columns, program.matrix.rows, program.matrix.entries) == (0, 0, 0)
    assert program.matrix.indptr.tolist() == [0]


def test_add_says_how_many_rows_came_of_it(builder):
    x = builder.variable("x", over(TEAM), Kind("FTE"))
    assert builder.add(x >= 1, "a") == 2
    assert builder.add((x >= 1).where(Mask.of(TEAM, [])), "b") == 0


def test_every_array_has_an_entry_for_each_column_and_row(small):
    columns, rows = small.matrix.columns, small.matrix.rows
    assert (columns, rows) == (7, 7)  # rows: 2 floors, 1 money, 2 bands, 2 goals
    tags = small.column_tags
    for array in (tags.rule, tags.block, tags.unit, tags.quantum, tags.decision, tags.choice):
        assert len(array) == columns
    assert all(len(codes) == columns for codes in tags.keys.values())
    for name in small.row_tags.__slots__:
        value = getattr(small.row_tags, name)
        arrays = value.values() if isinstance(value, dict) else [value]
        assert all(len(array) == rows for array in arrays), name


def test_every_column_says_what_it_stands_for(small):
    tags, names = small.column_tags, small.names
    assert [names[code] for code in tags.rule] == [DECISIONS] * 2 + ["money"] + ["bands"] * 4
    assert [names[code] for code in tags.unit] == ["FTE"] * 2 + ["pounds"] + ["bands"] * 4
    assert tags.quantum.tolist() == [0.5, 0.5, 0, 1, 1, 1, 1]
    assert tags.decision.tolist() == [True, True, False, False, False, False, False]
    assert tags.block.tolist() == [0, 1, NONE, 0, 0, 1, 1]
    assert tags.choice.tolist() == [NONE, NONE, NONE, 0, 0, 1, 1]
    assert small.axes == {"team": ("north", "south"), "band": ("low", "high")}
    assert tags.keys["team"].tolist() == [0, 1, NONE, 0, 0, 1, 1]
    assert tags.keys["band"].tolist() == [NONE, NONE, NONE, 0, 1, 0, 1]
    assert small.matrix.col_lower.tolist() == [-2, -2, 0, 0, 0, 0, 0]  # −1 FTE is −2 halves
    assert small.matrix.col_upper.tolist() == [6, 6, INF, 1, 1, 1, 1]


def test_every_row_says_what_it_stands_for(small):
    tags, names = small.row_tags, small.names
    rules = ["floor", "floor", "money", "bands", "bands", "cost", "spend"]
    assert [names[code] for code in tags.rule] == rules
    units = ["FTE", "FTE", "pounds", "bands", "bands", "pounds", "pounds"]
    assert [names[code] for code in tags.unit] == units
    # halves move a floor by 0.5 FTE; money has a continuous column; 100 a FTE moves by 50
    assert tags.quantum.tolist() == [0.5, 0.5, 0, 1, 1, 50, 0]
    assert tags.strict.tolist() == [Strict.LOWER] * 2 + [Strict.NEITHER] * 5
    paths = [None if code == NONE else names[code] for code in tags.parameter]
    assert paths == ["standards.floor.least"] * 2 + ["funds.base"] + [None] * 4
    assert tags.factor.tolist() == [1, 1, 0, 0, 0, 0, 0]
    assert tags.parameter_kind.tolist() == [ParameterKind.RIGHT_HAND_SIDE] * 2 + [0] * 5
    assert tags.statutory.tolist() == [True, True, False, False, False, False, False]
    assert tags.block.tolist() == [0, 1, NONE, 0, 1, NONE, NONE]


def test_labels_are_made_of_names_and_cells(small):
    assert [small.column_label(i) for i in range(7)] == [
        "post[north]",
        "post[south]",
        "total",
        "in_band[north,low]",
        "in_band[north,high]",
        "in_band[south,low]",
        "in_band[south,high]",
    ]
    assert small.row_label(3) == "bands one[north]"


def test_a_goal_has_its_vector_offset_row_and_quantum(small):
    cost, spend = small.goals
    assert cost.vector.tolist() == [50, 50, 0, 0, 0, 0, 0]  # 100 a FTE, in halves
    assert (cost.offset, cost.quantum, cost.row) == (7, 50, 5)
    assert spend.quantum is None  # a continuous column bears on it
    assert spend.vector.tolist() == [0, 0, 1, 0, 0, 0, 0]
    for goal in small.goals:
        assert (small.matrix.row_lower[goal.row], small.matrix.row_upper[goal.row]) == (-INF, INF)


def test_floats_claim_no_quantum(builder):
    x = builder.variable("x", over(), Kind("FTE"), quantum=1)
    builder.goal("cost", 3 * x, "pounds", within=0.5)
    [goal] = builder.finish().goals
    assert goal.quantum == (3 if builder.exact else None)


def test_a_floating_copy_has_the_same_figures(small):
    floating = small.matrix.floating()
    assert floating.data.dtype == floating.row_lower.dtype == np.float64
    assert floating.data.tolist() == [float(value) for value in small.matrix.data]
