"""Sweeps: each ceiling as if it were solved alone, and few of them solved."""

from __future__ import annotations

import threading

import pytest

import staffopt as so

CEILINGS = range(0, 90_001, 6_000)


@pytest.fixture(scope="module")
def swept():
    return so.sweep(so.load("tiny"), "growth", CEILINGS, option="best-mix")


def test_every_ceiling_of_a_sweep_has_the_plan_of_a_solve_of_its_own(swept):
    for item in swept.swept:
        council = so.load("tiny").where({"funds.growth.ceiling": item.ceiling})
        try:
            alone = so.solve(council, option="best-mix")
        except so.Infeasible:
            assert item.plan is None
            assert item.none is not None
        else:
            assert item.plan.decisions == alone.decisions
            assert [g.value for g in item.plan.goals] == [g.value for g in alone.goals]


def test_few_ceilings_are_solved(swept):
    # Least cost is 52,000 (2027/28); at 90,000 it is solved, and it fits down to 54,000; at 48,000
    # there is none, so there is none below.
    assert [int(x.ceiling) for x in swept.swept if x.solved] == [48000, 90000]
    assert [int(x.ceiling) for x in swept.swept if x.plan] == [
        54000,
        60000,
        66000,
        72000,
        78000,
        84000,
        90000,
    ]
    assert swept.solves == 2


def test_more_money_is_never_worse():
    off = {"standards.keep_average_caseload": "off"}
    goals = [{"minimise": "worst_caseload"}, {"minimise": "full_year_cost"}]
    found = so.sweep(
        so.load("tiny"),
        "growth",
        range(0, 200_001, 20_000),
        model="caseload-target",
        overrides={**off, "model.goals": goals},
    )
    worst = [item.plan.goals[0].value for item in found.swept]
    assert worst == sorted(worst, reverse=True)
    assert worst[0] == 24
    assert worst[-1] < 16


def test_one_year_can_be_swept_alone():
    found = so.sweep(
        so.load("tiny"), "growth", [27999, 28000], years=["2026/27"], option="best-mix"
    )
    assert found.years == ("2026/27",)
    assert [item.plan is None for item in found.swept] == [True, False]


def test_ctrl_c_keeps_the_ceilings_that_are_done():
    cancel = threading.Event()

    def tell(step):
        if step.number > 1:
            cancel.set()

    found = so.sweep(
        so.load("tiny"), "growth", CEILINGS, option="best-mix", tell=tell, cancel=cancel
    )
    assert found.stopped
    assert [int(item.ceiling) for item in found.swept] == [
        54000,
        60000,
        66000,
        72000,
        78000,
        84000,
        90000,
    ]


def test_an_unknown_fund_is_refused():
    with pytest.raises(so.InputError, match="no fund is called 'gift'"):
        so.sweep(so.load("tiny"), "gift", [1])
