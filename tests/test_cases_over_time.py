"""Rules and goals on cases that vary from month to month: rows by hand, and every plan tried."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

import staffopt as so
from compiled import KEEP, ask, compiled, rows
from staffopt.build import build
from staffopt.desk import Desk
from staffopt.instance.schema import Instance
from staffopt.keeper import Keeper
from staffopt.model.schema import Goal, Model
from staffopt.plan import Decisions, PostDecision, Verdict
from staffopt.reporting.text import render
from staffopt.rulebook import ChooseBand, HoldEveryCase, KeepAverageCaseload
from staffopt.verifier import check_decisions, derive, goal_value

QUARTER = {"start": "2024-10", "end": "2024-12", "periods": "months"}
MONTHS = ("2024-10", "2024-11", "2024-12")
NORTH = {"cases_over_time": {"series": {"2024-11": 126, "2024-12": 84}}}
"""North has 100 cases in October, 126 in November and 84 in December, and 4 FTE; South 60 and 4."""
BANDS = {
    "round_average": {"decimals": 0},
    "edges": {"low": "< 16", "fine": "16-20", "high": "> 20"},
    "manageable": "fine",
}
OVER_TIME = {"calendar": QUARTER, "teams": {"north": NORTH}}


def rule(kind, **parameters):
    return kind.model_validate({"label": kind.name, **parameters})


def average(**parameters):
    return rule(KeepAverageCaseload, target=20, **parameters)


def least(program, block):
    """Return what each row's activity is at least."""
    return {cell: bounds[1] for cell, bounds in rows(program, block).items()}


@pytest.mark.parametrize(
    ("rounding", "needs"),
    [
        # 5, 6.3 and 4.2 FTE are needed of 4; of posts the need is rounded, and no fewer than none
        ("none", (1, 3, 1)),
        ("posts_nearest", (1, 2, 0)),
        ("posts_up", (1, 3, 1)),
        # printed 20 is below 20.5: more than 4.88, 6.15 and 4.10 FTE
        ("printed(0)", (1, 3, 1)),
    ],
)
def test_every_month_needs_fte_for_its_own_cases(rounding, needs):
    program = compiled(average(scope="north", each="team", rounding=rounding), **OVER_TIME)
    found = least(program, "keep_average_caseload")
    assert found == {f"north,{m}": need for m, need in zip(MONTHS, needs, strict=True)}


def test_a_pool_needs_fte_for_the_cases_of_its_month():
    program = compiled(average(each="scope", rounding="none"), **OVER_TIME)
    # 160, 186 and 144 cases ÷ 20 = 8, 9.3 and 7.2, on 8 FTE: rounded up to whole posts
    assert least(program, "keep_average_caseload") == dict(zip(MONTHS, (0, 2, 0), strict=True))


def test_a_band_is_another_interval_in_every_month():
    band = rule(ChooseBand, scope="north", forbid=["high"])
    program = compiled(band, bands=BANDS, **OVER_TIME)
    found = rows(program, "choose_band least FTE")
    # below 20.5: 5 FTE (4.88), 7 (6.15) and 5 (4.10); the rows are FTE - Σ least · β ≥ -4
    for month, fte in zip(MONTHS, (5, 7, 5), strict=True):
        terms, lower, _ = found[f"north,{month}"]
        assert (terms[f"in_band[north,{month},fine]"], lower) == (-fte, -4)


def test_every_month_holds_its_own_cases():
    held = rule(HoldEveryCase, scope="north")
    found = rows(compiled(held, **OVER_TIME), "hold_every_case at most all")
    # cases less what roles hold is at least 0: what they hold is at most the month's cases
    assert {cell: bounds[1] for cell, bounds in found.items()} == {
        f"north,{month}": -cases for month, cases in zip(MONTHS, (100, 126, 84), strict=True)
    }


def test_cases_off_the_quantum_in_any_month_are_refused():
    course = {"calendar": QUARTER, "teams": {"north": {"cases_over_time": {"growth": "0.1"}}}}
    half = {**course["teams"]["north"]["cases_over_time"], "multiple": "0.5"}
    with pytest.raises(so.InputError, match="multiples of 1"):
        compiled(
            rule(HoldEveryCase, scope="north"),
            calendar=QUARTER,
            teams={"north": {"cases_over_time": half}},
        )
    compiled(rule(HoldEveryCase, scope="north"), **course)


def decided(question, *added):
    return Decisions(
        posts=tuple(
            PostDecision(team="north", role="worker", period=month, change=Fraction(fte))
            for month, fte in zip(MONTHS, added, strict=True)
        )
    )


@pytest.mark.parametrize(
    ("added", "broken"),
    [
        ((1, 3, 3), []),  # 20, 18 and 12
        ((1, 2, 2), ["2024-11"]),  # 126 ÷ 6 = 21
        ((0, 2, 2), ["2024-10", "2024-11"]),
    ],
)
def test_the_verifier_looks_at_every_month(added, broken):
    question = ask(KEEP, average(scope="north", each="team"), **OVER_TIME)
    found = check_decisions(question, decided(question, *added))
    assert [f.period for f in found if f.verdict is Verdict.BROKEN] == broken


def test_figures_show_the_average_of_every_month():
    question = ask(KEEP, **OVER_TIME)
    figures = derive(question, decided(question, 1, 2, 2))
    north = {f.period: (f.cases, f.average) for f in figures.caseloads if f.of == "north"}
    assert north == {"today": (100, 25)} | {
        month: (cases, Fraction(cases, fte))
        for month, cases, fte in zip(MONTHS, (100, 126, 84), (5, 6, 6), strict=True)
    }
    worst = Goal.model_validate({"minimise": "worst_caseload", "scope": "north"})
    assert goal_value(question, figures, worst) == 21


# Every plan there is, of councils with one role whose posts cost £30,000 a year.


def random_council(seed):
    """Draw open cases and posts of two teams over three months."""
    rng = random.Random(f"over time {seed}")
    return {
        team: ([rng.randint(20, 60) for _ in MONTHS], rng.randint(1, 3))
        for team in ("north", "south")
    }


def council_of(drawn):
    teams = {
        team: {
            "name": team,
            "cases": 40,
            "posts": {"worker": posts},
            "cases_over_time": {"series": dict(zip(MONTHS, cases, strict=True))},
        }
        for team, (cases, posts) in drawn.items()
    }
    return Instance.model_validate(
        {
            "schema_version": 1,
            "instance": "random",
            "title": "Random",
            "calendar": QUARTER,
            "roles": {"worker": {"kind": "case_holder", "step": 1, "cost": 30000}},
            "teams": teams,
            "bands": BANDS,
        }
    )


def plans(drawn, most=5):
    """Every way to add up to five posts a team that are never cut again."""
    ways = [a for a in product(range(most + 1), repeat=3) if a[0] <= a[1] <= a[2]]
    for chosen in product(ways, repeat=2):
        yield {
            team: [(cases[i], posts + added[i], added[i]) for i in range(3)]
            for (team, (cases, posts)), added in zip(drawn.items(), chosen, strict=True)
        }


def values(plan, goals):
    cells = [cell for months in plan.values() for cell in months]
    edge = Fraction(41, 2)  # printed 20 or less is below 20.5
    measures = {
        "full_year_cost": sum(30000 * months[-1][2] for months in plan.values()),
        "worst_caseload": max(Fraction(cases, fte) for cases, fte, _ in cells),
        "cases_above_band": sum(max(0, cases - edge * fte) for cases, fte, _ in cells),
        "change_from_today": sum(added for _, _, added in cells),
    }
    return tuple(measures[goal] for goal in goals)


ORDERS = [
    (
        {"keep_average_caseload": {"target": 18, "each": "team"}},
        ("full_year_cost", "worst_caseload"),
    ),
    (
        {"keep_average_caseload": {"target": 16, "each": "scope"}},
        ("full_year_cost", "cases_above_band", "change_from_today"),
    ),
    (
        {"choose_band": {"forbid": ["high"]}},
        ("full_year_cost", "change_from_today"),
    ),
]


def allowed(plan, rules):
    if "choose_band" in rules:
        return all(2 * c < 41 * fte for months in plan.values() for c, fte, _ in months)
    target = rules["keep_average_caseload"]["target"]
    if rules["keep_average_caseload"]["each"] == "team":
        return all(c <= target * fte for months in plan.values() for c, fte, _ in months)
    return all(
        sum(months[i][0] for months in plan.values())
        <= target * sum(months[i][1] for months in plan.values())
        for i in range(3)
    )


BRUTE = so.Request(model="brute", isolation="inline", cross_check=False)


def desk_of(number, seed):
    """Ask the engine one of the questions."""
    rules, goals = ORDERS[number]
    model = {
        "schema_version": 1,
        "model": "brute",
        "title": "Brute",
        "may_change": ["case_holder"],
        "rules": {"keep_existing_posts": {}, **rules},
        "goals": [{"minimise": goal} for goal in goals],
    }
    council = council_of(random_council(seed))
    return Desk(council, {"brute": Model.model_validate(model)}, BRUTE)


def best(number, seed):
    """Return the goals of the best plan of all there are."""
    rules, goals = ORDERS[number]
    return min(values(plan, goals) for plan in plans(random_council(seed)) if allowed(plan, rules))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("number", range(len(ORDERS)))
def test_no_plan_of_all_there_are_is_better(seed, number):
    plan = desk_of(number, seed).solve()
    assert tuple(goal.value for goal in plan.goals) == best(number, seed)
    assert so.verify(plan).ok


def test_a_program_with_cases_over_time_is_built_again_and_never_patched():
    rules = (KEEP, average(scope="north", each="team"))
    keeper = Keeper()
    keeper.program(ask(*rules, **OVER_TIME))
    changed = ask(*rules, calendar=QUARTER, teams={"north": {**NORTH, "cases": 140}})
    program, making = keeper.program(changed)
    assert making.how == "rebuilt"
    assert np.array_equal(program.matrix.row_lower, build(changed).matrix.row_lower)


def test_the_report_tells_when_cases_are_highest_and_when_caseloads_are():
    plan = Desk(
        council_of({"north": ([40, 60, 50], 3), "south": ([30, 30, 30], 2)}), so.models(), TARGET
    ).solve()
    lines = render(plan).splitlines()
    head = next(i for i, line in enumerate(lines) if line.startswith("Over time"))
    # 40 on 3, then 60 on 4 = 15 and 50 on 4; South has 30 on 2 = 15 from the first month on
    assert lines[head + 1].split() == (
        ["north", "40", "60", "Nov", "2024", "50", "13.33", "15.00", "Nov", "2024", "12.50"]
    )
    assert max(map(len, lines)) <= 100


TARGET = so.Request(
    model="caseload-target",
    overrides={"standards.keep_average_caseload": {"target": 15, "each": "team"}},
    isolation="inline",
    cross_check=False,
)
