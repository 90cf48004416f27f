"""The same question has the same plan, and goals the same values: whoever asks, and how.

The plan is promised where every decision is on a step and ties are broken to the end; the goals'
values are always.
"""

from __future__ import annotations

import json
import locale
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

import staffopt as so
from brute_force_run import backends, draw
from shipped import OPTIONS, but_for_making
from staffopt.backends.solvers import Solvers
from staffopt.desk import Desk
from staffopt.instance.schema import Instance
from test_brute_force import instance_of

BACKENDS = backends()
COUNCILS = range(100, 112)
"""Seeds of councils of which some have several best plans: there the tie-break decides."""
ASKED = [{"seed": 7}, {"seed": 123456}, {"threads": 2}, {"seed": 1, "threads": 2}]
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def solvers():
    shared = Solvers("worker")
    yield shared
    shared.close()


@pytest.fixture(scope="module")
def solve(solvers):
    """Answer with workers that all tests share: goals, decisions, another plan, whether alone."""

    def solve(council, **asking):
        request = so.Request(cross_check=False, **asking)
        try:
            plan = Desk(council, so.models(), request, solvers).solve()
        except so.Infeasible:
            return None
        assert plan.provenance.tie_broken
        another = plan.provenance.another
        other = another and decided(another)
        return [g.value for g in plan.goals], decided(plan.decisions), other, plan.provenance.unique

    return solve


def decided(decisions):
    """Write down what is decided, without the order in which it is."""
    tables = decisions.model_dump(mode="json")
    return {
        table: sorted(json.dumps(row, sort_keys=True) for row in rows)
        for table, rows in tables.items()
    }


def shuffled(tree, rng):
    """Put every table, and every list of names, into another order; the council stays the same."""
    if isinstance(tree, dict):
        order = rng.sample(list(tree), len(tree))
        return {key: tree[key] if key == "edges" else shuffled(tree[key], rng) for key in order}
    if isinstance(tree, list):
        return rng.sample([shuffled(value, rng) for value in tree], len(tree))
    return tree


def in_other_orders(council, count):
    tree = council.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    for seed in range(count):
        yield Instance.model_validate(shuffled(tree, Random(seed)))


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_no_order_seed_thread_or_backend_shows_in_the_plan_of_a_shipped_option(name, option, solve):
    council = so.load(name)
    plan = solve(council, option=option)
    for other in in_other_orders(council, 2):
        assert solve(other, option=option) == plan
    for asked in ASKED:
        assert solve(council, option=option, **asked) == plan
    for backend in BACKENDS:
        assert solve(council, option=option, backend=backend) == plan


@pytest.mark.parametrize("seed", COUNCILS)
def test_no_order_seed_thread_or_backend_shows_in_the_plan_of_a_random_council(seed, solve):
    drawn = draw(seed)
    council = instance_of(drawn)
    plan = solve(council, model=drawn.model)
    for number, other in enumerate(in_other_orders(council, 3)):
        backend = BACKENDS[number % len(BACKENDS)]
        assert solve(other, model=drawn.model, seed=number, backend=backend) == plan
    for asked in ASKED:
        assert solve(council, model=drawn.model, **asked) == plan
    for backend in BACKENDS:
        assert solve(council, model=drawn.model, backend=backend) == plan


def test_ties_are_broken_in_some_of_those_councils_and_not_in_all(solve):
    plans = [solve(instance_of(draw(seed)), model=draw(seed).model) for seed in COUNCILS]
    assert {plan[3] for plan in plans if plan} == {True, False}


def test_a_desk_gives_the_same_plan_twice_whatever_was_asked_between():
    with so.open(so.load("tiny"), option="best-mix", cross_check=False) as desk:
        first = desk.solve()
        desk.where({"teams.north.cases": 200, "funds.growth.ceiling": 900000}).solve()
        assert but_for_making(desk.solve()) == but_for_making(first)


SCRIPT = """
import locale, sys
locale.setlocale(locale.LC_ALL, "")
import staffopt as so
from staffopt.reporting.text import render
plan = so.solve(so.load("nottinghamshire-2018"), option="best-mix", backend=sys.argv[1])
sys.stdout.buffer.write((plan.model_dump_json() + render(plan)).encode())
"""


def written(backend, **environment):
    """Solve in a process of its own, and return the plan and its report as they are written."""
    asked = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **environment}
    command = [sys.executable, "-c", SCRIPT, backend]
    return subprocess.run(command, capture_output=True, env=asked, check=True).stdout


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_hash_seed_of_python_does_not_show_in_a_plan(backend):
    [text] = {written(backend, PYTHONHASHSEED=seed) for seed in ("0", "1", "4242")}
    assert text.startswith(b'{"plan_version":1')


@pytest.mark.parametrize("name", ["de_DE.UTF-8", "tr_TR.UTF-8"])
def test_a_decimal_comma_or_a_dotless_i_of_the_locale_does_not_show_in_a_plan(name):
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, name)
    except locale.Error:
        pytest.skip(f"this machine has no locale {name}")
    finally:
        locale.setlocale(locale.LC_ALL, before)
    for backend in BACKENDS:
        assert written(backend, LC_ALL=name, LANG=name) == written(backend, LC_ALL="C", LANG="C")
