"""Every mistake of :mod:`mutants` is found by verification, by hand arithmetic or by trying all."""

from __future__ import annotations

from fractions import Fraction

import pytest

import brute_force as bf
import brute_people as bp
import brute_turnover as bt
import compiled
import staffopt as so
import test_brute_people as people
import test_brute_turnover as turnover
import test_brute_workload as workload
import test_case_flow as flow
import test_cases_over_time as over_time
import test_managed_teams as relief
import test_managed_there as there
from mutants import LOOSENING, TIGHTENING, Case
from staffopt.desk import Desk
from staffopt.instance.staff import RoleKind
from staffopt.model.schema import Goal
from staffopt.rulebook import (
    KeepAverageCaseload,
    KeepExistingPosts,
    KeepSupportRatio,
    LimitChange,
    LimitSpanOfControl,
    StayWithinBudget,
)
from test_brute_force import COUNCILS, instance_of

TRIED = [
    *(f"ratio {seed}" for seed in range(4)),
    "caseload none scope",
    "caseload posts_nearest team",
    "caseload printed(0) scope",
    "bands 0",
    "bands 1",
    "bands 3",
    "mix 0",
    "mix 1",
    "mix 2",
    "ceiling on a ratio 0",
    "ceiling on a mix 0",
]

WORKLOAD = [
    *(f"split {seed}" for seed in (0, 1, 2, 4, 5, 6, 7, 8, 9, 10)),
    "counted posts none",
    "counted in_post none",
    "counted adjusted printed(1)",
    "bands served",
    *(f"bands {seed}" for seed in (0, 1, 2, 3, 5, 7, 9, 16)),
]


PEOPLE = [0, 5, 8, 9, 11, 33, 72, 102, 115, 133]
"""Councils of :mod:`test_brute_people`."""

TURNOVER = [5, 10, 13, 19, 24]
"""Councils of :mod:`test_brute_turnover`."""

F = Fraction
ELSEWHERE = KeepExistingPosts(label="keep", scope=("south", "office"))
COST_OF_WORKERS = {"goals": (Goal(minimise="cost"),), "may_change": (RoleKind.CASE_HOLDER,)}


def question(council, **asking):
    return Desk(council, so.models(), so.Request(**asking)).question


def by_hand():
    """Ask tiny's options, whose goal values are worked out in instances/tiny.md."""
    tiny = so.load("tiny")
    figures = {
        "support-officers": ("48000", "2"),
        "social-workers": ("80000", "20", "2"),
        "best-mix": ("52000", "22", "3/2"),
        "officers-and-project": ("93000", "3"),
    }
    for option, values in figures.items():
        yield Case(question(tiny, option=option), tuple(map(Fraction, values)))
    # North's officers pinned at 2 instead of 1.5: 2.5 FTE added, £60,000
    pinned = question(
        tiny.where({"pins.posts.north.support_officer": 2}), option="support-officers"
    )
    yield Case(pinned, (Fraction(60000), Fraction(5, 2)))
    # The reserve pays £23,500 and £22,500: £23,499 in 2026/27 is too little, so there is no plan.
    for year, ceiling in (("2026/27", 23499), ("2027/28", 22499)):
        short = tiny.where({f"funds.reserve.ceiling.{year}": ceiling})
        yield Case(question(short, option="officers-and-project"), None)
    # The default option costs £26,000 and £48,000: that much is enough, and a pound less is not.
    enough = (Fraction(48000), Fraction(2))
    for first, second, values in (
        (26000, 48000, enough),
        (25999, 48000, None),
        (26000, 47999, None),
    ):
        ceilings = {"2026/27": first, "2027/28": second}
        held = tiny.where({"funds.growth.ceiling": ceilings})
        yield Case(question(held, option="support-officers"), values)
    # Two social workers are needed: two recruits are enough, and one is not.
    for limit, values in ((2, ("80000", "20", "2")), (1, None)):
        supply = {"standards.limit_recruitment.limit": limit}
        asked = question(tiny, option="social-workers", overrides=supply)
        yield Case(asked, values and tuple(map(Fraction, values)))
    yield from softened_by_hand(tiny)
    yield from managed_by_hand()
    # Without any kind of post that may change, there is nothing to pay.
    yield Case(question(tiny, option="do-nothing"), (Fraction(0),))


def softened_by_hand(tiny):
    """186 ÷ 20 − 8 = 1.3 posts are missing: none, one and two added leave 1.3, 0.3 and 0 short."""
    soft = {
        "standards.keep_average_caseload.rounding": "none",
        "standards.keep_average_caseload.soften.price": 100_000,
    }
    # 130,000; 40,000 + 30,000; 80,000. To North: 20 and 22; to South: 24 and 16.5.
    one = tuple(map(Fraction, ("70000", "22", "1")))
    yield Case(question(tiny, option="social-workers", overrides=soft), one)
    # One costs 40,000 × 6/12 + 1,000 = 21,000, then 40,000: penalties are in no ceiling.
    enough = {**soft, "funds.growth.ceiling": {"2026/27": 21_000, "2027/28": 40_000}}
    yield Case(question(tiny.where(enough), option="social-workers"), one)
    # From 40,000 ÷ 0.3 on, the second post is worth its cost.
    dear = {**soft, "standards.keep_average_caseload.soften.price": 140_000}
    two = tuple(map(Fraction, ("80000", "20", "2")))
    yield Case(question(tiny, option="social-workers", overrides=dear), two)


def managed_by_hand():
    """One relief team from October, £61,500 for three months, all of them in 2026/27."""
    asked = relief.question(required=True, starts=["2026-10"], at_once=1)
    one = tuple(map(Fraction, (61_500, 61_500, 61_500, 1)))
    yield Case(relief.replace_ceiling(asked, 61_500), one)
    yield Case(relief.replace_ceiling(asked, 61_499), None)
    # One that is there already costs its base budget £41,000, whatever is decided.
    for ceiling, values in ((41_000, (0, 0, 41_000, 0)), (40_999, None)):
        running = there.question(base=ceiling)
        yield Case(running, values and tuple(map(Fraction, values)))


def by_trying():
    """Ask random councils, of which every plan is tried."""
    for name in TRIED:
        council = COUNCILS[name]
        asked = question(instance_of(council), model=council.model)
        yield Case(asked, bf.best(council))


def of_workload():
    """Ask random councils whose cases are split, counted or banded."""
    for name in WORKLOAD:
        with workload.desk(workload.COUNCILS[name]) as asked:
            yield Case(asked.question, workload.answer_of(name))


def of_people():
    """Ask how posts are filled, of small councils of which every way is tried, and by hand."""
    for seed in PEOPLE:
        drawn = people.council(seed)
        with people.question(drawn) as asked:
            yield Case(asked.question, bp.best(drawn))
    # Tiny's vacancies: 0.5 FTE of agency staff more at £25,000; instances/tiny-agency.md.
    vacancies = so.load("tiny-agency")
    yield Case(question(vacancies, option="fill"), tuple(map(Fraction, (12_500, 48, 7))))
    # The growth fund pays North's 1.0 FTE more, £25,000 a year; what South saves relaxes nothing.
    short = vacancies.where({"funds.growth.ceiling": 24_999})
    yield Case(question(short, option="fill"), None)
    yield from of_heads()
    yield from of_changes()


def of_cases_over_time():
    """Ask random councils whose cases vary from month to month, of which every plan is tried."""
    for number, seed in ((0, 0), (1, 1), (2, 2)):
        yield Case(over_time.desk_of(number, seed).question, over_time.best(number, seed))


def of_turnover():
    """Ask who joins over a few months, of small teams of which every way is tried, and by hand."""
    for seed in TURNOVER:
        drawn = turnover.council(seed)
        with turnover.question(drawn) as desk:
            yield Case(desk.question, bt.best(drawn))
    # Three joiners and 1.000472 missing at £2,000; instances/tiny-turnover.md.
    yield Case(question(so.load("tiny-turnover"), option="recruit"), (F("6000.944"), F(3)))


def of_flow():
    """Ask small councils whose cases come and go, of which every plan is tried."""
    for number, seed in ((0, 2), (2, 1)):
        with flow.desk_of(number, seed) as asked:
            yield Case(asked.question, flow.best(number, seed))
    # 50 and 26 a month; four people close 5 each by the rule's figure: 56 and 62
    team = {"name": "North", "cases": 50, "posts": {"worker": 4}}
    team["flow"] = {"arrivals": {"figure": 26}}
    wanted = flow.model({"flow_cases": {"closures_per_fte": 5}}, "open_cases", may_change=())
    with Desk(flow.council({"north": team}, 2), {"flow": wanted}, so.Request(model="flow")) as desk:
        yield Case(desk.question, (F(118),))


def of_heads():
    """3 FTE of officers, 1.5 in each team, are 4 heads, and a lead leads 3 of either."""
    ratio = KeepSupportRatio(label="ratio", ratio="2.6667", scope=("north", "south"))
    # 2.0 FTE of officers are added for 48,000; a lead costs 36,000, and half of one is a head.
    for measure, step, cost in (("fte", 1, 48_000), ("heads", 1, 84_000), ("heads", "0.5", 66_000)):
        span = LimitSpanOfControl(
            label="span", managers="support_lead", staff="support", span=3, measure=measure
        )
        goals = (Goal(minimise="full_year_cost"),)
        roles = {"lead": {"step": step}}
        yield Case(compiled.ask(compiled.KEEP, ratio, span, goals=goals, roles=roles), (F(cost),))
    # Two chiefs of the lead's kind lead nobody: a second lead is needed for the fourth head.
    roles = {"lead": {"tags": ["front"]}, "chief": {"kind": "support_lead", "cost": 1}}
    tables = {"roles": roles, "teams": {"office": {"posts": {"chief": 2}}}}
    front = span.model_copy(update={"tag": "front"})
    yield Case(compiled.ask(compiled.KEEP, ratio, front, goals=goals, **tables), (F(84_000),))


def of_changes():
    """Two workers are wanted at 20 cases each, at £100,000 a year for each that is missing.

    In the half year 2024/25 a worker costs 20,000 and 1,000 once; a worker who is missing, 50,000.
    """
    wanted = KeepAverageCaseload.model_validate(
        {"label": "average", "target": 20, "scope": "north", "soften": {"price": 100_000}}
    )
    first = {"2024/25": 21_000}  # enough for one worker and no more
    pays = {"added_posts": ["all"]}
    for limits, ceiling, cost in (
        ({}, "unlimited", 122_000),  # two at once: 42,000 + 80,000
        ({"most": 1}, "unlimited", 152_000),  # one, then two: 21,000 + 50,000 + 1,000 + 80,000
        ({}, first, 152_000),
        ({"times": 2}, first, 152_000),
        ({"times": 1}, first, 182_000),  # none, then two: 2 × 50,000 + 2,000 + 80,000
        ({"times": 0}, first, 300_000),  # none at all
        ({"least": 2}, first, 182_000),
        ({"least": 3}, first, 223_000),  # none, then three: 100,000 + 3,000 + 120,000
    ):
        limit = LimitChange.model_validate({"label": "change", **limits})
        tables = {
            "calendar": {"periods": "financial_years"},
            "teams": {"north": {"cases": 120}},
            "funds": {"growth": {"name": "Growth", "pays_for": pays, "ceiling": ceiling}},
        }
        budget = StayWithinBudget(label="budget")
        for keep in (compiled.KEEP, ELSEWHERE):
            asked = compiled.ask(keep, wanted, limit, budget, **COST_OF_WORKERS, **tables)
            yield Case(asked, (F(cost),))
    # 60 cases need three: a cut saves 40,000 × 18/12, and two would miss one at 150,000.
    for limits, cost in (({}, -60_000), ({"least": 2}, 0)):
        limit = LimitChange.model_validate({"label": "change", **limits})
        tables = {"teams": {"north": {"cases": 60}}}
        yield Case(compiled.ask(ELSEWHERE, wanted, limit, **COST_OF_WORKERS, **tables), (F(cost),))


@pytest.fixture(scope="module")
def cases():
    return [
        *by_hand(),
        *by_trying(),
        *of_workload(),
        *of_people(),
        *of_turnover(),
        *of_cases_over_time(),
        *of_flow(),
    ]


def test_without_a_mistake_every_question_has_its_answer(cases):
    assert [case.question.instance.instance for case in cases if not case.survives()] == []


@pytest.mark.parametrize("name", LOOSENING)
def test_a_mistake_that_loosens_is_found(name, cases, monkeypatch):
    LOOSENING[name](monkeypatch)
    assert any(not case.survives() for case in cases)


@pytest.mark.parametrize("name", TIGHTENING)
def test_a_mistake_that_tightens_is_found(name, cases, monkeypatch):
    TIGHTENING[name](monkeypatch)
    assert any(not case.survives() for case in cases)
