"""The bridge adds up, from what posts of today cost to what is paid with the plan."""

from staffopt.reporting.bridge import bridge_chart, bridge_steps
from staffopt.reporting.pictures import money_chart


def test_the_paper_s_posts_lead_from_today_s_cost_to_that_of_the_plan(recommended):
    # Base budget today: 20.5 SWSO × 26,776 + 2 Seniors × 31,613 = 548,908 + 63,226 = 612,134.
    # Added (9): 20.5 × 26,776 = 548,908 and 1 × 31,613; 612,134 + 548,908 + 31,613 = 1,192,655.
    assert bridge_steps(recommended) == [
        ("Posts of today", 612_134),
        ("SWSO", 548_908),
        ("Senior", 31_613),
        ("With the plan", 1_192_655),
    ]
    # The new money of a full year, as the plan sums it.
    assert recommended.money["contingency", "full year"].raw == 1_192_655 - 612_134


def test_what_cuts_save_is_a_step_down(make_plan):
    plan = make_plan(
        {("dcpt", "swso"): -2, ("assessment", "swso"): 3},
        changes={"standards.keep_existing_posts": {}},
    )
    # 3 × 26,776 = 80,328; 2 × 26,776 = 53,552.
    assert bridge_steps(plan)[1:-1] == [
        ("SWSO", 80_328),
        ("Saved: SWSO", -53_552),
    ]
    assert [point.label for point in bridge_chart(plan).series[0].points][1:3] == [
        "+£80,328",
        "-£53,552",
    ]


def test_there_is_none_where_a_cost_is_not_known_or_nothing_changes(make_plan):
    unknown = make_plan({("assessment", "swso"): 3}, changes={"roles.swso.cost": "unknown"})
    assert bridge_steps(unknown) is None
    assert bridge_chart(make_plan({})) is None
    assert money_chart(make_plan({})) is None
