"""Rolling on with cases that come and go, and with a managed team that was there already."""

from __future__ import annotations

import staffopt as so


def test_open_cases_are_those_that_the_plan_leaves_and_arrivals_go_on_as_they_would():
    council = so.load("tiny-flow").where({"teams.duty.flow.arrivals.growth": "0.6"})
    # 60 in April, 63 in May, 66 in June and 69 in July: 5% of 60 more each month
    plan = so.solve(council, isolation="inline", cross_check=False)
    left = so.state(plan, "2026-06").instance
    before = {f.team: f.open for f in plan.figures.case_flow if f.period == "2026-05"}
    assert {name: team.cases for name, team in left.teams.items()} == before
    arrivals = left.teams["duty"].flow.arrivals
    months = left.calendar.months
    assert [arrivals.in_month(months[0], month) for month in months] == [66, 69]
    rolled = so.roll(plan, "2026-06").plan
    later = [(f.team, f.period, f.open) for f in plan.figures.case_flow if f.period >= "2026-06"]
    assert [(f.team, f.period, f.open) for f in rolled.figures.case_flow] == later


def test_a_managed_team_that_has_left_is_there_no_more():
    plan = so.solve(so.load("tameside-2022"), isolation="inline", cross_check=False)
    assert not so.state(plan, "2023-04").instance.managed_teams


def test_a_managed_team_at_work_stays_as_long_as_it_was_extended_and_costs_nothing_new():
    plan = so.solve(so.load("tameside-2022"), isolation="inline", cross_check=False)
    left = so.state(plan, "2022-12")
    (there,) = left.instance.managed_teams.values()
    # from April for six months and six more: to March, £42,500 of each of these months is bound
    assert (str(there.there_since), there.months) == ("2022-04", 12)
    assert left.committed["reserves", "2022/23"] == 255_000
    rolled = so.roll(plan, "2022-12").plan
    assert rolled.goals[0].value == 0

    def carried(found):
        figures = (f for f in found.figures.caseloads if f.basis == "others")
        return {f.period: f.average for f in figures if "2022-12" <= f.period < "today"}

    assert carried(rolled) == carried(plan)
    assert len(carried(plan)) == 5
