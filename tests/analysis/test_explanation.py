"""Why there is no plan: conflicts and repairs, worked out by hand on tiny councils."""

from __future__ import annotations

from fractions import Fraction

import pytest

import staffopt as so
from staffopt.analysis.feasibility import Feasibility
from staffopt.analysis.instances import instances_of
from staffopt.build import build


def explained(option, **changes):
    return so.explain(so.load("tiny"), option=option, overrides=changes)


def rules_of(explanation):
    return [conflict.rules for conflict in explanation.conflicts]


def ways(explanation):
    return [repair.overrides for repair in explanation.repairs]


LIMIT = "standards.limit_recruitment.limit"
TARGET = "standards.keep_average_caseload.target"
CEILING = "funds.growth.ceiling"


def test_a_target_and_a_limit_on_recruitment_are_told_with_what_each_would_have_to_be():
    # 186 ÷ 20 − 8 = 1.3, in whole posts 2, and one can be recruited. With one added the average is
    # 186 ÷ 9 = 20.667: the least target in hundredths that it meets is 20.67. Two cost £80,000.
    explanation = explained("social-workers", **{LIMIT: 1})
    (conflict,) = explanation.conflicts
    assert conflict.rules == ("keep_average_caseload", "limit_recruitment")
    assert (conflict.irreducible, conflict.grade) == (True, "CERTIFIED")
    assert ways(explanation) == [{TARGET: "20.67"}, {LIMIT: "2"}]
    costs = [repair.plan.goals[0].value for repair in explanation.repairs]
    assert costs == [40_000, 80_000]
    assert all(change.least for repair in explanation.repairs for change in repair.changes)


def test_a_ratio_that_a_ceiling_does_not_pay_for():
    # At 1 to 4 two officers cost 48,000 in 2027/28, and 24,000 + 2 × 1,000 in the half year before.
    # £20,000 pay for half an officer, who serves 5 workers at 1 to 10 (South has its half). One
    # officer, for £24,000 and before for 12,000 + 1,000, serves them at 1 to 5, and South's half
    # its 3 at 1 to 6: a fifth more in a ceiling, a half in the ratio, in all less than either.
    explanation = explained("support-officers", **{CEILING: 20_000})
    assert ways(explanation) == [
        {"standards.keep_support_ratio.ratio": "10"},
        {f"{CEILING}.2027/28": "24000", "standards.keep_support_ratio.ratio": "6"},
        {f"{CEILING}.2026/27": "26000", f"{CEILING}.2027/28": "48000"},
    ]
    sizes = [Fraction(3, 2), Fraction(1, 5) + Fraction(1, 2), Fraction(3, 10) + Fraction(7, 5)]
    assert [repair.relative for repair in explanation.repairs] == sizes
    assert explanation.least_proven


def test_a_price_given_decides_the_order_and_none_is_invented():
    council, changes = so.load("tiny"), {LIMIT: 1}
    prices = {TARGET: 10_000, LIMIT: 5_000}
    first, second = so.explain(
        council, option="social-workers", overrides=changes, prices=prices
    ).repairs
    assert (first.overrides, first.price) == ({LIMIT: "2"}, 5_000)
    assert (second.overrides, second.price) == ({TARGET: "20.67"}, Fraction(6_700))
    assert all(repair.price is None for repair in explained("social-workers", **changes).repairs)


def test_a_price_of_a_ceiling_is_of_each_year_and_one_of_nothing_is_refused():
    # Two workers cost 40,000 + 2 × 1,000 in the half year and 80,000 then, and 40,000 are there:
    # both ceilings weigh 2,000 × 0.5 + 40,000 × 0.5. One worker is within them: 186 ÷ 9 = 20.667.
    asked = {"option": "social-workers", "overrides": {CEILING: 40_000}}
    council, prices = so.load("tiny"), {CEILING: "0.5", TARGET: 10}
    found = so.explain(council, prices=prices, **asked).repairs
    assert {tuple(repair.overrides): repair.price for repair in found} == {
        (TARGET,): Fraction("6.7"),
        (f"{CEILING}.2026/27", f"{CEILING}.2027/28"): Fraction(21_000),
    }
    with pytest.raises(so.InputError, match=r"no figure stands at 'funds\.grwth\.ceiling'"):
        so.explain(council, prices={"funds.grwth.ceiling": 1}, **asked)


def test_the_price_of_a_softened_rule_is_the_price_of_its_figure():
    # 1.3 more are needed, so 2 at £40,000; none can be recruited but for £5,000 each: £90,000.
    # With one in the limit it is 85,000, and that change weighs 5,000 by the price declared.
    soft = {"standards.limit_recruitment.soften.price": 5_000}
    goals = [{"minimise": "full_year_cost", "at_most": 85_000}]
    explanation = explained("social-workers", **{LIMIT: 0, "model.goals": goals, **soft})
    first, *others = explanation.repairs
    assert (first.overrides, first.price) == ({LIMIT: "1"}, 5_000)
    assert {"model.goals.0.at_most": "90000"} in [repair.overrides for repair in others]
    assert all(repair.price is None for repair in others)


NORTH, SOUTH = "standards.north.limit", "standards.south.limit"


def fourteen_more(prices=None):
    """Ask tiny for 14 workers more, of whom north can recruit 10 and south 1."""
    # 186 ÷ 8.5 − 8 = 13.88, in whole posts 14. That north gets no more than 12 is law.
    limit, law = {"rule": "limit_recruitment"}, {"statutory": "true", "from": "law"}
    changes = {
        "model.rules.north": {**limit, "scope": "north", "limit": 10},
        "model.rules.south": {**limit, "scope": "south", "limit": 1},
        "model.rules.law": {**limit, "scope": "north", "limit": 12, **law},
        "standards.keep_average_caseload": {"target": "8.5", "rounding": "posts_up", **law},
        "funds.growth.ceiling": "unlimited",
    }
    council = so.load("tiny")
    return so.explain(council, option="social-workers", overrides=changes, prices=prices)


def test_more_figures_that_change_less_in_all_are_told_after_fewer():
    # South alone would have to have 4 in place of 1: three times itself. With north at 12 in place
    # of 10, a fifth of itself, south needs 2: once itself.
    explanation = fourteen_more()
    assert ways(explanation) == [{SOUTH: "4"}, {NORTH: "12", SOUTH: "2"}]
    assert [repair.rank for repair in explanation.repairs] == [(1, 3), (2, Fraction(6, 5))]
    assert explanation.all_repairs


def test_bounds_give_together_what_is_cheapest_by_the_prices():
    # Three are missing: 6,000 in south alone, at 2,000 each; two in north at 1,500 save 1,000.
    explanation = fourteen_more({NORTH: 1_500, SOUTH: 2_000})
    assert [(r.overrides, r.price) for r in explanation.repairs] == [
        ({NORTH: "12", SOUTH: "2"}, 5_000),
        ({SOUTH: "4"}, 6_000),
    ]


def test_a_figure_that_is_too_dear_to_move_even_once_is_left_out_of_what_is_shared():
    # Five workers cost 46,164.96 in 2027/28, and £4,400 of the first year's £44,400 are missing;
    # the target of 25 that four workers meet is one figure, and weighs less than those three.
    council = so.load("tiny-money")
    changes = {"funds.transformation.ceiling": 40_000, "funds.equipment.ceiling": 0}
    first, second = so.explain(council, overrides=changes).repairs
    assert first.overrides == {TARGET: "25"}
    assert second.overrides == {
        "funds.equipment.ceiling.2026/27": "1000",
        "funds.transformation.ceiling.2026/27": "44400",
        "funds.transformation.ceiling.2027/28": "46165",
    }


def test_what_is_set_by_law_may_clash_and_is_never_offered():
    lawful = {
        f"standards.keep_average_caseload.{key}": value
        for key, value in {"statutory": "true", "from": "law"}.items()
    }
    explanation = explained("social-workers", **{LIMIT: 1, **lawful})
    assert [member.statutory for member in explanation.conflicts[0].members] == [True, False]
    assert ways(explanation) == [{LIMIT: "2"}]


def test_two_conflicts_that_share_nothing_are_both_told():
    # The project costs 23,000 in 2026/27 (22,500 and 500 for half the year, 1,000 once): 24,000.
    changes = {CEILING: 20_000, "funds.reserve.ceiling": 10_000}
    explanation = explained("officers-and-project", **changes)
    assert len(explanation.conflicts) == 2
    assert {frozenset(rules) for rules in rules_of(explanation)} == {
        frozenset({"keep_support_ratio", "stay_within_budget"}),
        frozenset({"take_bundle_whole", "stay_within_budget"}),
    }
    members = [m.words for conflict in explanation.conflicts for m in conflict.members]
    assert len(set(members)) == len(members)


def test_a_ceiling_below_what_today_costs_is_found_by_arithmetic():
    # 22.5 posts cost £612,134 in a year; half of that in 2018/19 is 306,067.
    council = so.load("nottinghamshire-2018")
    changes = {"funds.base.ceiling.2018/19": 306_066}
    explanation = so.explain(council, option="do-nothing", overrides=changes)
    (conflict,) = explanation.conflicts
    assert (conflict.plain, len(conflict.members), conflict.irreducible) == (True, 1, True)
    assert conflict.grade == "CERTIFIED"
    assert ways(explanation) == [{"funds.base.ceiling.2018/19": "306067"}]


def test_a_plain_contradiction_is_told_with_both_sides_in_figures():
    # 186 ÷ 20 − 8 = 1.3, in whole posts 2, and one can be recruited.
    [conflict] = explained("social-workers", **{LIMIT: 1}).conflicts
    assert conflict.plainly.words == (
        "1 FTE to be had at the most, 2 FTE asked for at the least: 1 FTE short"
    )
    # North's 1.25 officers are 1.5 in halves, at £24,000 in 2027/28; £20,000 are there.
    [conflict] = explained("support-officers", **{CEILING: 20_000}).conflicts
    assert conflict.to_json()["plainly"] == {
        "at": "most", "asked": "20000", "possible": "36000", "unit": "pounds"
    }  # fmt: skip


def test_what_is_spent_today_already_is_told_as_what_it_goes_over():
    council = so.load("nottinghamshire-2018")
    changes = {"funds.base.ceiling.2018/19": 306_066}  # today's posts cost 306,067, as below
    [conflict] = so.explain(council, option="do-nothing", overrides=changes).conflicts
    assert conflict.plainly.words == "£1 over at the least"


def test_nobody_can_start_before_the_lead_time_is_over():
    # One worker in ten of 8 leaves in July: 7.2 are left. Who is recruited now starts in October.
    floor = {"rule": "keep_minimum_staffing", "tag": "experienced", "least": 8}
    changes = {"model.rules.floor": floor}
    explanation = so.explain(so.load("tiny-turnover"), option="recruit", overrides=changes)
    found = {c.members[0].where["period"]: c for c in explanation.conflicts if len(c.members) == 1}
    july = found["2026-07"]
    assert (july.members[0].rule, july.grade) == ("floor", "CERTIFIED")
    assert july.plainly.words == (
        "8 FTE asked for at the least, 7.2 FTE to be had at the most: 0.8 FTE short"
    )


def test_what_clashes_in_whole_posts_only_is_said_to():
    # North lacks 1.25 officers, £30,000 a year, and South 0.25. In halves they get 1.5 and 0.5.
    explanation = explained("support-officers", **{f"{CEILING}.2027/28": 42_000})
    assert [conflict.whole for conflict in explanation.conflicts] == [True]
    short = explained("support-officers", **{f"{CEILING}.2027/28": 29_000})
    assert [conflict.whole for conflict in short.conflicts] == [False]


def test_a_pin_is_offered_as_a_pin_of_another_figure():
    # 5 social workers at 1 to 4 are 1.25 officers, in halves 1.5; one serves at 1 to 5.
    explanation = explained("support-officers", **{"pins.posts.north.support_officer": 1})
    assert ways(explanation) == [
        {"standards.keep_support_ratio.ratio": "5"},
        {"pins.posts.north.support_officer": "1.5"},
    ]


def test_that_no_post_is_cut_is_told_where_a_cut_would_help():
    # Barnsley needs 14 posts more, can recruit 10, and could move posts from adoption.
    council = so.load("barnsley-2017")
    explanation = so.explain(council, overrides={LIMIT: 10})
    (conflict,) = explanation.conflicts
    assert "keep_existing_posts" in conflict.rules
    assert conflict.irreducible


def test_a_question_with_a_plan_has_no_conflict():
    explanation = so.explain(so.load("tiny"))
    assert explanation.plan is not None
    assert (explanation.conflicts, explanation.repairs) == ((), ())
    assert explanation.not_told == ""
    assert explanation.to_json()["feasible"] is True


@pytest.mark.parametrize("asked", range(0, 40, 8))
def test_a_search_that_is_stopped_claims_no_more_than_it_has_shown(asked, monkeypatch):
    whole = Feasibility._solve

    def solve(self, *args):
        if self.asked >= asked:
            self.stopped = True
            return None
        return whole(self, *args)

    monkeypatch.setattr(Feasibility, "_solve", solve)
    explanation = explained("social-workers", **{LIMIT: 1})
    for conflict in explanation.conflicts:
        assert {*conflict.rules} >= {"keep_average_caseload", "limit_recruitment"}
        assert not conflict.irreducible or len(conflict.members) == 2
    assert explanation.all_repairs is False or ways(explanation) == [
        {TARGET: "20.67"},
        {LIMIT: "2"},
    ]
    assert explanation.all_repairs or not explanation.least_proven
    for repair in explanation.repairs:
        assert so.verify(repair.plan).ok


def test_a_bad_price_is_refused_with_its_path():
    with pytest.raises(so.InputError, match="above 0"):
        so.explain(so.load("tiny"), prices={TARGET: 0})


def test_an_instance_is_a_rule_in_one_place_with_all_its_rows():
    with so.open(so.load("tiny"), option="support-officers") as desk:
        question = desk.question
    program = build(question, may_cut=True)
    found = {(one.rule, *one.where.values()) for one in instances_of(question, program)}
    assert ("keep_support_ratio", "north") in found
    assert ("stay_within_budget", "growth", "2026/27") in found
    assert ("keep_existing_posts", "south", "support_officer") in found
    rows = [row for one in instances_of(question, program) for row in one.rows]
    assert len(set(rows)) == len(rows)


def test_a_goals_own_limit_is_blamed_where_no_rule_is():
    # Nothing may change, and North's 120 cases on 5 posts are 24 each, above 20.
    goals = [{"minimise": "worst_caseload", "at_most": "20"}]
    explanation = so.explain(so.load("tiny"), model="today", overrides={"model.goals": goals})
    [conflict] = explanation.conflicts
    assert [member.words for member in conflict.members] == ["worst caseload at most 20"]
    assert conflict.irreducible
    assert explanation.all_conflicts


def test_a_goals_limit_and_a_rule_that_it_cannot_be_kept_with_are_told_together():
    # North needs a sixth social worker for 120 ÷ 20, and nobody can be recruited.
    goals = [{"minimise": "worst_caseload", "at_most": "20"}, {"minimise": "full_year_cost"}]
    changes = {"model.goals": goals, "standards.limit_recruitment.limit": 0}
    changes |= {"standards.keep_average_caseload.target": 30}
    explanation = so.explain(so.load("tiny"), option="social-workers", overrides=changes)
    [conflict] = explanation.conflicts
    assert {member.rule for member in conflict.members} == {"limit_recruitment", "worst_caseload"}
