"""Posts of a role that end: two social workers on a grant that ends, by hand and by trying all.

The grant pays for social workers at £42,000 a year, £600 a year for each desk and £1,000 of set-up,
until September 2027: 18 of the 24 months from April 2026 on.
"""

from __future__ import annotations

import random
from copy import deepcopy
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

import staffopt as so
from compiled import session
from staffopt.algebra.solution import Changes, Why
from staffopt.build import build
from staffopt.desk import Desk
from staffopt.instance.schema import Instance
from staffopt.model.schema import Goal, Model
from staffopt.plan import FULL_YEAR, Decisions, PeopleDecision, PostDecision, Verdict
from staffopt.question import Question
from staffopt.request import Request
from staffopt.rulebook import (
    FillPosts,
    KeepExistingPosts,
    LimitChange,
    LimitRecruitment,
    Pin,
    Require,
    Rule,
    StayWithinBudget,
)
from staffopt.verifier import cautions, check_decisions, derive, goal_value

TREE: dict[str, Any] = {
    "schema_version": 1,
    "instance": "grant",
    "title": "A grant that ends",
    "calendar": {"start": "2026-04", "end": "2028-03", "periods": "months"},
    "roles": {
        "worker": {"kind": "case_holder", "cost": 40000},
        "granted": {
            "kind": "case_holder",
            "cost": 42000,
            "non_staffing": 600,
            "set_up": 1000,
            "ends": "2027-09",
        },
    },
    "teams": {
        "north": {"name": "North", "cases": 200, "posts": {"worker": 10}},
        "south": {"name": "South", "cases": 120, "posts": {"worker": 6, "granted": 1}},
    },
    "funds": {
        "grant": {
            "name": "Grant",
            "recurrent": "false",
            "pays_for": {"added_posts": ["granted"], "posts_today": ["granted"]},
            "ends": "2027-09",
        },
    },
}
YEARS = ("2026/27", "2027/28")
COST = Goal.model_validate({"minimise": "full_year_cost"})
LAST_THERE = 18
"""Months from April 2026 to September 2027."""


def asked(*rules: Rule, goals: tuple[Goal, ...] = (COST,), **tables: Any) -> Question:
    tree = deepcopy(TREE)
    for table, entries in tables.items():
        for name, entry in entries.items():
            own = tree.setdefault(table, {}).get(name)
            tree[table][name] = {**own, **entry} if isinstance(own, dict) else entry
    council = Instance.model_validate(tree)
    kinds = tuple(dict.fromkeys(record.kind for record in council.roles.values()))
    return Question(council, "test", "Test", kinds, rules, goals)


def two_for_the_grant(question: Question, months: int = LAST_THERE) -> Decisions:
    labels = [period.label for period in question.instance.calendar.cut()][:months]
    posts = [PostDecision(team="north", role="granted", period=p, change=2) for p in labels]
    return Decisions(posts=tuple(posts))


def pounds(figures: Any, what: str) -> dict[str, Fraction]:
    return {f.year: f.amount.raw for f in figures.money if f.line == what}


def broken(question: Question, decisions: Decisions) -> list[str]:
    found = check_decisions(question, decisions, derive(question, decisions))
    return [f"{f.rule}: {f.words}" for f in found if f.verdict is Verdict.BROKEN]


def test_what_ends_is_paid_for_by_months_until_its_end_and_never_for_good():
    question = asked(KeepExistingPosts(label="keep"), StayWithinBudget(label="budget"))
    decisions = two_for_the_grant(question)
    figures = derive(question, decisions)
    # 2 × 42,000 in 12 months, then in 6 of 12; desks as pay; set-up once; the post of today as well
    assert pounds(figures, "added granted") == {"2026/27": 84000, "2027/28": 42000}
    assert pounds(figures, "non-staffing granted") == {"2026/27": 1200, "2027/28": 600}
    assert pounds(figures, "set-up granted") == {"2026/27": 2000}
    assert pounds(figures, "posts today granted") == {"2026/27": 42000, "2027/28": 21000}
    assert not [f for f in figures.money if f.year == FULL_YEAR and f.amount.raw]
    # a year of them, while they are there: 2 × (42,000 + 600)
    assert goal_value(question, figures, COST) == 85200
    assert broken(question, decisions) == []


def test_once_they_have_ended_the_posts_are_gone_and_no_rule_takes_that_for_a_cut():
    question = asked(
        KeepExistingPosts(label="keep"), LimitChange(label="steady", most="2", times=1)
    )
    decisions = two_for_the_grant(question)
    figures = derive(question, decisions)
    posts = {(f.team, f.period): f.posts for f in figures.posts if f.role == "granted"}
    assert (posts["north", "2027-09"], posts["south", "2027-09"]) == (2, 1)
    assert (posts["north", "2027-10"], posts["south", "2027-10"]) == (0, 0)
    fte = {f.period: f.fte for f in figures.caseloads if f.of == "south" and f.basis == "reported"}
    assert (fte["2027-09"], fte["2027-10"]) == (7, 6)
    assert broken(question, decisions) == []


def test_a_post_that_is_still_there_after_its_end_is_a_broken_plan():
    question = asked()
    found = broken(question, two_for_the_grant(question, LAST_THERE + 1))
    assert found == ["decisions: North, Granted: posts of this role have ended by then"]


def test_people_who_are_decided_apart_go_with_their_posts():
    question = asked(FillPosts(label="fill", staff="case_holder", may_leave="nobody"))
    labels = [period.label for period in question.instance.calendar.cut()]
    hired = tuple(
        PeopleDecision(team="north", role="granted", period=p, change=2)
        for p in labels[:LAST_THERE]
    )
    decisions = two_for_the_grant(question).model_copy(update={"people": hired})
    assert broken(question, decisions) == []
    late = PeopleDecision(team="south", role="granted", period="2027-10", change=1)
    found = broken(question, decisions.model_copy(update={"people": (*hired, late)}))
    assert "decisions: South, Granted: posts of this role have ended by then" in found


def test_a_pin_or_a_wish_holds_while_there_are_such_posts():
    pins = Pin.model_validate({"label": "pin", "pins": {"change": {"granted": "2"}}})
    wish = Require(label="wish", role="granted", what="posts", sense="at least", fte="3")
    question = asked(pins, wish)
    assert broken(question, two_for_the_grant(question)) == []
    assert solvable(question)
    late = Require(
        label="late", role="granted", what="posts", sense="at least", fte="1", period="2027-10"
    )
    assert broken(asked(late), two_for_the_grant(asked(late)))
    assert not solvable(asked(late))


def solvable(question: Question) -> bool:
    matrix = build(question, exact=True).matrix.floating()
    return session().solve(matrix, Changes(cost=np.zeros(matrix.columns))).why is Why.OPTIMAL


def test_who_comes_as_others_end_is_recruited_all_the_same():
    limit = LimitRecruitment(label="supply", staff="case_holder", per="period", limit="1")
    question = asked(limit)
    decisions = Decisions(
        posts=(
            *(
                PostDecision(team="north", role="granted", period=p.label, change=1)
                for p in question.instance.calendar.cut()[:LAST_THERE]
            ),
            *(
                PostDecision(team="north", role="worker", period=p.label, change=2)
                for p in question.instance.calendar.cut()[LAST_THERE:]
            ),
        )
    )
    # two permanent workers join in October 2027; the one who ends then makes no room for them
    assert [words for words in broken(question, decisions) if "2 FTE" in words]
    wanted = [(d.role, d.period, d.change) for d in decisions.posts]
    held = [
        Require(
            label=f"p{n}",
            role=role,
            what="posts added",
            sense="exactly",
            fte=str(fte),
            period=month,
        )
        for n, (role, month, fte) in enumerate([*wanted, ("worker", "2027-09", 0)])
    ]
    assert not solvable(asked(limit, *held))
    assert solvable(asked(*held))


def test_what_ends_is_paid_for_as_what_runs_for_a_term():
    other = {"name": "Base", "pays_for": {"added_posts": ["all"]}, "kinds": ["recurrent"]}
    one_off = {"name": "Pot", "pays_for": {"added_posts": ["all"]}, "kinds": ["one_off"]}
    fixed = {"name": "Term", "pays_for": {"added_posts": ["all"]}, "kinds": ["fixed_term"]}
    question = asked(funds={"grant": {"pays_for": {}}, "a": other, "b": one_off, "c": fixed})
    assert question.fund_of_added("granted") == "c"
    assert question.fund_of_added("worker") == "a"


def test_a_plan_says_what_ends_and_that_its_money_ends_sooner():
    question = asked(funds={"grant": {"ends": "2027-03"}})
    decisions = two_for_the_grant(question)
    figures = derive(question, decisions)
    [told] = [c for c in cautions(question, figures) if c.code == "posts-end"]
    assert told.words == (
        "3 FTE Granted end in Sep 2027, of £85,200 of new money a year; Grant ends in Mar 2027 "
        "already."
    )
    assert (told.amount, told.until, told.fund) == (85200, "2027/28", "grant")
    # nothing of it is for good, so nothing recurrent is on one-off money
    assert "recurrent-on-one-off" not in [c.code for c in cautions(question, figures)]


def test_permanent_posts_on_the_same_money_are_warned_of_as_before():
    pays = {"added_posts": ["granted", "worker"]}
    question = asked(funds={"grant": {"pays_for": pays}})
    labels = [period.label for period in question.instance.calendar.cut()]
    more = tuple(PostDecision(team="north", role="worker", period=p, change=1) for p in labels)
    posts = (*two_for_the_grant(question).posts, *more)
    figures = derive(question, Decisions(posts=posts))
    [told] = [c for c in cautions(question, figures) if c.code == "recurrent-on-one-off"]
    assert told.amount == 40000  # one worker; what ends is left out


def test_a_grant_that_ends_before_its_posts_do_lets_none_be_added():
    budget = StayWithinBudget(label="budget")
    wish = Require(label="wish", role="granted", what="posts added", sense="at least", fte="1")
    assert solvable(asked(budget, wish, teams={"south": {"posts": {"worker": 6}}}))
    sooner = {"grant": {"ends": "2027-03"}}
    assert not solvable(
        asked(budget, wish, funds=sooner, teams={"south": {"posts": {"worker": 6}}})
    )


@pytest.mark.parametrize("periods", ["months", "financial_years", "one"])
def test_posts_that_end_after_the_calendar_change_no_row_of_the_program(periods):
    """Off means off: nothing ends within the plan, so the solver is told the same."""
    rules = (KeepExistingPosts(label="keep"), LimitChange(label="steady", most="3", times=2))
    programs = []
    for ends in ({"ends": "2031-03"}, {"ends": None}):
        tables = {"roles": {"granted": ends}, "calendar": {"periods": periods}}
        programs.append(build(asked(*rules, **tables), exact=True))
    one, two = (program.matrix.floating() for program in programs)
    for field in ("indptr", "indices", "data", "row_lower", "row_upper", "col_lower", "col_upper"):
        assert getattr(one, field).tolist() == getattr(two, field).tolist()
    assert [g.vector.tolist() for g in programs[0].goals] == [
        g.vector.tolist() for g in programs[1].goals
    ]


@pytest.mark.parametrize("seed", range(5))
def test_the_best_plan_is_the_best_of_all_that_there_are(seed):
    """Two teams, two years; posts of one role end with the first. Every plan is tried."""
    rng = random.Random(f"ends {seed}")
    cases, today = rng.sample([24, 30, 37, 45], 2), rng.choice([0, 1])
    target, worker, granted = rng.choice([12, 15]), 40000, rng.choice([30000, 39000, 45000])
    tree: dict[str, Any] = {
        **{key: TREE[key] for key in ("schema_version", "instance", "title")},
        "calendar": {"start": "2026-04", "end": "2028-03", "periods": "financial_years"},
        "roles": {
            "worker": {"kind": "case_holder", "cost": worker},
            "granted": {"kind": "case_holder", "cost": granted, "ends": "2027-03"},
        },
        "teams": {
            name: {"name": name, "cases": number, "posts": {"worker": 1, "granted": today}}
            for name, number in zip(("a", "b"), cases, strict=True)
        },
        "standards": {
            "keep_average_caseload": {"target": target, "each": "team", "rounding": "none"}
        },
    }
    model = Model.model_validate(
        {
            "schema_version": 1,
            "model": "best",
            "title": "Best",
            "may_change": ["case_holder"],
            "rules": {"keep_existing_posts": {}, "keep_average_caseload": {}},
            "goals": [
                {"minimise": "cost"},
                {"minimise": "full_year_cost"},
                {"minimise": "worst_caseload"},
            ],
        }
    )
    desk = Desk(Instance.model_validate(tree), {"best": model}, Request(model="best"))
    with desk:
        plan = desk.solve()
    found = []
    for a1, a2, g_a, b1, b2, g_b in product(range(4), repeat=6):
        if a2 < a1 or b2 < b1:
            continue  # permanent posts are kept
        first = (1 + a1 + today + g_a, 1 + b1 + today + g_b)
        then = (1 + a2, 1 + b2)
        averages = [
            Fraction(n, fte) for year in (first, then) for n, fte in zip(cases, year, strict=True)
        ]
        if max(averages) <= target:
            cost = worker * (a1 + a2 + b1 + b2) + granted * (g_a + g_b)
            rate = worker * (a2 + b2) + granted * (g_a + g_b)
            found.append((cost, rate, max(averages)))
    assert tuple(goal.value for goal in plan.goals) == min(found)
    assert so.verify(plan).ok


@pytest.mark.parametrize("seed", range(10))
def test_solver_and_verifier_count_the_same_money(seed):
    """Of people who are paid for, vacancy factors, heads pooled or not, and rising prices."""
    rng = random.Random(f"ledger {seed}")
    roles = {
        "worker": {"step": "0.5", "non_staffing": "333.33"},
        "granted": {
            "step": "0.25",
            "ends": rng.choice(["2027-03", "2028-03", "2029-03"]),
            "cost_basis": rng.choice(["budgeted", "actual"]),
            "set_up_heads": rng.choice(["pooled", "by_team"]),
        },
    }
    goals = [COST, Goal(minimise="cost"), Goal(minimise="spend")]
    goals += [Goal(minimise="cost", year=year) for year in YEARS]
    goals += [Goal(minimise="spend", fund="grant", year=year) for year in YEARS]
    rules = (
        [FillPosts(label="fill", surplus="1", may_leave="anybody")] if rng.random() < 0.5 else []
    )
    question = asked(
        *rules,
        goals=tuple(goals),
        roles=roles,
        calendar={"periods": "financial_years"},
        prices={"base": "2026/27", "pay_award": {"2027/28": "3"}, "inflation": {"2027/28": "2"}},
    )
    decisions = drawn(question, rng)
    figures = derive(question, decisions)
    verified = [goal_value(question, figures, goal) for goal in goals]
    assert told_to_the_solver(question, decisions) == verified
    assert "decisions" not in "".join(broken(question, decisions))


def drawn(question: Question, rng: random.Random) -> Decisions:
    posts, people = [], []
    apart = question.rule(FillPosts) is not None
    for team, record in question.instance.teams.items():
        for role, step in (("worker", Fraction(1, 2)), ("granted", Fraction(1, 4))):
            ends = question.instance.roles[role].ends
            fewest = -4 if record.posts.get(role) else 0
            for period in question.instance.calendar.cut():
                if ends is not None and period.end > ends:
                    continue
                change = step * rng.randint(fewest, 5)
                place = {"team": team, "role": role, "period": period.label}
                posts.append(PostDecision(**place, change=change))
                if apart:
                    people.append(PeopleDecision(**place, change=change + rng.choice([0, 1])))
    return Decisions(posts=tuple(posts), people=tuple(people))


def told_to_the_solver(question: Question, decisions: Decisions) -> list[Fraction]:
    """Hold every decision at what it is, and say what each goal comes to, in fractions."""
    program = build(question, exact=True)
    matrix = program.matrix.floating()
    wanted = {("change", d.team, d.role, d.period): d.change for d in decisions.posts}
    wanted |= {("people", d.team, d.role, d.period): d.change for d in decisions.people}
    lower, upper = matrix.col_lower.copy(), matrix.col_upper.copy()
    for block in program.column_blocks:
        if block.name not in ("change", "people"):
            continue
        for column in range(block.start, block.stop):
            labels = block.label(column).removeprefix(f"{block.name}[").rstrip("]").split(",")
            fte = wanted.pop((block.name, *labels), Fraction(0))
            step = Fraction(question.instance.roles[labels[1]].step)
            lower[column] = upper[column] = float(fte / step)
    assert not any(wanted.values())
    found = []
    for goal in program.goals:
        cost = np.array([float(weight) for weight in goal.vector])
        changes = Changes(cost=cost, col_lower=lower, col_upper=upper)
        solution = session().solve(matrix, changes)
        assert solution.why is Why.OPTIMAL
        point = [Fraction(float(x)).limit_denominator(1000) for x in solution.values]
        known = (Fraction(w) * x for w, x in zip(goal.vector, point, strict=True) if w)
        found.append(sum(known, Fraction(goal.offset)))
    return found
