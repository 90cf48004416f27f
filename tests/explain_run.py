"""Explain random questions that have no plan, and hold every explanation against another solver.

The test suite tries a few dozen; a longer run is a command of its own::

    python tests/explain_run.py --count 2000 --seed 1

Questions are of five kinds (`--kind`): those of `fuzz_engine.py`, with ceilings tightened so that
more have no plan; teams that recruit over some months, with a floor under who is there; people to
be placed; the shipped councils (careers, case flow, managed teams and funds among them) with
some of their figures moved; and those of `brute_repairs.py`, where targets or ratios share a change
with limits and ceilings. Of every
conflict another code base must say that it has no point, and that it has one without any one of its
members; conflicts must share no member, and without all of them there must be a point. Every repair
must have a plan that verifies, and with one step less none. Where it is proven that nothing weighs
less, no change drawn at random that weighs less may help; of the last kind trying every plan must
come to the same least, by number of figures and by prices. Where there is a plan, every rule
instance is left out one by one, and every figure is moved to its next step and to one before. What
does not hold is printed with its seed, and the command then ends with 1.
"""

import argparse
import random
import runpy
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np

import brute_repairs
import staffopt as so
from staffopt.algebra.solution import Changes, Why
from staffopt.analysis.explanation import explain_on
from staffopt.analysis.instances import instances_of
from staffopt.analysis.parameters import offered, parameter_of, paths_of
from staffopt.backends.session import Session
from staffopt.build import build
from staffopt.desk import Desk
from staffopt.instance.schema import Instance
from staffopt.model.schema import Model
from staffopt.quantity import exact_text
from staffopt.request import Request

HERE = Path(__file__).parent
FUZZ = runpy.run_path(str(HERE / "fuzz_engine.py"))
TURNOVER = runpy.run_path(str(HERE / "test_brute_turnover.py"))
PLACES = runpy.run_path(str(HERE / "test_brute_places.py"))
OTHER = "cbc"
LIGHTER = 10
"""So many lighter changes are tried of every explanation."""
PLAIN = {"isolation": "inline", "certify": False, "cross_check": False}
SHIPPED = {
    "relief": "relief-team",
    "tameside-2022": None,
    "tiny": "best-mix",
    "tiny-agency": None,
    "tiny-asye": None,
    "tiny-careers": None,
    "tiny-flow": None,
    "tiny-money": None,
    "tiny-places": None,
    "tiny-turnover": None,
}


def desk_of(seed, kind="council"):
    """Draw a question that may have no plan; None where it is refused."""
    try:
        desk = DRAWN[kind](random.Random(seed), seed)
        build(desk.question)
    except so.InputError:
        return None
    return desk


def council(rng, _seed):
    """Draw a council with ceilings and limits on the tight side."""
    tree = FUZZ["council"](rng)
    wanted = FUZZ["model"](rng, tree)
    for fund in tree["funds"].values():
        if rng.random() < 0.7:
            fund["ceiling"] = rng.randrange(5_000, 120_000, 1_000)
    instance, stated = Instance.model_validate(tree), Model.model_validate(wanted)
    return Desk(instance, {"random": stated}, Request(model="random", **PLAIN))


def turnover(rng, seed):
    """Draw a team that recruits month by month, and may have too few people at times."""
    drawn = TURNOVER["council"](seed)
    least = rng.choice([drawn.posts["worker"], drawn.people["worker"], 4.5])
    floor = {"rule": "keep_minimum_staffing", "least": str(least)}
    changes = {"model.rules.floor": floor, "funds.growth.ceiling": rng.choice([1_000, 4_000])}
    return TURNOVER["question"](drawn, certify=False, cross_check=False).overriding(changes)


def places(_rng, seed):
    """Draw people who are to be placed, with floors that may be too high."""
    return PLACES["ask"](PLACES["council"](seed), certify=False, cross_check=False)


def shipped(rng, _seed):
    """Take a shipped council and move some of its figures."""
    name = rng.choice(sorted(SHIPPED))
    desk = so.open(so.load(name), option=SHIPPED[name], **PLAIN)
    program = build(desk.question, may_cut=True)
    figures = {
        one.parameter: one.value
        for one in instances_of(desk.question, program)
        if one.parameter is not None and one.value is not None
    }
    chosen = rng.sample(sorted(figures), min(len(figures), rng.randint(1, 3)))
    factors = [Fraction(part, 10) for part in (0, 2, 5, 8, 12, 20, 40)]
    changes = {path: exact_text(round(figures[path] * rng.choice(factors), 2)) for path in chosen}
    return desk.overriding(changes)


def mixes(_rng, seed):
    """Draw a question on tiny of which every plan can be tried with every figure."""
    drawn = brute_repairs.drawn(seed)
    return so.open(so.load("tiny"), option=drawn.option, overrides=drawn.overrides, **PLAIN)


DRAWN = {
    "council": council,
    "turnover": turnover,
    "places": places,
    "shipped": shipped,
    "mixes": mixes,
}


def has_point(session, program, lifted):
    """Ask the other solver."""
    matrix = program.matrix.floating()
    lower, upper = matrix.row_lower.copy(), matrix.row_upper.copy()
    lower[lifted], upper[lifted] = -np.inf, np.inf
    changes = Changes(np.zeros(matrix.columns), lower, upper)
    solution = session.solve(matrix, changes)
    assert solution.why in (Why.OPTIMAL, Why.INFEASIBLE), solution
    return solution.values is not None


def faults_of_conflicts(session, question, explanation):
    """Hold every conflict against the other solver."""
    program = build(question, may_cut=True)
    instances = instances_of(question, program)
    rows = {key(one): one.rows for one in instances}

    def point_of(members):
        inside = {key(member) for member in members}
        kept = [rows[name] for name in rows if name not in inside]
        return has_point(session, program, np.concatenate(kept) if kept else [])

    used = [key(member) for conflict in explanation.conflicts for member in conflict.members]
    if len(set(used)) < len(used):
        yield "two conflicts share a member"
    if not point_of([one for one in instances if key(one) not in used]):
        yield "there is another conflict"
    for conflict in explanation.conflicts:
        members = conflict.members
        if point_of(members):
            yield f"{words(members)} have a point"
        for left_out in members:
            if not point_of([one for one in members if one is not left_out]):
                yield f"{words(members)} need no {left_out.words}"


def key(member):
    return member.rule, *member.where.items(), member.parameter, tuple(member.rows)


def words(members):
    return " + ".join(member.words for member in members)


def faults_of_repairs(session, desk, explanation):
    """Hold every repair against the verifier, and its least change against the other solver."""
    lawful = {rule.label for rule in desk.question.rules if rule.statutory}
    for repair in explanation.repairs:
        if not so.verify(repair.plan).ok:
            yield f"{repair.overrides}: its plan does not verify"
        for change in repair.changes:
            if change.rule in lawful:
                yield f"{change.path} is set by law"
            if change.least:
                way = 1 if change.after > change.before else -1
                figure = exact_text(change.after - way * change.step)
                less = {**repair.overrides, change.path: figure}
                if has_point(session, build(desk.overriding(less).question), []):
                    yield f"{change.path}: less than {change.after} does"


def faults_of_least(session, desk, explanation, rng):
    """Draw changes that weigh just less than what is told to weigh least; none may help."""
    figures = figures_of(desk)
    for _ in range(LIGHTER if explanation.least_proven and figures else 0):
        chosen = rng.sample(figures, rng.randint(1, min(4, len(figures))))
        told = [one.relative for one in explanation.repairs if len(one.changes) <= len(chosen)]
        shares = [rng.randint(0, 5) for _ in chosen]
        if not told or not any(shares):
            continue
        changed = {}
        for figure, share in zip(chosen, shares, strict=True):
            weight = min(told) * share / sum(shares) * Fraction(9999, 10000)
            steps = int(weight * (abs(figure.value) or 1) / figure.step)
            changed[figure.path] = figure.moved(rng.choice([steps, -steps]))
        try:
            program = build(desk.overriding(changed).question)
        except so.InputError:
            continue
        if has_point(session, program, []):
            yield f"{changed} weighs less than {min(told)} and does"


def figures_of(desk):
    """List what may be offered."""
    question = desk.question
    program = build(question, may_cut=True)
    paths = paths_of(program)
    named = (offered(question, program, one.rows, paths) for one in instances_of(question, program))
    return [parameter_of(question, program, path) for path in dict.fromkeys(named) if path]


def faults_of_mixes(seed, desk, explanation):
    """Hold what is told to weigh least against every plan there is."""
    drawn = brute_repairs.drawn(seed)
    yield from brute_repairs.faults(drawn, explanation, explain_on(desk, drawn.prices, 3))


def try_one(seed, session, kind="council"):
    """Explain one question; say how it ended, ``DEFECT`` first where it must not end so."""
    desk = desk_of(seed, kind)
    if desk is None:
        return "refused"
    with desk:
        try:
            explanation = explain_on(desk, {}, 3)
        except so.InputError as error:
            return f"refused {error.faults[0].code}"
        except so.StaffoptError as error:
            return f"DEFECT {type(error).__name__}: {error}"
        if explanation.plan is not None:
            return judged_with_plan(session, desk, explanation)
        more = faults_of_mixes(seed, desk, explanation) if kind == "mixes" else ()
        return judged(session, desk, explanation, more)


def judged(session, desk, explanation, more=()):
    """Say of an explanation what it found, or what does not hold."""
    faults = [
        *faults_of_conflicts(session, desk.question, explanation),
        *faults_of_repairs(session, desk, explanation),
        *faults_of_least(session, desk, explanation, random.Random(0)),
        *more,
    ]
    if not (explanation.all_conflicts and all(c.irreducible for c in explanation.conflicts)):
        faults.append("not all proven, without any limit")
    if faults:
        return f"DEFECT {'; '.join(faults)}"
    kinds = [
        "whole" if any(conflict.whole for conflict in explanation.conflicts) else "fractions",
        "several" if len(explanation.conflicts) > 1 else "one",
        "repaired" if explanation.repairs else "beyond repair",
        "least" if explanation.least_proven else "not proven least",
    ]
    return f"explained {' '.join(kinds)}"


def least(session, program, lifted=()):
    """Ask the other solver for the first goal's least; None where there is no point.

    A goal without an end is minus infinity.
    """
    matrix, goal = program.matrix.floating(), program.goals[0]
    lower, upper = matrix.row_lower.copy(), matrix.row_upper.copy()
    lower[[*lifted]], upper[[*lifted]] = -np.inf, np.inf
    solution = session.solve(matrix, Changes(goal.floats, lower, upper))
    ends = (Why.OPTIMAL, Why.INFEASIBLE, Why.UNBOUNDED, Why.INFEASIBLE_OR_UNBOUNDED)
    assert solution.why in ends, solution
    if solution.values is not None:
        return float(goal.floats @ solution.values) + float(goal.offset)
    return None if solution.why is Why.INFEASIBLE else -np.inf


def judged_with_plan(session, desk, explanation):
    """Hold what binds a plan, and the next steps of figures, against the other solver."""
    program = build(desk.question, may_cut=True)
    if explanation.not_told or explanation.number or program.goals[0].ratio is not None:
        return "plan, not told in a sum that comes first"
    faults = [
        *faults_of_binding(session, desk.question, program, explanation),
        *faults_of_steps(session, desk, program, explanation),
    ]
    if not explanation.all_binding:
        faults.append("not all was looked at, without any limit")
    return f"DEFECT {'; '.join(faults)}" if faults else "plan"


def faults_of_binding(session, question, program, explanation):
    """Leave every rule instance out, one by one."""
    best = least(session, program)
    costs = {key(one.instance): one.costs for one in explanation.binding}
    for one in instances_of(question, program):
        by = best - least(session, program, one.rows)
        told = costs.get(key(one), 0)
        if (told is None) != np.isinf(by) or (told is not None and not close(told, by)):
            yield f"{one.words}: {by} better without, told is {told}"


def faults_of_steps(session, desk, program, explanation):
    """Move each figure to its next step, and to one step before."""
    best = least(session, program)
    for step in (one for one in explanation.next_steps if not one.number):
        way = 1 if step.at > step.value else -1
        before = step.at - way * step.step
        there = least(session, build(desk.overriding({step.path: exact_text(step.at)}).question))
        if (there is None) is not (step.goal is None) or (
            there is not None and not close(step.goal, there)
        ):
            yield f"{step.path} at {step.at}: {there}, told is {step.goal}"
        if before != step.value:
            moved = desk.overriding({step.path: exact_text(before)}).question
            nearer = least(session, build(moved))
            if nearer is None or not close(best, nearer):
                yield f"{step.path}: {before} changes it already, to {nearer}"


def close(told, found):
    """Allow what two solvers may differ by."""
    return abs(float(told) - found) <= 2e-5 * max(1, abs(found) / 1e4)


def main():
    """Try many questions and print what ended as it must not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", choices=[*DRAWN, "all"], default="all")
    given = parser.parse_args()
    ends, bad = Counter(), 0
    with Session(OTHER) as session:
        kinds = list(DRAWN) if given.kind == "all" else [given.kind]
        for seed in range(given.seed, given.seed + given.count):
            kind = kinds[seed % len(kinds)]
            end = try_one(seed, session, kind)
            ends[f"{kind} {end.split(':')[0] if end.startswith('DEFECT') else end}"] += 1
            if end.startswith("DEFECT"):
                bad += 1
                print(f"{kind}, seed {seed}: {end}")  # noqa: T201 (this command prints what it finds)
    for end, count in ends.most_common():
        print(f"{count:6} {end}")  # noqa: T201
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
