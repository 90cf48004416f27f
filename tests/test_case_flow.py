"""Cases that come and go: Little's law, managed teams, and every plan of small councils."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import pytest

import staffopt as so
from staffopt.desk import Desk
from staffopt.instance.schema import Instance
from staffopt.model.schema import Model
from staffopt.reporting.text import render
from staffopt.rulebook import FlowCases

F = Fraction
INLINE = {"isolation": "inline", "cross_check": False}


def council(teams, months, moves=(), **sections):
    """Make a council of social workers at £30,000 a year, month by month from April 2026."""
    first, last = 4, 3 + months
    return Instance.model_validate(
        {
            "schema_version": 1,
            "instance": "flow",
            "title": "Flow",
            "calendar": {
                "start": f"2026-{first:02d}",
                "end": f"2026-{last:02d}",
                "periods": "months",
            },
            "roles": {"worker": {"kind": "case_holder", "step": 1, "cost": 30000}},
            "teams": teams,
            "case_moves": moves,
            **sections,
        }
    )


def model(rules, *goals, may_change=("case_holder",)):
    return Model.model_validate(
        {
            "schema_version": 1,
            "model": "flow",
            "title": "Flow",
            "may_change": may_change,
            "rules": {"keep_existing_posts": {}, **rules},
            "goals": [{"minimise": goal} for goal in goals],
        }
    )


def solved(instance, rules, *goals, **asked):
    wanted = {"flow": model(rules, *goals, **asked)}
    return Desk(instance, wanted, so.Request(model="flow", **INLINE)).solve()


def open_cases(plan, team="north"):
    return [f.open for f in plan.figures.case_flow if f.team == team]


# Little's law: what is open in the steady state is what arrives in a month × months it stays.


@pytest.mark.parametrize(("arrivals", "months"), [(60, 10), (12, 4), (7, 2)])
def test_the_steady_state_agrees_with_little_s_law(arrivals, months):
    """A case stays ten months on average where a tenth of those open is ready each month."""
    steady = arrivals * months
    team = {"name": "North", "cases": steady, "posts": {"worker": 200}}
    team["flow"] = {"arrivals": {"figure": arrivals}, "closure_rate": str(F(1, months) * 1.0)}
    plan = solved(council({"north": team}, 6), {"flow_cases": {}}, "open_cases")
    assert open_cases(plan) == [steady] * 6
    assert {f.closed for f in plan.figures.case_flow} == {arrivals}


def test_what_starts_elsewhere_comes_nearer_the_steady_state_each_month():
    # 60 arrive, a tenth is ready: the distance from 600 shrinks by a tenth a month
    team = {"name": "North", "cases": 1000, "posts": {"worker": 200}}
    team["flow"] = {"arrivals": {"figure": 60}, "closure_rate": "0.1"}
    rules = {"flow_cases": {"quantum": "0.001"}}
    plan = solved(council({"north": team}, 3), rules, "open_cases")
    assert open_cases(plan) == [960, 924, F("891.6")]


def test_where_those_there_close_less_than_comes_the_backlog_grows():
    # 4 FTE close 5 each: 20 of 26 a month
    team = {"name": "North", "cases": 50, "posts": {"worker": 4}}
    team["flow"] = {"arrivals": {"figure": 26}, "closures_per_fte": 5}
    plan = solved(council({"north": team}, 3), {"flow_cases": {}}, "open_cases", may_change=())
    assert open_cases(plan) == [56, 62, 68]


def test_people_who_are_not_there_close_nothing():
    team = {"name": "North", "cases": 50, "posts": {"worker": 4}, "people": {"worker": 3}}
    team["flow"] = {"arrivals": {"figure": 26}, "closures_per_fte": 5}
    plan = solved(council({"north": team}, 2), {"flow_cases": {}}, "open_cases", may_change=())
    assert open_cases(plan) == [61, 72]  # 3 × 5 of 26
    counted = {"flow_cases": {"denominator": "posts"}}
    plan = solved(council({"north": team}, 2), counted, "open_cases", may_change=())
    assert open_cases(plan) == [56, 62]


def test_arrivals_have_growth_seasons_and_series():
    team = {"name": "North", "cases": 0, "posts": {"worker": 4}}
    grown = {"figure": 120, "growth": "0.1", "seasons": {"6": "1.5"}}
    for arrivals, expected in (
        (grown, [120, 121, 183]),  # × 1, × (1 + 0.1 ÷ 12), × (1 + 0.2 ÷ 12) × 1.5
        ({"figure": 9, "series": {"2026-05": 4}}, [9, 4, 4]),
    ):
        team["flow"] = {"arrivals": arrivals, "closures_per_fte": 0}
        plan = solved(council({"north": team}, 3), {"flow_cases": {}}, "open_cases", may_change=())
        assert [f.arriving for f in plan.figures.case_flow] == expected


def test_managed_teams_close_cases_while_they_are_there():
    team = {"name": "North", "cases": 100, "posts": {"worker": 2}}
    team["flow"] = {"arrivals": {"figure": 30}, "closures_per_fte": 5}
    managed = {
        "relief": {
            "name": "Relief",
            "starts": ["2026-05"],
            "months": 1,
            "price": 60000,
            "extension": {"months": 1, "price": 40000},
            "closes": 25,
            "serves": {"north": 1},
        }
    }
    instance = council({"north": team}, 4, managed_teams=managed)
    rules = {"flow_cases": {}, "buy_managed_team": {"extended_by": 1}}
    plan = solved(instance, rules, "full_year_cost", "open_cases", may_change=())
    # 10 are closed by two workers, and 25 more in May and June
    assert open_cases(plan) == [120, 115, 110, 130]


# Rules and goals on what is open.


def test_what_nobody_holds_is_counted_of_open_cases():
    # 3 FTE hold 10 each at most; 45, 50 and 55 are open
    team = {"name": "North", "cases": 40, "posts": {"worker": 3}}
    team["flow"] = {"arrivals": {"figure": 11}, "closures_per_fte": 2}
    rules = {
        "flow_cases": {},
        "hold_every_case": {"unallocated": "unlimited"},
        "respect_caseload_cap": {"cap": 10},
    }
    plan = solved(council({"north": team}, 3), rules, "unallocated_cases", may_change=())
    assert open_cases(plan) == [45, 50, 55]
    nobodys = [f.cases for f in plan.figures.cases if f.held_by == "nobody"]
    assert nobodys == [15, 20, 25]


@pytest.mark.parametrize(
    ("rules", "goals", "why"),
    [
        ({"keep_average_caseload": {"target": 20, "rounding": "posts_up"}}, [], "needs cases"),
        ({"keep_average_caseload": {"target": 20, "rounding": "printed(0)"}}, [], "needs cases"),
        ({"choose_band": {"forbid": ["high"]}}, [], "Declare how far the edge is kept"),
        ({}, ["worst_caseload"], "needs cases"),
        ({"hold_every_case": {}}, [], "leaves at most 0 cases"),
    ],
)
def test_what_would_not_be_linear_is_refused(rules, goals, why):
    team = {"name": "North", "cases": 50, "posts": {"worker": 4}}
    team["flow"] = {"arrivals": {"figure": 5}, "closures_per_fte": 2}
    moves = [{"team": "north", "to_team": "south", "of_open": "0.3"}]
    teams = {"north": team, "south": {"name": "South", "cases": 10, "posts": {"worker": 1}}}
    bands = {"edges": {"low": "< 20", "high": ">= 20"}, "manageable": "low"}
    with pytest.raises(so.InputError, match=why):
        solved(council(teams, 3, moves, bands=bands), {"flow_cases": {}, **rules}, *goals)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"calendar.periods": "one"}, "periods are no months"),
        ({"cases_over_time.growth": "0.1"}, "data say how they run"),
        ({"standards.flow_cases.scope": "north"}, "cases move between"),
    ],
)
def test_what_contradicts_a_flow_is_refused(changes, why):
    teams = {
        name: {"name": name, "cases": 50, "posts": {"worker": 4}} for name in ("north", "south")
    }
    moves = [{"team": "north", "to_team": "south", "cases": 1}]
    with pytest.raises(so.InputError, match=why):
        solved(council(teams, 3, moves).where(changes), {"flow_cases": {}}, "open_cases")


def test_a_goal_of_open_cases_needs_a_flow():
    team = {"name": "North", "cases": 50, "posts": {"worker": 4}}
    with pytest.raises(so.InputError, match="flow_cases"):
        solved(council({"north": team}, 2), {}, "open_cases")


def test_the_report_tells_what_came_and_went():
    team = {"name": "North", "cases": 50, "posts": {"worker": 4}}
    team["flow"] = {"arrivals": {"figure": 26}, "closures_per_fte": 5}
    plan = solved(council({"north": team}, 3), {"flow_cases": {}}, "open_cases", may_change=())
    lines = render(plan).splitlines()
    head = next(i for i, line in enumerate(lines) if line.startswith("Cases come and go"))
    assert lines[head + 1].split() == ["North", "50", "78", "60", "0", "0", "68"]
    assert so.verify(plan).ok


# Every plan there is.


MOST_POSTS = 2


def drawn(seed):
    """Draw two teams, one of which may pass cases on, over two months."""
    rng = random.Random(f"flow {seed}")
    teams = {
        name: {
            "name": name,
            "cases": rng.randint(4, 14),
            "posts": {"worker": rng.randint(1, 2)},
            "flow": {
                "arrivals": {"figure": rng.randint(0, 5)},
                "closures_per_fte": rng.choice([1, 2]),
                **rng.choice([{}, {"closure_rate": "0.25"}, {"closure_rate": "0.5"}]),
            },
        }
        for name in ("duty", "long")
    }
    how = rng.choice([{"of_closed": "0.5"}, {"of_open": "0.25"}, {"cases": 1}, None])
    moves = [{"team": "duty", "to_team": "long", **how}] if how else []
    return teams, moves


TARGET = {"keep_average_caseload": {"target": 6, "each": "team"}}
POOLED = {"keep_average_caseload": {"target": 5, "each": "scope"}}
HELD = {
    "hold_every_case": {"unallocated": "unlimited"},
    "respect_caseload_cap": {"cap": 4},
    "limit_recruitment": {"limit": 1, "staff": "case_holder"},
}
BANDS = {
    "round_average": {"decimals": 0},
    "edges": {"low": "< 4", "fine": "4-6", "high": "> 6"},
    "manageable": "fine",
}
NOT_HIGH = {"choose_band": {"forbid": ["high"], "margin": "0.001"}}
NEITHER_END = {"choose_band": {"forbid": ["low", "high"], "margin": "0.001"}}
PRICED = {"choose_band": {"price": {"low": 50000, "high": 20000}, "margin": "0.001"}}
ASKED = [
    (TARGET, ("full_year_cost", "open_cases")),
    (POOLED, ("full_year_cost", "open_cases")),
    (HELD, ("unallocated_cases", "open_cases", "full_year_cost")),
    (NOT_HIGH, ("full_year_cost", "open_cases")),
    (NEITHER_END, ("full_year_cost", "open_cases")),
    (PRICED, ("full_year_cost", "open_cases")),
]
TRIED = [(number, seed) for number in range(len(ASKED)) for seed in (2, 3)]


def desk_of(number, seed):
    (teams, moves), (rules, goals) = drawn(seed), ASKED[number]
    wanted = {"flow": model({"flow_cases": {}, **rules}, *goals)}
    instance = council(teams, 2, moves, bands=BANDS)
    return Desk(instance, wanted, so.Request(model="flow", **INLINE))


def best(number, seed):
    """Try every way to add posts and to close cases; None if none is allowed."""
    (teams, moves), (rules, goals) = drawn(seed), ASKED[number]
    ways = [w for w in product(range(MOST_POSTS + 1), repeat=2) if w[0] <= w[1]]
    found = None
    for chosen in product(ways, repeat=2):
        added = dict(zip(teams, chosen, strict=True))
        start = {name: F(team["cases"]) for name, team in teams.items()}
        for course in courses(teams, moves, added, start, month=0):
            value = values(teams, rules, added, course)
            if value is not None:
                key = tuple(value[goal] for goal in goals)
                found = key if found is None else min(found, key)
    return found


def courses(teams, moves, added, there, month):
    """Yield what is open at the end of each month, for every way to close cases."""
    if month == 2:
        yield []
        return
    most = {}
    for name, team in teams.items():
        able = team["flow"]["closures_per_fte"] * (team["posts"]["worker"] + added[name][month])
        ready = F(team["flow"].get("closure_rate", 1)) * there[name]
        rated = "closure_rate" in team["flow"]
        most[name] = min(able, int(ready) if rated else able)
    for closed in product(*(range(most[name] + 1) for name in teams)):
        done = dict(zip(teams, closed, strict=True))
        left = {n: there[n] + teams[n]["flow"]["arrivals"]["figure"] - done[n] for n in teams}
        for move in moves:
            going = F(move.get("of_open", 0)) * there["duty"] + move.get("cases", 0)
            left["duty"] -= going
            left["long"] += going + F(move.get("of_closed", 0)) * done["duty"]
        if min(left.values()) >= 0:
            for rest in courses(teams, moves, added, left, month + 1):
                yield [left, *rest]


def values(teams, rules, added, course):
    """Work out the goals; None where a rule is missed."""
    fte = [{n: teams[n]["posts"]["worker"] + added[n][m] for n in teams} for m in range(2)]
    measures = {
        "full_year_cost": 30000 * sum(way[1] for way in added.values()),
        "open_cases": sum(sum(left.values()) for left in course),
        "unallocated_cases": F(0),
    }
    target = rules.get("keep_average_caseload")
    for left, there in zip(course, fte, strict=True):
        if target and target["each"] == "team":
            if any(left[n] > target["target"] * there[n] for n in teams):
                return None
        elif target and sum(left.values()) > target["target"] * sum(there.values()):
            return None
        if "hold_every_case" in rules:
            # cases are held whole: what is left of one is nobody's
            held = (min(int(left[n]), 4 * there[n]) for n in teams)
            measures["unallocated_cases"] += sum(left.values()) - sum(held)
    bands = rules.get("choose_band", {})
    for month, (left, there) in enumerate(zip(course, fte, strict=True)):
        found = [band_of(left[n] / there[n]) for n in teams]
        if {*found} & {*bands.get("forbid", ())}:
            return None
        if month == 1:  # a price is counted in goals of cost as an annual rate, of the last month
            measures["full_year_cost"] += sum(bands.get("price", {}).get(b, 0) for b in found)
    limit = rules.get("limit_recruitment")
    if limit and any(sum(way[m] for way in added.values()) > limit["limit"] for m in range(2)):
        return None
    return measures


def band_of(average):
    """Name the band of an average as it is printed, halves up."""
    printed = int(average + F(1, 2))
    return "low" if printed < 4 else "fine" if printed <= 6 else "high"


@pytest.mark.parametrize(("number", "seed"), TRIED)
def test_no_plan_of_all_there_are_is_better(number, seed):
    plan = desk_of(number, seed).solve()
    assert tuple(goal.value for goal in plan.goals) == best(number, seed)
    assert so.verify(plan).ok


def test_a_plan_s_decisions_give_its_open_cases_by_plain_recursion():
    for number, seed in TRIED[:4]:
        plan, (teams, moves) = desk_of(number, seed).solve(), drawn(seed)
        done = {(d.team, d.period): d.cases for d in plan.decisions.closed}
        there = {name: F(team["cases"]) for name, team in teams.items()}
        for month in ("2026-04", "2026-05"):
            closed = {name: done.get((name, month), F(0)) for name in teams}
            left = {n: there[n] + teams[n]["flow"]["arrivals"]["figure"] - closed[n] for n in teams}
            for move in moves:
                going = F(move.get("of_open", 0)) * there["duty"] + move.get("cases", 0)
                left["duty"] -= going
                left["long"] += going + F(move.get("of_closed", 0)) * closed["duty"]
            there = left
            stored = {f.team: f.open for f in plan.figures.case_flow if f.period == month}
            assert stored == there


def test_the_rule_says_what_it_asks():
    assert FlowCases(label="flow").words == "cases come and go month by month"
