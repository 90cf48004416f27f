"""Random draws of cases that come and go, and of how many are closed."""

import random
from fractions import Fraction
from typing import Any

from staffopt.plan import ClosedDecision
from staffopt.question import Question
from staffopt.rulebook import FlowCases


def add_flow(rng: random.Random, tree: dict[str, Any], rules: dict[str, Any]) -> None:
    """Let the cases of some teams come and go, and pass from one to another."""
    if tree["calendar"].get("periods") != "months" or rng.random() < 0.6:
        return
    names = list(tree["teams"])
    for team in tree["teams"].values():
        arrivals = {"figure": rng.randint(0, 15), **rng.choice([{}, {"growth": "0.1"}])}
        typed = isinstance(team["cases"], dict)
        if str(team["cases"]).isdigit() or typed:
            team["flow"] = {"types": {"hard": arrivals}} if typed else {"arrivals": arrivals}
            team["flow"] |= rng.choice([{}, {"closures_per_fte": "2.5"}, {"closure_rate": "0.2"}])
    plain = [n for n in names if not isinstance(tree["teams"][n]["cases"], dict)]
    if len(plain) > 1 and rng.random() < 0.5:
        one, other = rng.sample(plain, 2)
        how = rng.choice([{"of_closed": "0.4"}, {"of_open": "0.125"}, {"cases": 1}])
        tree["case_moves"] = [{"team": one, "to_team": other, **how}]
    if rng.random() < 0.8:  # else it is refused, now and then
        tree.pop("cases_over_time", None)
        for team in tree["teams"].values():
            team.pop("cases_over_time", None)
    rules["flow_cases"] = rng.choice([{}, {"closures_per_fte": 3}, {"quantum": "0.5"}])
    if "keep_average_caseload" in rules:
        rules["keep_average_caseload"]["rounding"] = "none"


def closings(
    asked: Question, rng: random.Random, around: tuple[ClosedDecision, ...] | None
) -> tuple[ClosedDecision, ...]:
    """Draw how many are closed: as in a given plan, with some changed; none where nothing flows."""
    rule = asked.rule(FlowCases)
    if not isinstance(rule, FlowCases):
        return ()
    changed = list(around or ())
    for _ in range(rng.randint(0, 2) if changed else 0):
        index = rng.randrange(len(changed))
        cases = changed[index].cases + rng.choice([-1, 1]) * Fraction(rule.quantum)
        changed[index] = changed[index].model_copy(update={"cases": max(Fraction(0), cases)})
    return tuple(changed)
