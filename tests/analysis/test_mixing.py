"""The least change of figures with coefficients among them, against trying every plan."""

from __future__ import annotations

import pytest

import brute_repairs
import staffopt as so
from staffopt.analysis import mixing
from staffopt.reporting.explaining import render_explanation

QUICK = {"isolation": "inline", "certify": False, "cross_check": False}
RATIO, CEILING = "standards.keep_support_ratio.ratio", "funds.growth.ceiling"


def officers(prices=None):
    """Ask tiny for one officer to four workers with £20,000 a year."""
    return so.explain(
        so.load("tiny"),
        option="support-officers",
        overrides={CEILING: 20_000},
        prices=prices,
        **QUICK,
    )


def test_the_cheapest_change_lies_between_what_a_ratio_and_a_ceiling_give_alone():
    # £10 for each worker more to an officer, £0.005 for each pound of a ceiling. The ratio alone
    # has to be 10: 60. The ceilings alone 26,000 and 48,000: 6,000 × 0.005 + 28,000 × 0.005 = 170.
    # In between there are one and a half officers (1 to 5; 18,000 + 2,000 before, so just enough,
    # and 36,000): 10 + 80 = 90; and one (1 to 6, 24,000): 20 + 20 = 40.
    explanation = officers({RATIO: 10, CEILING: "0.005"})
    assert [(repair.overrides, repair.price) for repair in explanation.repairs] == [
        ({RATIO: "6", f"{CEILING}.2027/28": "24000"}, 40),
        ({RATIO: "10"}, 60),
        ({f"{CEILING}.2026/27": "26000", f"{CEILING}.2027/28": "48000"}, 170),
    ]
    assert explanation.least_proven
    assert all(change.least for repair in explanation.repairs for change in repair.changes)


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_nothing_weighs_less_than_what_is_told_whichever_plan_is_tried(seed):
    drawn = brute_repairs.drawn(seed)
    asked = {"option": drawn.option, "overrides": drawn.overrides, **QUICK}
    told = so.explain(so.load("tiny"), prices=drawn.prices, **asked)
    assert brute_repairs.faults(drawn, told, told) == []


def test_a_search_that_is_cut_short_says_that_nothing_is_proven(monkeypatch):
    monkeypatch.setattr(mixing, "MOST_CORNERS", 1)
    explanation = officers()
    assert explanation.to_json()["least_proven"] is False
    assert "that none does was not proven" in render_explanation(explanation)


def test_a_coefficient_that_is_not_seen_to_help_one_way_alone_leaves_nothing_proven(monkeypatch):
    monkeypatch.setattr(mixing, "lets_in", lambda loose, tight: False)
    assert officers().least_proven is False


@pytest.mark.parametrize("guesses", [(), (7,), (6, 8), (50, -3), (100,)])
def test_the_least_number_that_works_is_found_whatever_is_guessed(guesses):
    tried = []
    assert mixing.least_that(lambda n: tried.append(n) or n >= 7, 100, guesses) == 7
    assert len(set(tried)) == len(tried)
    assert mixing.least_that(lambda n: n >= 100, 100, guesses) == 100
