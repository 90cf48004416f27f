"""Ledger, goal, verifier, report and CSV say the same money, to the fraction of a penny.

Councils are drawn with every way there is for money to be stated, and plans with any change. What
the solver is told is solved with the decisions pinned and worked out in fractions; the ledger is
the verifier's; the tables are those that people read.
"""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compiled import ask, session
from fuzz_money import add_benefits, add_funds, add_money
from staffopt.algebra.solution import Changes, Why
from staffopt.build import build
from staffopt.instance.options import Pins
from staffopt.model.schema import Goal
from staffopt.plan import (
    FULL_YEAR,
    Decisions,
    PackageDecision,
    Plan,
    PostDecision,
    Provenance,
)
from staffopt.question import NOT_NAMED
from staffopt.reporting.star import star
from staffopt.reporting.words import thousands
from staffopt.rulebook import Pin, TakeBundleWhole
from staffopt.verifier import derive, goal_value

PERIOD = "2026-10 to 2028-03"
YEARS = ("2026/27", "2027/28")
CALENDAR = {"start": "2026-10", "end": "2028-03"}
GOALS = (
    {"minimise": "full_year_cost"},
    {"minimise": "cost"},
    *({"minimise": "cost", "year": year} for year in YEARS),
    {"minimise": "spend"},
    *({"minimise": "spend", "fund": fund} for fund in ("base", "growth", NOT_NAMED)),
)


def drawn(seed: int) -> tuple[dict[str, Any], dict[tuple[str, str], Fraction], bool]:
    """Draw a council's tables, the change of its posts, and whether it takes its package."""
    rng = random.Random(f"money {seed}")
    roles: dict[str, Any] = {
        "worker": {"kind": "case_holder", "step": "0.25", "cost": "40000.01", "set_up": "999.99"},
        "officer": {"kind": "support", "step": "0.5", "cost": "24000"},
        "lead": {"kind": "support_lead", "cost": "36000", "set_up": "1100"},
    }
    for role in roles.values():
        role["set_up_heads"] = rng.choice(["pooled", "by_team"])
    funds = {
        "base": {"name": "Base", "pays_for": {"posts_today": ["all"]}},
        "growth": {"name": "Growth", "pays_for": {"added_posts": ["worker"], "packages": ["all"]}},
    }
    tree: dict[str, Any] = {
        "calendar": CALENDAR,
        "roles": roles,
        "funds": funds,
        "packages": {"p": {"name": "P", "start": "2027-01", "months": rng.choice([5, 12])}},
    }
    add_money(rng, tree)
    add_funds(rng, tree)
    add_benefits(rng, tree)
    for role in roles.values():
        role["teams"] = ["north", "south", "office"]
        for figure in ("market_supplement", "non_staffing"):
            if role.get(figure) == "unknown":
                role[figure] = "0.07"
    tree["package_lines"] = [
        {"package": "p", "post": "Trainer", "fte": 1, "recurrent": "12345.67"},
        {"package": "p", "item": "laptops", "count": 1, "recurrent": "7", "one_off": "500.5"},
    ]
    change = {
        (team, role): Fraction(rng.randint(0 if role == "lead" else -2, 6)) * step
        for team in ("north", "south")
        for role, step in (("worker", Fraction(1, 4)), ("officer", Fraction(1, 2)))
        if team == "north" or role == "worker"
    }
    return tree, change, rng.random() < 0.5


def pinned(change: dict[tuple[str, str], Fraction], tree: dict[str, Any], *, taken: bool) -> Pin:
    council = ask(**tree).instance
    posts: dict[str, dict[str, str]] = {}
    for team, record in council.teams.items():
        for role in council.roles:
            fte = Fraction(record.posts.get(role, 0)) + change.get((team, role), Fraction(0))
            posts.setdefault(team, {})[role] = f"{float(fte):g}"
    table = {"posts": posts, "packages": {"p": str(taken).lower()}}
    return Pin(label="pin", pins=Pins.model_validate(table))


def told_to_the_solver(tree: dict[str, Any], pin: Pin) -> list[Fraction]:
    """Return what each goal comes to in the program that is solved, in fractions."""
    goals = tuple(Goal.model_validate(goal) for goal in GOALS)
    program = build(ask(pin, TakeBundleWhole(label="b"), goals=goals, **tree), exact=True)
    found = []
    for goal in program.goals:
        cost = np.array([float(weight) for weight in goal.vector])
        solution = session().solve(program.matrix.floating(), Changes(cost=cost))
        assert solution.why is Why.OPTIMAL
        point = [Fraction(float(x)).limit_denominator(1000) for x in solution.values]
        known = (Fraction(w) * x for w, x in zip(goal.vector, point, strict=True) if w)
        found.append(sum(known, Fraction(goal.offset)))
    return found


def of_plan(tree, change, *, taken):
    posts = tuple(
        PostDecision(team=team, role=role, period=PERIOD, change=fte)
        for (team, role), fte in change.items()
        if fte
    )
    packages = (PackageDecision(package="p", taken=taken),)
    goals = tuple(Goal.model_validate(goal) for goal in GOALS)
    asked = ask(TakeBundleWhole(label="b"), goals=goals, **tree)
    return asked, Decisions(posts=posts, packages=packages)


def summed(rows, *, years, kinds=None, fund=None, but=()):
    return sum(
        (
            pounds
            for of, year, kind, pounds in rows
            if year in years and kind not in but and (kinds is None or kind in kinds)
            if fund is None or of == fund
        ),
        Fraction(0),
    )


def of_lines(rows):
    """Add up lines as each goal's words have it: what falls in years, and what is charged."""
    yield summed(rows, years=YEARS, but=("today",))
    for year in YEARS:
        yield summed(rows, years=(year,), but=("today",))
    yield summed(rows, years=YEARS, but=("saving",))
    for fund in ("base", "growth", NOT_NAMED):
        yield summed(rows, years=YEARS, but=("saving",), fund=fund)


@given(st.integers(0, 10**6))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_solver_verifier_ledger_and_tables_agree(seed):
    tree, change, taken = drawn(seed)
    asked, decisions = of_plan(tree, change, taken=taken)
    figures = derive(asked, decisions)
    verified = [goal_value(asked, figures, goal) for goal in asked.goals]

    assert told_to_the_solver(tree, pinned(change, tree, taken=taken)) == verified

    lines = [(f.fund, f.year, f.kind.value, f.amount.raw) for f in figures.money]
    assert list(of_lines(lines)) == verified[1:]

    plan = written(asked, decisions, figures)
    columns = {
        name: place
        for place, name in enumerate(
            ("plan", "fund", "year", "kind", "line", "team", "role", "package")
        )
    }
    table = star([plan])["money"]
    pounds = [
        (row[columns["fund"]], row[columns["year"]], row[columns["kind"]], Fraction(row[-2]))
        for row in table
    ]
    close = Fraction(len(table), 2 * 10**6)  # each is written to six decimals
    for mine, theirs in zip(of_lines(pounds), verified[1:], strict=True):
        assert abs(mine - theirs) <= close
    for total in figures.totals:
        if total.of == "new money" and total.year != FULL_YEAR:
            years = (total.year,)
            assert total.amount.raw == summed(lines, years=years, but=("today",))


def written(asked, decisions, figures):
    provenance = Provenance(
        engine="0", input_hash=asked.hash, backend="none", stopped="proven", tie_broken=True
    )
    return Plan(
        inputs=asked.to_json(),
        decisions=decisions,
        figures=figures,
        goals=(),
        findings=(),
        provenance=provenance,
    )


@pytest.mark.parametrize("seed", range(25))
def test_every_printed_amount_is_the_raw_one_rounded_half_up_and_no_raw_one_is_rounded(seed):
    tree, change, taken = drawn(seed)
    asked, decisions = of_plan(tree, change, taken=taken)
    figures = derive(asked, decisions)
    amounts = [f.amount for f in figures.money] + [total.amount for total in figures.totals]
    for amount in amounts:
        size = abs(amount.raw)
        floor = size.numerator // size.denominator
        up = floor + (1 if size - floor >= Fraction(1, 2) else 0)
        assert amount.printed == (up if amount.raw >= 0 else -up)
        assert thousands(amount.raw).replace(",", "").replace("\u2212", "-") in (
            str(amount.printed),
            "0",
        )
    whole = [amount for amount in amounts if amount.raw.denominator == 1]
    assert len(whole) < len(amounts)
