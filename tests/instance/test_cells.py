import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffopt.instance.cells import CellError, as_number, decode, encode, text_of
from staffopt.instance.tables import Content, Kind

FIGURE, TEXT, ANY = Content(Kind.FIGURE), Content(Kind.TEXT), Content(Kind.ANY)
NAMES = Content(Kind.TEXT, many=True)
PRINTED = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=30
)
NESTED = st.recursive(
    PRINTED,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(PRINTED.filter(bool), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("cell", "kind", "text"),
    [
        (5.0, Kind.FIGURE, "5"),
        (0.1 + 0.2, Kind.FIGURE, "0.3"),  # a spreadsheet keeps 15 digits
        (43111.11, Kind.FIGURE, "43111.11"),
        (1e-7, Kind.FIGURE, "0.0000001"),
        (2e15, Kind.FIGURE, "2000000000000000"),
        (True, Kind.FLAG, "true"),
        (" north ", Kind.TEXT, "north"),
        (dt.date(2027, 4, 1), Kind.MONTH, "2027-04"),
        (dt.datetime(2027, 4, 1), Kind.MONTH, "2027-04"),  # noqa: DTZ001 (a cell has no zone)
        (dt.date(2027, 4, 2), Kind.MONTH, "2027-04-02"),
        (dt.date(2027, 4, 1), Kind.DAY, "2027-04-01"),
        (dt.date(2026, 12, 10), Kind.TEXT, "2026-12-10"),
    ],
)
def test_a_cell_is_written_as_a_file_would_have_it(cell, kind, text):
    assert text_of(cell, kind) == text


@pytest.mark.parametrize(
    ("cell", "content", "value"),
    [
        ("a, b", NAMES, ["a", "b"]),
        ("[all]", NAMES, ["all"]),
        ("[]", NAMES, []),
        ("{}", Content(Kind.EMPTY), {}),
        ("[north, south]", ANY, ["north", "south"]),
        ("{high: 0.2}", ANY, {"high": "0.2"}),
        ("20", ANY, "20"),
        ('""', TEXT, ""),
        ('The "best"', TEXT, 'The "best"'),
    ],
)
def test_a_cell_stands_for_what_a_file_would_hold(cell, content, value):
    assert decode(cell, content) == value
    assert decode(encode(value, content), content) == value


@pytest.mark.parametrize(
    ("cell", "content", "code"),
    [
        ("a,,b", NAMES, "empty-value"),
        ("[a", ANY, "bad-cell"),
        ("5", Content(Kind.EMPTY), "wrong-shape"),
        ("x" * 32_767, TEXT, "too-long"),
        ("a\x07b", TEXT, "unprintable"),
    ],
)
def test_a_cell_that_stands_for_nothing_is_refused(cell, content, code):
    with pytest.raises(CellError) as refused:
        decode(cell, content)
    assert refused.value.code == code


@given(NESTED.filter(lambda value: value not in ({}, [])))
def test_any_value_is_read_back_from_the_cell_it_is_written_to(value):
    assert decode(encode(value, ANY), ANY) == value


@given(st.lists(PRINTED, max_size=4))
def test_any_list_is_read_back_from_the_cell_it_is_written_to(names):
    assert decode(encode(names, NAMES), NAMES) == names


@pytest.mark.parametrize(
    ("text", "content", "number"),
    [
        ("5", FIGURE, 5.0),
        ("1.10", FIGURE, 1.1),
        ("1.10", ANY, None),  # what it is for is not known; its digits are kept
        ("20.5", ANY, 20.5),
        ("unknown", FIGURE, None),
        ("0.1234567890123456", FIGURE, None),  # 16 digits
        ("6", TEXT, None),
    ],
)
def test_a_figure_becomes_a_number_where_nothing_is_lost(text, content, number):
    assert as_number(text, content) == number
