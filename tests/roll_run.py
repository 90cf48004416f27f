"""Roll plans on from later months, and hold what comes of it against the principle of optimality.

A plan that is kept to needs nothing more: the council as it leaves it passes ``check``, has a
plan, and what was decided before, joined to what is decided then, is a plan of the whole calendar
that keeps every rule and is as good in its first goal as the plan that was rolled. The test suite
tries a month of every shipped option and a few drawn councils; a longer run is a command of its
own::

    python tests/roll_run.py                         # every shipped option, every later month
    python tests/roll_run.py --varied 300 --seed 1   # shipped councils with other figures
    python tests/roll_run.py --count 500 --seed 1    # random councils × random models

Where a plan from then on counts something anew (its state says so in its notes), the joined plan
may come out otherwise, or break what is counted anew; then it is only asked that there is one.

What ends as it must not is printed with its council, option and month, or with its seed, and the
command then ends with 1.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import staffopt as so
from fuzz_engine import council, model
from staffopt.desk import Desk
from staffopt.instance.calendar import Month
from staffopt.instance.checks import FIGURE_CHECKS, check_instance
from staffopt.instance.schema import Instance
from staffopt.instance.yaml_file import yaml_of_instance
from staffopt.model.schema import Model
from staffopt.plan import (
    Decisions,
    ManagedTeamDecision,
    PeopleDecision,
    PostDecision,
    Verdict,
)
from staffopt.request import Request
from staffopt.verifier.goals import goal_value
from staffopt.verifier.verification import examine
from varied import varied_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from staffopt.plan import Plan

QUICK: dict[str, Any] = {"cross_check": False, "certify": False, "unique": False}
RANDOM = (
    "no-source",
    "unknown-model",
    "unknown-rule",
    "cases-without-staff",
    "more-people-than-posts",
)
"""Faults of random councils: their figures are drawn, and their models may cut all posts."""

NEAR = Fraction(1)
"""Pounds (or FTE, cases) within which a plan that is on no lattice is optimal."""


def starts_of(plan: Plan) -> list[str]:
    """Return the months from which a plan can be rolled on."""
    return [str(period.start) for period in plan.question.instance.calendar.cut()[1:]]


def faults_of(plan: Plan, month: str, lacking: Collection[str] = ()) -> Iterator[str]:
    """Roll a plan on from a month, and yield what is not as it must be.

    Args:
        plan: the plan.
        month: the month.
        lacking: codes of the faults that its own council has.
    """
    left = so.state(plan, month)
    yield from (f"{f.code}: {f.what}" for f in checked(left.instance) if f.code not in lacking)
    try:
        rolled = so.roll(plan, month, isolation="inline", **QUICK)
    except so.InputError:
        if not left.notes:  # once a goal of cost is over, the others may have no end
            raise
        return
    if rolled.plan is None:
        # What was saved before the month makes no room for a goal's limit after it.
        if not any(note.startswith("the limit of") for note in left.notes):
            yield f"no plan: {rolled.none}"
        return
    if left.notes:
        return
    figures, findings = examine(plan.question, joined(plan, rolled.plan, month))
    yield from (f.words for f in findings if f.verdict is Verdict.BROKEN)
    if plan.goals and rolled.plan.goals and _adds_up(plan):
        yield from _worse(plan, goal_value(plan.question, figures, plan.question.goals[0]))


def _adds_up(plan: Plan) -> bool:
    """Say whether the first goal of what is left decides that of the whole.

    It does where it adds up over the months, or is the worst of them. The price of what is missed
    in a full year is that of the greatest shortfall of any month, beside what adds up; a change
    from today is counted from another day; and what is spent on posts that go again is bound.
    """
    first = plan.question.goals[0].minimise
    in_full_year = first in ("full_year_cost", "penalty")
    soft = any(rule.soften for rule in plan.question.rules)
    return first not in ("change_from_today", "spend") and not (in_full_year and soft)


def checked(council: Instance) -> list[so.Fault]:
    """Write a council to a file, and return the faults that ``check`` finds in it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "council.yaml"
        path.write_text(yaml_of_instance(council), encoding="utf-8")
        return [fault for fault in so.check(path) if not fault.warning]


def _worse(plan: Plan, is_now: Fraction) -> Iterator[str]:
    """Hold what a plan's first goal comes to by rolling against what was planned."""
    goal, was = plan.question.goals[0], plan.goals[0].value
    gap = Fraction(0) if plan.goals[0].quantum else NEAR
    slack = gap + Fraction(goal.tolerance or 0)
    if is_now > was + slack:
        yield f"{goal.label}: {float(is_now)} by rolling, {float(was)} planned"
    if is_now < was - slack:
        yield f"{goal.label}: {float(is_now)} by rolling, less than the least, {float(was)}"


def joined(old: Plan, new: Plan, month: str) -> Decisions:
    """Return what a plan decided before a month, and what another decides from then on."""
    first, council = Month.parse(month), old.question.instance
    later = {period.label: period.end for period in new.question.instance.calendar.cut()}
    posts_today = {
        (t, r): fte for t, record in council.teams.items() for r, fte in record.posts.items()
    }
    posts = {(f.team, f.role, f.period): f.posts for f in new.figures.posts}
    people_today = {(f.team, f.role): f.today for f in old.figures.people}
    people = {(f.team, f.role, f.period): f.in_post for f in new.figures.people}
    carried = {(f.team, f.role) for f in (*old.figures.flows, *new.figures.flows)}
    apart = {(f.team, f.role) for f in (*old.figures.people, *new.figures.people) if f.apart}

    def anew(now: Mapping[Any, Any], today: Mapping[Any, Any], cells: Any) -> Iterator[Any]:
        """Yield what there is from then on, counted from the first day of all."""
        for (team, role), (label, end) in product(cells, later.items()):
            last = council.roles[role].ends
            then = today.get((team, role), 0) if last is None or end <= last else 0
            change = Fraction(now.get((team, role, label), 0)) - Fraction(then)
            if change:
                yield {"team": team, "role": role, "period": label, "change": change}

    def recruited(flow: Any) -> bool:
        turnover = council.roles[flow.role].turnover
        lead = turnover.lead_time if flow.kind == "join" and turnover else 0
        return Month.parse(flow.period) + -lead < first

    moved = anew(posts, posts_today, list(product(council.teams, council.roles)))
    there = anew(people, people_today, sorted(apart - carried))
    was = old.decisions
    return Decisions(
        posts=(
            *(d for d in was.posts if d.period not in later),
            *(PostDecision(**m) for m in moved),
        ),
        people=(
            *(d for d in was.people if d.period not in later),
            *(PeopleDecision(**m) for m in there),
        ),
        flows=(*filter(recruited, was.flows), *new.decisions.flows),
        packages=(
            *(d for d in was.packages if council.packages[d.package].start < first),
            *new.decisions.packages,
        ),
        managed_teams=tuple(_managed(old, new, first)),
        places=tuple(d for d in new.decisions.places if d.person in council.people),
        cases=(*(d for d in was.cases if d.period not in later), *new.decisions.cases),
        closed=(*(d for d in was.closed if d.period not in later), *new.decisions.closed),
    )


def _managed(old: Plan, new: Plan, first: Month) -> Iterator[ManagedTeamDecision]:
    """Yield the teams bought before, as they are extended now, and those bought now."""
    on_offer = {
        name: record.there_since
        for name, record in new.question.instance.managed_teams.items()
        if record.extension is not None
    }
    extended = {(d.managed_team, d.start): d for d in new.decisions.managed_teams}
    there = {
        (f.managed_team, f.start): ManagedTeamDecision(
            managed_team=f.managed_team, start=f.start, extension=f.extension, teams=f.teams
        )
        for f in old.figures.managed_teams
    }
    for (name, start), decision in there.items():
        if start >= first:
            continue
        if on_offer.get(name) == start:
            yield extended.get((name, start), decision.model_copy(update={"extension": 0}))
        else:
            yield decision
    yield from (d for d in new.decisions.managed_teams if d.start >= first)


def of_shipped(name: str, option: str) -> Plan | None:
    """Solve a shipped option month by month or year by year; None where it has no plan so."""
    instance = so.load(name)
    several = "financial_years" if len(instance.calendar.years) > 1 else "months"
    cut = {"calendar.periods": several} if instance.calendar.periods == "one" else {}
    try:
        return so.solve(instance, option=option, overrides=cut, isolation="inline", **QUICK)
    except (so.Infeasible, so.InputError):
        return None


def main() -> int:
    """Run it, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=0, help="random councils")
    parser.add_argument("--varied", type=int, default=0, help="shipped ones with other figures")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    drawn = [(random_plan, asked.count, RANDOM), (varied_plan, asked.varied, ())]
    runs = _drawn(drawn, asked.seed) if asked.count or asked.varied else _shipped()
    told: Counter[str] = Counter()
    for title, plan, lacking in runs:
        for month in starts_of(plan):
            try:
                found = list(faults_of(plan, month, lacking))
            except so.StaffoptError as error:
                found = [f"{type(error).__name__}: {error}"]
            told["wrong" if found else "right"] += 1
            for fault in found:
                sys.stdout.write(f"{title}, from {month}: {fault}\n")
    ended = ", ".join(f"{count} {what}" for what, count in sorted(told.items()))
    sys.stdout.write(f"{ended}\n")
    return 1 if told["wrong"] or not told["right"] else 0


Run = tuple[str, "Plan", "Collection[str]"]
"""What a plan is called, the plan, and codes of the faults that its own council has."""


def _shipped() -> Iterator[Run]:
    for name in so.instances():
        for option in so.load(name).options:
            plan = of_shipped(name, option)
            if plan is not None:
                yield f"{name} {option}", plan, ()


def _drawn(
    drawn: Sequence[tuple[Callable[..., Plan | None], int, Collection[str]]], seed: int
) -> Iterator[Run]:
    for draw, count, lacking in drawn:
        for number in range(seed, seed + count):
            plan = draw(number, isolation="inline", **QUICK)
            if plan is not None:
                yield f"{draw.__name__} {number}", plan, lacking


def random_plan(seed: int, **asking: Any) -> Plan | None:
    """Solve a random model of a random council over several periods; None where none is found."""
    rng = random.Random(seed)
    tree = council(rng)
    wanted = model(rng, tree)
    if tree["calendar"].get("periods", "one") == "one":
        tree["calendar"] = {"start": "2027-02", "end": "2027-05", "periods": "months"}
    try:
        instance = Instance.model_validate(tree)
        models = {"random": Model.model_validate(wanted)}
        if any(not fault.warning for fault in check_instance(instance, checks=FIGURE_CHECKS)):
            return None
        desk = Desk(instance, models, Request(model="random", **asking))
        with desk:
            return desk.solve()
    except (so.StaffoptError, ValueError):  # what the engine gets wrong is fuzz_engine's to find
        return None


if __name__ == "__main__":
    sys.exit(main())
