"""Options side by side: figures of the papers, and of a council that can be solved by hand."""

from __future__ import annotations

import json
import threading
from fractions import Fraction
from functools import cache

import pytest

import staffopt as so
from shipped import AT_FULL_SIZE, plan_of
from staffopt.analysis.choice import Choice
from staffopt.analysis.figures import manageable_edge
from staffopt.analysis.options import OptionsTable, Pair
from staffopt.instance.bands import Bands
from staffopt.quantity import round_half_up

BARNSLEY = {
    # option: (average printed, need printed, posts, pounds of those posts, pounds printed)
    "1-to-18": ("20.5", "8.7", 9, 376551, 376550),  # 4.2.1
    "1-to-16": ("20.5", "17.7", 18, 753102, 753100),  # 4.2.2
    "2-to-18": ("21.7", "14.47", 14, 585746, 585746),  # 4.3.1
    "2-to-16": ("21.7", "25.1", 25, 1045975, 1045975),  # 4.3.2
    "3-to-18": ("20.4", "11.9", 12, 502068, 502068),  # 4.4.1
    "3-to-16": ("20.4", "24.4", 24, 1004136, 1004136),  # 4.4.2
}


@cache
def table(name):
    return so.options(so.load(name))


def choice(name, option, how):
    [found] = [c for c in table(name).choices if (c.option, c.how) == (option, how)]
    return found


@pytest.mark.parametrize("option", BARNSLEY)
@pytest.mark.parametrize("how", ["published", "best"])
def test_barnsleys_six_cells_come_out_as_printed(option, how):
    average, need, posts, pounds, _ = BARNSLEY[option]
    found = choice("barnsley-2017", option, how)
    assert f"{round_half_up(found.need.today, 1):f}" == average
    assert f"{round_half_up(found.need.fte, len(need.partition('.')[2])):f}" == need
    assert found.to_json()["added"] == {"social_worker": str(posts)}
    assert found.cost.printed == pounds


def test_where_the_paper_rounds_its_money_the_difference_is_told():
    for pair in table("barnsley-2017").pairs:
        _, _, _, pounds, printed = BARNSLEY[pair.option]
        told = () if pounds == printed else (f"£{printed:,}", f"£{pounds:,}")
        assert len(pair.difference) == bool(told)
        assert all(words in pair.difference[0] for words in told)


def test_barnsley_ranks_by_pounds_since_it_declares_no_bands():
    found = table("barnsley-2017")
    by_pounds = sorted(BARNSLEY, key=lambda option: BARNSLEY[option][3])
    ranks = {option: found.ranks[option, "best"] for option in BARNSLEY}
    assert [ranks[option] for option in by_pounds] == [1, 2, 3, 4, 5, 6]
    assert all(c.above is None and c.cost_per_case is None for c in found.choices)


def test_nottinghamshires_eighteen_social_workers_cost_776_000_and_cure_every_team():
    # above 21.5: 927 - 36 × 21.5 = 153, 389 - 16 × 21.5 = 45, 2,054 - 94 × 21.5 = 33
    found = choice("nottinghamshire-2018", "more-social-workers", "published")
    assert found.cost.printed == 776000
    assert (found.removed, found.above) == (231, 0)
    assert found.cost_per_case.raw == Fraction("775999.98") / 231
    assert any("0.39 FTE short" in words for words in found.missed)  # 18.39 needed, 18 added


def test_nottinghamshires_support_officers_cost_what_is_printed_by_fund_and_year():
    found = choice("nottinghamshire-2018", "recommended", "published")
    money = {(m["name"], m["year"]): m["amount"]["printed"] for m in found.to_json()["money"]}
    assert money["contingency", "2018/19"] == 314461  # 11
    assert money["contingency", "full year"] == 580521  # 9
    assert [money["development", y] for y in ("2018/19", "2019/20", "2020/21")] == [
        172128,
        326656,
        163328,
    ]  # 15
    assert found.cost.printed == 580521 + 326656
    # with 6.5 hours for each newly served worker: 927 - 21.5 × (36 + 36 × 6.5/37) and so on
    served = Fraction("6.5") / 37
    left = 927 - Fraction("21.5") * (36 + 36 * served)
    left += 389 - Fraction("21.5") * (16 + 4 * served)  # 3 officers serve 12 of 16 today
    assert found.above == left  # District Child Protection comes to 20.26


def test_the_best_mix_is_no_dearer_than_social_workers_alone_and_the_difference_is_explained():
    found = table("nottinghamshire-2018")
    mix = choice("nottinghamshire-2018", "best-mix", "best")
    alone = choice("nottinghamshire-2018", "more-social-workers", "best")
    assert mix.cost.raw <= alone.cost.raw
    assert mix.need is None  # officers hold no cases: FTE needed has no meaning there
    assert found.best.option == "best-mix"
    told = " ".join(found.explained)
    assert "best-mix under recommended would miss keep_support_ratio" in told
    assert "recommended under best-mix would miss keep_average_caseload" in told


def costed():
    """Name the shipped instances all of whose options are asked for their full-year cost."""
    goals = {name: {goal.minimise for goal in model.goals} for name, model in so.models().items()}
    return [
        name
        for name in so.instances()
        if name not in AT_FULL_SIZE
        if all("full_year_cost" in goals[option.model] for option in so.load(name).options.values())
    ]


@pytest.mark.parametrize("name", costed())
def test_what_a_choice_costs_is_what_its_goal_and_its_verifier_say(name):
    for found in table(name).choices:
        assert so.verify(found.plan).ok
        [goal] = [g for g in found.plan.goals if g.minimise == "full_year_cost"]
        penalties = [
            t.amount.raw
            for t in found.plan.figures.totals
            if (t.of, t.year) == ("penalty", "full year")
        ]
        assert found.cost.raw == goal.value - sum(penalties)


def test_doing_nothing_costs_nothing_and_has_no_rank():
    found = table("tiny")
    assert found.nothing.cost.raw == 0
    # above 20.5: 120 - 5 × 20.5 = 17.5, 66 - 3 × 20.5 = 4.5
    assert found.nothing.above == 22
    assert "do nothing" not in {option for option, _ in found.ranks}


def test_published_posts_that_break_a_rule_have_no_plan_and_say_why():
    # A target of 15 needs 186 ÷ 15 - 8 = 4.4, so 5 posts; one is printed.
    council = so.load("tiny").model_copy()
    options = dict(council.options)
    printed = {"model": "caseload-target", "published": {"change": {"social_worker": 1}}}
    options["few"] = type(options["social-workers"]).model_validate(printed)
    council = council.model_copy(update={"options": {"few": options["few"]}})
    found = so.options(council, overrides={"standards.keep_average_caseload.target": "15"})
    [pair] = found.pairs
    assert pair.published.plan is None
    assert "no plan meets every rule" in str(pair.published.none)
    assert json.loads(json.dumps(found.to_json()))["choices"][1]["option"] == "few"


def test_a_standard_that_no_option_asks_for_is_refused():
    with pytest.raises(so.InputError, match="no rule in any option's model is called 'limits'"):
        so.options(so.load("tiny"), overrides={"standards.limits.most": "15"})


def test_ctrl_c_keeps_the_options_that_are_done():
    cancel = threading.Event()

    def tell(step):
        if step.number == 3:
            cancel.set()

    found = so.options(so.load("tiny"), tell=tell, cancel=cancel)
    assert found.stopped
    assert [pair.option for pair in found.pairs] == ["support-officers"]


def test_a_council_without_options_is_refused():
    council = so.load("tiny").model_copy(update={"options": {}})
    with pytest.raises(so.InputError, match="declares no options"):
        so.options(council)


@pytest.mark.parametrize(
    ("edges", "rounding", "edge"),
    [
        ("20-21", {"decimals": 0}, "21.5"),  # 21.5 is printed as 22
        ("< 21", {"decimals": 0}, "20.5"),
        ("< 21.5", {"decimals": 0}, "21.5"),  # 21 is the last one printed below 21.5
        ("20-21", {"decimals": 1}, "21.05"),
        ("20-21", None, "21"),
    ],
)
def test_the_edge_of_the_manageable_band_is_where_the_next_figure_is_printed(edges, rounding, edge):
    bands = Bands.model_validate({"round_average": rounding, "edges": {"manageable": edges}})
    assert manageable_edge(bands) == Fraction(edge)


def test_of_options_that_rank_alike_the_papers_own_counts_as_first():
    plan = plan_of("tiny")
    pairs = tuple(Pair(n, None, Choice(n, n, "best", plan), ()) for n in ("other", "own"))
    found = OptionsTable("tiny", Choice("none", "none", "nothing", plan), pairs, "own")
    assert set(found.ranks.values()) == {1}
    assert (found.best.option, found.explained) == ("own", ())
