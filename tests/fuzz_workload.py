"""Random draws of who holds which cases, of what cases are divided by, and of prices on bands."""

import random
from fractions import Fraction
from typing import Any

from staffopt.plan import CasesDecision
from staffopt.quantity import Absent
from staffopt.question import Question
from staffopt.rulebook import HoldEveryCase

DENOMINATORS = ["posts", "posts", "in_post", "case_holders", "adjusted"]


def add_holders(rng: random.Random, tree: dict[str, Any]) -> None:
    """Say of some roles how much of them holds cases, and of some teams who is in post."""
    for role in tree["roles"].values():
        if rng.random() < 0.3:
            role["case_holding"] = rng.choice(["0.5", "0.8", "1", "0"])
            role["counts_as"] = rng.choice(["0.5", "0.75", "0"])
        if role["kind"] == "support" and rng.random() < 0.3:
            role["holds"] = rng.choice([["all"], ["plain"]])
            role["cap"] = rng.choice(["5", "8"])
        if rng.random() < 0.3:
            role["tags"] = ["asye"]
    for team in tree["teams"].values():
        if rng.random() < 0.2:
            team["people"] = {
                role: f"{float(posts) * rng.choice([0.5, 1]):g}"
                for role, posts in team["posts"].items()
            }
    if rng.random() < 0.2:
        tree["case_types"]["plain"]["counted_as"] = rng.choice(["children", "families"])
        tree["counted_as"] = rng.choice(["children", "children", "families"])
        tree["children_per_family"] = rng.choice(["2", "1.5"])


def add_course(rng: random.Random, tree: dict[str, Any]) -> None:
    """Let open cases run over the months planned."""
    first, last = tree["calendar"]["start"], tree["calendar"]["end"]
    counts = {"in_period": rng.choice(["mean", "highest"]), "multiple": rng.choice(["1", "0.25"])}
    if rng.random() < 0.6:
        growth = {"growth": rng.choice(["0.1", "-0.2"]), "seasons": {"3": "1.25"}}
        tree["cases_over_time"] = {**growth, **counts}
    for team in tree["teams"].values():
        series = {month: str(rng.randint(0, 90)) for month in (first, last)}
        if rng.random() < 0.4 and str(team["cases"]).isdigit():
            team["cases_over_time"] = {"series": series, **counts}
        elif rng.random() < 0.4 and isinstance(team["cases"], dict):
            team["cases_over_time"] = {"types": {"hard": series}, **counts}


def add_rules(rng: random.Random, rules: dict[str, Any], scope: Any) -> None:
    """Split cases between roles under some caps."""
    if rng.random() < 0.3:
        rules["hold_every_case"] = {
            "scope": scope,
            "unallocated": rng.choice(["0", "0", "3", "40", "unlimited"]),
            "quantum": rng.choice(["1", "0.5", "0.25"]),
        }
    chance = 0.7 if "hold_every_case" in rules else 0.02
    if rng.random() < chance:
        rules["respect_caseload_cap"] = rng.choice(
            [{}, {"cap": "18"}, {"tag": "asye", "cap": "12"}]
        )
    if rng.random() < chance / 2:
        rules["full_caseload"] = {
            "rule": "respect_caseload_cap",
            "full_load": rng.choice(["20", "25"]),
            **rng.choice([{}, {"share": "0.8"}]),
        }


def add_prices(rng: random.Random, rule: dict[str, Any], names: list[str]) -> None:
    """Put prices on bands, or let a share of the teams be in one."""
    if rng.random() < 0.4:
        bands = rng.sample(names, rng.randint(1, len(names)))
        rule["price"] = {band: rng.choice(["1000", "30000", "90000.5"]) for band in bands}
    if rng.random() < 0.2:
        rule["at_most_share"] = {rng.choice(names): rng.choice(["0", "0.5", "0.34"])}


def more_goals(tree: dict[str, Any], *, split: bool) -> list[dict[str, Any]]:
    """Name the goals of cases that a question may have."""
    goals: list[dict[str, Any]] = [{"minimise": "unallocated_cases"}] if split else []
    if "bands" in tree:
        goals.append({"minimise": "cases_above_band", "band": next(iter(tree["bands"]["edges"]))})
    return goals


def splits(
    asked: Question, rng: random.Random, around: tuple[CasesDecision, ...] | None
) -> tuple[CasesDecision, ...]:
    """Draw a split: that of a given plan with some cases moved, or one of no plan at all."""
    rule = asked.rule(HoldEveryCase)
    if not isinstance(rule, HoldEveryCase):
        return ()
    held = {(d.team, d.role, d.period): d.cases for d in around or ()}
    quantum = Fraction(rule.quantum)
    for team in asked.teams_in(rule.scope):
        if isinstance(asked.cases(team), Absent):
            continue
        roles = [r for r in asked.instance.roles if asked.holds(r)]
        for period in (p.label for p in asked.instance.calendar.cut()):
            cases = asked.cases_in(team, period)
            keys = [(team, role, period) for role in roles]
            if around is None and keys:
                _fill(rng, held, keys, cases, quantum)
            elif len(keys) > 1 and rng.random() < 0.5:
                giver, taker = rng.sample(keys, 2)
                moved = min(rng.randint(1, 8) * quantum, held.get(giver, Fraction(0)))
                held[giver] = held.get(giver, Fraction(0)) - moved
                held[taker] = held.get(taker, Fraction(0)) + moved
    return tuple(
        CasesDecision(team=t, role=r, period=p, cases=cases)
        for (t, r, p), cases in held.items()
        if cases
    )


def _fill(
    rng: random.Random,
    held: dict[tuple[str, str, str], Fraction],
    keys: list[tuple[str, str, str]],
    cases: Fraction,
    quantum: Fraction,
) -> None:
    """Give a team's cases to its roles in turn, each a random part of what is left."""
    left = cases // quantum
    for key in rng.sample(keys, len(keys)):
        part = left if rng.random() < 0.4 else rng.randint(0, left)
        held[key] = part * quantum
        left -= part
