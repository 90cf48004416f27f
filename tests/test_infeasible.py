"""Why there is no plan: the same shortfalls as softened rules have, at no price of their own."""

from __future__ import annotations

import pytest

import staffopt as so
from compiled import KEEP, ask, session
from staffopt.algebra.solution import Options
from staffopt.backends.session import ignore
from staffopt.infeasible import what_would_give
from staffopt.rulebook import KeepSupportRatio, LimitRecruitment


def limit(staff="support", **parameters):
    given = {"label": "limit", "staff": staff, "limit": 2, **parameters}
    return LimitRecruitment.model_validate(given)


def ratio(**parameters):
    given = {"label": "ratio", "ratio": "0.4", "scope": "north", **parameters}
    return KeepSupportRatio.model_validate(given)


def gives(*rules):
    ways = what_would_give(ask(KEEP, *rules), session(), Options(), ignore)
    return [[(clash.rule, clash.by, clash.unit) for clash in way] for way in ways]


def test_the_row_that_has_least_to_give_gives():
    # North: 1 + Δ ≥ 4 ÷ 0.4, so Δ ≥ 9, against Δ ≤ 2: 7 of 9, or 7 of 2.
    assert gives(ratio(), limit()) == [[("ratio", pytest.approx(7), "FTE")]]


def test_a_rule_set_by_law_is_never_what_might_give():
    lawful = gives(ratio(statutory="true"), limit())
    assert lawful == [[("limit", pytest.approx(7), "FTE")]]
    assert gives(ratio(statutory="true"), limit(statutory="true")) == [[]]


def test_what_is_softened_already_gives_first_and_is_not_blamed():
    # The limit has its price, so a ratio of north stands in nobody's way; 10 is short of nothing.
    assert gives(ratio(), limit(soften={"price": 5})) == [[]]


def test_a_plain_contradiction_is_told_with_both_sides_in_figures():
    # 186 ÷ 20 − 8 = 1.3, in whole posts 2, and one can be recruited.
    changes = {"standards.limit_recruitment.limit": 1}
    with pytest.raises(so.Infeasible) as raised:
        so.solve(so.load("tiny"), option="social-workers", overrides=changes)
    error = raised.value
    assert error.grade == "CERTIFIED"
    assert error.plainly.endswith(
        ": 1 FTE to be had at the most, 2 FTE asked for at the least: 1 FTE short"
    )
    assert f"Plainly: {error.plainly}." in str(error)


def test_that_a_proof_is_not_wanted_holds_for_adding_up_too():
    changes = {"standards.limit_recruitment.limit": 1}
    with pytest.raises(so.Infeasible) as raised:
        so.solve(so.load("tiny"), option="social-workers", overrides=changes, certify=False)
    assert raised.value.grade == "CROSS-CHECKED"


def test_a_rule_of_which_nobody_can_be_short_is_told_over():
    # Recruitment of support officers pinned above its limit: 3 more than 2 are 1 over.
    council = so.load("tiny")
    changes = {
        "standards.limit_recruitment.limit": 1,
        "standards.keep_average_caseload.statutory": "true",
        "standards.keep_average_caseload.from": "law",
    }
    with pytest.raises(so.Infeasible) as raised:
        so.solve(council, option="social-workers", overrides=changes, cross_check=False)
    (clash,) = raised.value.conflict
    # 186 ÷ 20 − 8 = 1.3, in whole posts 2: one more than can be recruited
    assert (clash.rule, clash.by) == ("limit_recruitment", pytest.approx(1))
