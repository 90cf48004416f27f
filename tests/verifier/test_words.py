"""Exact figures in words."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from staffopt.plan import MoneyFigure, MoneyKind
from staffopt.verifier.words import cost_of, number, pounds


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("9", "9"),
        ("4.50", "4.5"),
        ("100", "100"),
        ("1027/47", "21.85"),
        ("0.005", "0.01"),  # halves go up
        ("0.0004", "0.0004"),  # not 0
        ("-1/3", "-0.33"),
        ("1534", "1,534"),
        ("1234.5", "1,234.5"),
        ("1/1000000000000", "less than 0.00000001"),
    ],
)
def test_a_figure_is_short_and_never_0_where_it_is_not(value, text):
    assert number(Fraction(value)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("580521", "£580,521"),
        ("314460.5", "£314,460.50"),
        ("-1200", "-£1,200"),
        ("1000000/3", "£333,333.33"),
    ],
)
def test_pounds_have_thousands_and_pence_where_there_are_any(value, text):
    assert pounds(Fraction(value)) == text


@pytest.mark.parametrize(
    ("kind", "key", "words"),
    [
        (MoneyKind.ONE_OFF, {"role": "social_worker"}, "the set-up cost of a Social worker"),
        (MoneyKind.RECURRENT, {"role": "swso"}, "the cost of an SWSO"),
        (MoneyKind.RECURRENT, {"package": "project_team"}, "the cost of mobiles (Project team)"),
    ],
)
def test_a_cost_is_named_as_people_name_the_post_or_package(nottinghamshire, kind, key, words):
    line = MoneyFigure(line="mobiles", kind=kind, fund="contingency", year="2018/19", **key)
    question = nottinghamshire("recommended")
    named = replace(question, instance=question.instance.where({"roles.swso.name": "SWSO"}))
    assert cost_of(named, line) == words
