"""Careers on tiny councils against trying every plan there is, and mistakes that this finds.

Every plan is followed month by month by a recursion of its own, which shares nothing with the
engine's two.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

import compiled
from mutants import Case, dropped, moved, rows_changed, rows_dropped
from staffopt.model.schema import Goal
from staffopt.rulebook import (
    FLOWS,
    CarryStaffForward,
    ChangeRoles,
    FillPosts,
    MakeRedundant,
    MeetStaffNeeded,
    RecruitWithinSupply,
    TrainByExperienced,
    WorkShortTime,
)
from staffopt.rules.money import Ledger

if TYPE_CHECKING:
    from mutants import Apply
    from staffopt.question import Question

F = Fraction
MONTHS = ("2024-10", "2024-11")
MOST = 2
"""Nobody decides on more than so many people at once: limits say so."""
COUNCILS = 14


@dataclass(frozen=True)
class Drawn:
    """Figures of a council of workers and trainees in one team."""

    workers: int
    trainees: int
    leavers: Fraction
    drop_out: Fraction
    loss: Fraction
    late: int
    share: Fraction
    dismissed: Fraction
    idle: Fraction
    takes: Fraction
    each: Fraction
    needed: tuple[Fraction, ...]
    overtime: Fraction
    spare: Fraction
    prices: tuple[int, ...]
    """Of recruiting, retraining, redundancy, short time, spare people and overtime."""


def draw(seed: int) -> Drawn:
    """Draw a council whose limits bind."""
    dice = random.Random(seed)
    tenths = [F(n, 10) for n in range(11)]
    return Drawn(
        workers=dice.choice([3, 4, 5]),
        trainees=dice.choice([0, 2, 3]),
        leavers=dice.choice(tenths[:4]),
        drop_out=dice.choice(tenths[:6]),
        loss=dice.choice(tenths[:6]),
        late=dice.choice([0, 1]),
        share=dice.choice(tenths[1:5]),
        dismissed=dice.choice(tenths[1:6]),
        idle=dice.choice([F(1, 4), F(1, 2), F(1)]),
        takes=dice.choice([F(0), F(1, 4), F(1, 2)]),
        each=dice.choice([F(1, 2), F(1), F(2)]),
        needed=(F(dice.choice([2, 3, 4])), F(dice.choice([1, 3, 5]))),
        overtime=dice.choice([F(1, 10), F(1, 4), F(1, 2)]),
        spare=dice.choice([F(1, 2), F(1), F(3)]),
        prices=tuple(dice.choice([100, 300, 700, 1000]) for _ in range(6)),
    )


def best(council: Drawn) -> Fraction | None:
    """Try every plan: two decisions on who joins, retrains, goes and works short time."""
    plans = product(range(MOST + 1), repeat=4)
    a_month = [(j, r, g, s) for j, r, g, s in plans if s <= 1]
    costs = (follow(council, plan) for plan in product(a_month, repeat=len(MONTHS)))
    return min((cost for cost in costs if cost is not None), default=None)


def follow(c: Drawn, plan: tuple[tuple[int, ...], ...]) -> Fraction | None:
    """Follow a plan through the months, and return what it costs; None where a rule is broken."""
    workers, trainees, spent = F(c.workers), F(c.trainees), F(0)
    underway: dict[int, Fraction] = {}
    for month, (join, retrain, go, short) in enumerate(plan):
        before = workers
        workers *= 1 - c.leavers
        if go > workers or go > c.dismissed * before or retrain > trainees:
            return None
        underway[month + c.late] = retrain * (1 - c.loss)
        workers += underway.get(month, F(0)) + join * (1 - c.drop_out) - go
        trainees -= retrain
        able = workers - c.idle * short - c.takes * trainees
        missing = max(F(0), c.needed[month] - able)
        spare = max(F(0), able - c.needed[month])
        if (
            retrain > c.share * workers
            or short > workers
            or able < 0
            or trainees > c.each * workers
            or missing > c.overtime * workers
            or spare > c.spare
        ):
            return None
        done = (join, retrain, go, short, spare, missing)
        spent += sum((n * price for n, price in zip(done, c.prices, strict=True)), F(0))
    return spent


def decimal(figure: Fraction | int) -> str:
    return f"{float(figure):g}"


def question_of(c: Drawn) -> Question:
    """Ask the engine for the same."""
    joining, retraining, going, short, spare, over = map(decimal, c.prices)
    worker = {
        "cost": "none",
        "set_up": "none",
        "turnover": {"leavers": decimal(c.leavers), "rates": "monthly", "recruitment": joining},
        "career": {
            "supply": MOST,
            "drop_out": decimal(c.drop_out),
            "redundancy": going,
            "short_time": {"idle": decimal(c.idle), "cost": short, "most": 1},
        },
        "work": {"spare": spare, "overtime": {"most": decimal(c.overtime), "cost": over}},
        "teams": ["north"],
    }
    share = {"share": decimal(c.share), "of": "worker", "counted": "after"}
    way = {"by": "retrain", "months": c.late, "loss": decimal(c.loss), "cost": retraining}
    trainee = {
        "kind": "case_holder",
        "cost": "none",
        "turnover": {"leavers": 0},
        "career": {
            "supply": 0,
            "into": {"worker": {**way, "most": MOST, "most_share": share}},
            "trained_by": {
                "role": "worker",
                "takes": decimal(c.takes),
                "each": decimal(c.each),
            },
        },
        "teams": ["north"],
    }
    tables: dict[str, Any] = {
        "roles": {"worker": worker, "trainee": trainee},
        "teams": {
            "north": {
                "posts": {"worker": c.workers, "trainee": c.trainees},
                "needed": {
                    "worker": dict(zip(MONTHS, map(decimal, c.needed), strict=True)),
                },
            },
            "south": {"posts": {"worker": 0}},
        },
        "calendar": {"start": MONTHS[0], "end": MONTHS[1], "periods": "months"},
    }
    rules = (
        CarryStaffForward(label="carry"),
        FillPosts.model_validate({"label": "fill", "surplus": 100}),
        ChangeRoles(label="change"),
        MakeRedundant.model_validate(
            {"label": "redundant", "limit": MOST, "share": decimal(c.dismissed)}
        ),
        WorkShortTime(label="short"),
        TrainByExperienced(label="train"),
        RecruitWithinSupply(label="found"),
        MeetStaffNeeded.model_validate({"label": "needed", "spare": decimal(c.spare)}),
    )
    return compiled.ask(*rules, goals=(Goal(minimise="cost"),), may_change=(), **tables)


@cache
def case(seed: int) -> Case:
    """A council with what its best plan costs."""
    council = draw(seed)
    found = best(council)
    return Case(question_of(council), None if found is None else (found,))


@pytest.mark.parametrize("seed", range(COUNCILS))
def test_no_plan_is_cheaper_than_the_engines(seed):
    assert case(seed).survives()


def test_some_councils_have_a_plan_that_costs_and_some_have_none():
    expected = [case(seed).expected for seed in range(COUNCILS)]
    assert sum(found is None for found in expected) >= 2
    assert sum(found is not None and found[0] > 0 for found in expected) >= 5


def passage_changed(kind: str, **parts: Any) -> Apply:
    """Let the rules take a kind of flow's passage for another."""
    own = FLOWS[kind]
    other = replace(own, passage=lambda *way: replace(own.passage(*way), **parts))
    changed = {**FLOWS, kind: other}
    return lambda patch: patch.setattr("staffopt.rules.flows.FLOWS", changed)


MISTAKES: dict[str, Apply] = {
    "all who retrain arrive": passage_changed("retrain", loss=F(0)),
    "who retrains arrives at once": passage_changed("retrain", months=0),
    "nobody drops out": passage_changed("join", loss=F(0)),
    "redundancy is free": passage_changed("redundancy", cost=0),
    "retraining without limits": dropped(ChangeRoles),
    "redundancy of any share": rows_dropped(MakeRedundant, "share"),
    "trainees without trainers": dropped(TrainByExperienced),
    "work left undone": rows_dropped(MeetStaffNeeded, "enough"),
    "one fewer than are needed": rows_changed(MeetStaffNeeded, moved(-1)),
    "any number to spare": rows_dropped(MeetStaffNeeded, "to spare"),
    "work costs nothing beside pay": lambda patch: patch.setattr(
        Ledger, "with_work", lambda ledger, *_: ledger
    ),
    "time that is taken is worked": lambda patch: patch.setattr(
        "staffopt.rules.variables.time_taken", lambda *_: None
    ),
    "any number is found": dropped(RecruitWithinSupply),
    "short time without limits": dropped(WorkShortTime),
}
"""What a modeller could get wrong in what the solver is told, and nowhere else."""


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_what_the_solver_is_told_is_found(mistake, monkeypatch):
    MISTAKES[mistake](monkeypatch)
    assert not all(case(seed).survives() for seed in range(COUNCILS))
