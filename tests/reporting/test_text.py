"""The report of a plan; expected lines are written by hand from the paper's figures."""

from fractions import Fraction

import pytest

from staffopt.plan import Finding, Grade, Verdict
from staffopt.reporting.text import render

EIGHTEEN = {
    ("assessment", "social_worker"): 9,
    ("cds", "social_worker"): 3,
    ("dcpt", "social_worker"): 6,
}


FUND = "FUND 20.5 support officers (SWSO) and 1 Senior permanently, and the two-year project team."


def line_with(text, *parts):
    """Return the one line that holds every part, blanks squeezed."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    found = [line for line in lines if all(part in line for part in parts)]
    assert len(found) == 1, (parts, found)
    return found[0]


def test_the_report_opens_with_the_decision_and_its_cost(recommended):
    # 9: 548,908 + 31,613 = 580,521; 14: 326,656 a year; 22 × 1,100 + 8 × 1,100 = 33,000.
    assert render(recommended).splitlines()[:4] == [
        "Nottinghamshire 2018 · option recommended (support-and-project) · Oct 2018 – Mar 2021",
        "",
        FUND,
        "£580,521 a year for good; £326,656 a year for two years; £33,000 set-up once.",
    ]


def test_the_posts_table_shows_today_plan_and_change(recommended):
    text = render(recommended)
    assert line_with(text, "Assessment", "SWSO", "9.0") == "Assessment SWSO 0.0 9.0 +9.0"
    assert line_with(text, "District Child Prot.", "13.0").endswith("13.0 23.5 +10.5")
    assert line_with(text, "Looked After Children", "4.5").endswith(
        "4.5 4.5 – outside the 1:4 standard"
    )
    assert line_with(text, "Project team", "posts") == (
        "Project team 7 posts – 7.0 +7.0 Oct 2018 – Sep 2020, all or none"
    )


def test_roles_that_do_not_change_are_left_out(recommended):
    table = render(recommended).split("Posts, FTE")[1].split("\n\n")[0]
    assert "ocial worker" not in table


def test_the_end_state_is_41_officers(recommended):
    # Recommendations: 36.5 + 4.5 = 41, from 20.5.
    assert line_with(render(recommended), "All teams", "SWSO") == "All teams SWSO 20.5 41.0 +20.5"


def test_caseloads_stand_exact_and_as_printed_with_their_bands(recommended):
    text = render(recommended)
    # 927 ÷ 36 = 25.75. With time released: 36 newly served × 6.5 ÷ 37 = 6.324; 927 ÷ 42.324 = 21.90
    assert line_with(text, "25.75") == "Assessment 25.75 (26) likely high 21.90 (22) likely high"
    assert line_with(text, "21.85").startswith("District Child Prot. 21.85 (22) likely high")


def test_money_stands_by_fund_and_year(recommended):
    text = render(recommended)
    assert line_with(text, "Money, £") == "Money, £ 2018/19 2019/20 2020/21 full year after"
    assert line_with(text, "Contingency 3") == "Contingency 314,461 580,521 580,521 580,521"
    assert line_with(text, "Strategic") == "Strategic Development Fund 172,128 326,656 163,328 –"
    assert line_with(text, "New money") == "New money 486,589 907,177 743,849 580,521"
    assert line_with(text, "Already in") == (
        "Already in base budget: 22.5 FTE, £612,134 a year, unchanged"
    )


def test_what_decides_names_sources_and_assumptions(recommended):
    assert line_with(render(recommended), "What decides") == (
        "What decides: 1 SWSO : 4 social workers in each team (9); 1 Senior : 14 SWSO (assumed)."
    )


def test_the_footnote_tells_the_released_time(recommended):
    assert line_with(render(recommended), "(a) 6.5").startswith(
        "(a) 6.5 hours a week per social worker newly served (8), 37-hour week (assumed)"
    )


def test_teams_that_stay_above_the_band_are_named(recommended):
    warnings = render(recommended).split("Look at\n")[1].split("What decides")[0]
    assert warnings.startswith(" ! ")
    assert "Assessment 22 (likely high)" in " ".join(warnings.split())


def test_the_last_lines_give_grade_place_and_next_step(recommended):
    lines = render(recommended, saved="plan-3f9c2a.json").splitlines()
    claim = "Least cost CROSS-CHECKED (highspy, CBC) · every rule and pound verified"
    assert lines[-2] == f"{claim} · saved plan-3f9c2a.json"
    command = "staffopt solve nottinghamshire-2018 --option more-social-workers"
    assert lines[-1] == f"Next: {command}   (paper: 18 posts, £776,000)"


@pytest.mark.parametrize(
    "change", [{"teams.assessment.cases": 1000}, {"standards.keep_support_ratio.ratio": 5}]
)
def test_the_papers_figures_are_not_set_beside_others(make_plan, change):
    last = render(make_plan({}, changes=change)).splitlines()[-1]
    assert last == "Next: staffopt solve nottinghamshire-2018 --option more-social-workers"


def test_the_papers_figures_are_not_set_beside_a_scenarios(make_plan):
    plan = make_plan({})
    text = render(plan.model_copy(update={"inputs": {**plan.inputs, "scenario": "more-cases"}}))
    assert text.splitlines()[-1].endswith("--option more-social-workers")


def test_no_line_is_wider_than_a_hundred_columns(recommended, make_plan):
    for plan in (recommended, make_plan(EIGHTEEN, option="more-social-workers")):
        assert max(map(len, render(plan, saved="plan-3f9c2a.json").splitlines())) <= 100


def test_a_plan_that_changes_nothing_says_so(make_plan):
    text = render(make_plan({}, option="do-nothing"))
    assert "FUND nothing new: every post stays as it is today." in text
    assert "Money: nothing new is spent." in text
    assert line_with(text, "Assessment", "Social worker") == "Assessment Social worker 36.0 36.0 –"


def test_a_fund_that_is_not_named_and_an_unknown_cost_are_shown(make_plan):
    text = render(make_plan(EIGHTEEN, option="more-social-workers"))
    # 18 × 43,111.11 = 775,999.98; equipment is not printed.
    assert "£776,000 a year for good; the set-up paid once is not known." in text
    assert line_with(text, "Fund not named") == "Fund not named 388,000+ 776,000 776,000 776,000"
    assert "+ means at least: not known is the set-up of social workers." in text


def test_new_social_workers_show_in_the_caseloads(make_plan):
    text = render(make_plan(EIGHTEEN, option="more-social-workers"))
    # 927 ÷ 45 = 20.6; 3,370 ÷ 164 = 20.55
    assert line_with(text, "25.75").endswith("20.60 (21) manageable")
    assert line_with(text, "Frontline (pooled)").endswith("20.55 (21) manageable")


def test_a_target_missed_by_policy_is_told_with_posts_and_average(make_plan):
    missed = Finding(
        rule="keep_average_caseload",
        verdict=Verdict.MISSED_BY_POLICY,
        words="18 FTE added, 18.39 needed; average 20.55, target 20.5",
        by=Fraction("0.39"),
        unit="FTE",
    )
    text = render(make_plan(EIGHTEEN, option="more-social-workers", findings=(missed,)))
    assert " ! Missed by policy: 18 FTE added, 18.39 needed; average 20.55, target 20.5" in text
    assert "one target missed by policy" in " ".join(text.split())


def test_a_broken_plan_is_never_called_verified(make_plan):
    broken = Finding(rule="pin", verdict=Verdict.BROKEN, words="Assessment: 8 FTE, pinned 9")
    text = render(make_plan({}, findings=(broken,)))
    assert "BROKEN, do not use this plan: Assessment: 8 FTE, pinned 9" in text
    assert "NOT VERIFIED: one rule broken" in text
    assert "every rule and pound verified" not in text


def test_a_feasible_plan_tells_its_gap(make_plan):
    plan = make_plan({}, grade=Grade.FEASIBLE, bound=900000.0, stopped="time limit")
    # 907,177 − 900,000 = 7,177; 7,177 ÷ 907,177 = 0.79%
    text = " ".join(render(plan).split())
    assert "FEASIBLE, not proven best: the full year cost is within £7,177 (0.79%)" in text
    assert "(highspy, CBC; stopped by the time limit)" in text


def test_a_cancelled_plan_says_so(make_plan):
    text = " ".join(render(make_plan({}, grade=Grade.FEASIBLE, stopped="cancelled")).split())
    assert "(highspy, CBC; cancelled)" in text


def test_a_feasible_plan_without_a_bound_claims_nothing(make_plan):
    text = " ".join(render(make_plan({}, grade=Grade.FEASIBLE)).split())
    assert "nothing is known of how much less the full year cost could be" in text


def test_without_bands_the_averages_stand_alone(make_plan):
    plan = make_plan(EIGHTEEN, option="more-social-workers")
    inputs = {**plan.inputs, "instance": dict(plan.inputs["instance"])}
    del inputs["instance"]["bands"]
    text = render(plan.model_copy(update={"inputs": inputs}))
    assert line_with(text, "25.75") == "Assessment 25.75 20.60"
    assert "band" not in text


def test_posts_that_come_in_stages_show_each_stage(make_plan):
    changes = {"calendar.periods": "financial_years"}
    plan = make_plan(
        {
            ("assessment", "swso", "2018/19"): 4,
            ("assessment", "swso", "2019/20"): 9,
            ("assessment", "swso", "2020/21"): 9,
        },
        changes=changes,
    )
    text = render(plan)
    assert line_with(text, "Posts, FTE") == ("Posts, FTE today from Oct 2018 from Apr 2019 change")
    assert line_with(text, "Assessment", "SWSO") == "Assessment SWSO 0.0 4.0 9.0 +9.0"


def test_a_figure_changed_by_hand_is_named(make_plan):
    text = render(make_plan({}, changes={"teams.assessment.cases": 1000}))
    assert "Changed from the file: teams.assessment.cases = 1000" in text


def test_a_plan_that_differs_from_the_paper_says_what_the_paper_prints(make_plan):
    assert "The paper prints another addition: 20.5 SWSO, 1 Senior." in render(make_plan({}))


def test_a_post_that_moves_is_both_added_and_cut(make_plan):
    moved = {("assessment", "social_worker"): 1, ("cds", "social_worker"): -1}
    text = render(make_plan(moved, option="more-social-workers"))
    assert "FUND 1 social worker permanently. CUT 1 social worker." in text


def test_a_cut_is_never_called_funding(make_plan):
    text = render(make_plan({("assessment", "social_worker"): -1}, option="more-social-workers"))
    assert "FUND nothing new. CUT 1 social worker." in text


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("staffopt solve here/mine.yaml --seed 1", "here/mine.yaml"),
        ('staffopt solve "my council.yaml"', '"my council.yaml"'),
        ("", "nottinghamshire-2018"),
    ],
)
def test_the_next_command_names_the_instance_as_it_was_given(make_plan, command, name):
    plan = make_plan({})
    provenance = plan.provenance.model_copy(update={"command": command})
    text = render(plan.model_copy(update={"provenance": provenance}))
    assert f"Next: staffopt solve {name} --option" in text


def test_numbers_that_solvers_go_wrong_on_are_told_below_the_grade_and_only_there(recommended):
    assert "go wrong" not in render(recommended)
    told = recommended.provenance.model_copy(update={"numbers": ("first", "second")})
    shown = render(recommended.model_copy(update={"provenance": told}))
    assert line_with(shown, "wrong") == "Solvers may go wrong on these numbers: first; second."
