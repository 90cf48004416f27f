"""Figures and phrases."""

from decimal import Decimal
from fractions import Fraction

import pytest

from staffopt.plan import Amount
from staffopt.quantity import Absent
from staffopt.reporting import words
from staffopt.reporting.explaining import figure
from staffopt.reporting.tables import beside, folded, table, wrapped


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1, "people", "1 person"),
        (2, "people", "2 people"),
        (1, "cases per FTE", "1 case per FTE"),
        (1, "FTE", "1 FTE"),
        (1, "pounds a year", "£1 a year"),
    ],
)
def test_one_of_a_unit_is_not_called_by_many(value, unit, text):
    assert figure(Fraction(value), unit) == text


def test_halves_of_a_pound_go_up_as_the_paper_prints_them():
    # 580,521 × 6 ÷ 12 + 24,200 = 314,460.5, printed 314,461
    assert words.pounds(Fraction(580521, 2) + 24200) == "£314,461"


def test_money_below_zero_has_its_sign_first():
    assert words.pounds(Decimal("-1234.4")) == "-£1,234"


def test_an_amount_with_an_unknown_part_says_at_least():
    assert words.amount_words(Amount.of(Fraction(776000), at_least=True)) == "at least £776,000"


@pytest.mark.parametrize(
    ("value", "text"),
    [("9", "9.0"), ("7.75", "7.75"), ("0.5", "0.5"), ("1234.5", "1,234.5"), ("1/3", "0.3333")],
)
def test_fte_has_one_decimal_unless_it_needs_more(value, text):
    assert words.fte(Fraction(value)) == text


@pytest.mark.parametrize(("value", "text"), [("9", "+9.0"), ("0", "–"), ("-1.5", "-1.5")])
def test_a_change_has_its_sign(value, text):
    assert words.change(Fraction(value)) == text


@pytest.mark.parametrize(
    ("months", "text", "adjective"),
    [
        (24, "two years", "two-year"),
        (12, "one year", "one-year"),
        (6, "six months", "six-month"),
        (18, "18 months", "18-month"),
    ],
)
def test_terms_are_told_in_years_where_they_are_whole(months, text, adjective):
    assert words.term(months) == text
    assert words.term_adjective(months) == adjective


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Social worker", "social worker"),
        ("SWSO", "SWSO"),
        ("Senior SWSO", "Senior SWSO"),
        ("Senior", "Senior"),
        ("Agency social worker", "agency social worker"),
    ],
)
def test_a_role_in_a_sentence_keeps_acronyms_and_titles(name, text):
    assert words.noun(name) == text


def test_a_figure_that_is_not_there_is_told_with_its_reason():
    assert words.figure(Absent.NOT_PRINTED) == "not printed"
    assert words.figure(Absent.NOT_APPLICABLE) == "–"
    assert words.figure(Decimal("43111.11")) == "43,111.11"


def test_columns_of_figures_line_up_on_the_right():
    assert table(["Team", "FTE"], [["Core", "9.0"], ["Disabled", "10.25"]]) == [
        "Team        FTE",
        "Core        9.0",
        "Disabled  10.25",
    ]


def test_long_lines_are_wrapped_under_their_mark():
    lines = wrapped("word " * 40, " ! ")
    assert len(lines) > 1
    assert max(map(len, lines)) <= 100
    assert lines[1].startswith("   word")


def test_a_list_that_is_too_long_goes_on_in_the_next_line_after_a_comma():
    posts = ", ".join(["12 Social worker"] * 6)  # 6 x 16 + 5 x 2 = 106 letters
    lines = folded(["Team", "posts", "from"], [["Core", posts, "8"]], left=(0, 1, 2), fold=(1,))
    # 4 + 2 + 88 + 2 + 4 = 100: five posts fit, 5 x 16 + 4 x 2 + 1 = 89 letters do not
    assert lines == [
        f"Team  {'posts':<71}  from",
        f"Core  {', '.join(['12 Social worker'] * 4)},  8",
        "      12 Social worker, 12 Social worker",
    ]


def test_a_table_that_fits_is_left_as_it_is():
    head, rows = ["Team", "posts"], [["Core", "9 A, 8 B"]]
    assert folded(head, rows, left=(0, 1), fold=(1,)) == table(head, rows, left=(0, 1))


def test_columns_that_do_not_fit_stand_in_a_table_below():
    head = ["Team", *(f"{'Role ' * 5}{n}" for n in range(5))]  # 26 letters a role
    # 4 + 3 x (2 + 26) = 88; a fourth role would make 116
    lines = beside(head, [["Core", *"12345"]])
    assert [line.split() for line in lines if line.startswith("Core")] == [
        ["Core", "1", "2", "3"],
        ["Core", "4", "5"],
    ]
    assert lines[2] == ""
    assert max(map(len, lines)) == 88
