"""Figures and phrases."""

from decimal import Decimal
from fractions import Fraction

import pytest

from staffopt.plan import Amount
from staffopt.quantity import Absent
from staffopt.report import words
from staffopt.report.tables import table, wrapped


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
