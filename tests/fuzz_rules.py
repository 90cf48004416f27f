"""Lay random rules over shipped councils and hold every answer against the verifier.

``fuzz_engine.py`` draws councils; this one takes councils with people who join and leave, careers,
places, cases that flow and money in full, and asks them more than their own models do. The test
suite tries a few; a longer run is a command of its own::

    python tests/fuzz_rules.py --count 1500 --seed 1

An answer passes if the plan verifies. What the engine refuses as an input is refused, and what has
no plan is not looked into. Everything else is printed with its seed, and the command then ends
with 1.
"""

from __future__ import annotations

import random
import sys
import time
import traceback
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import staffopt as so
from seeds_run import run
from staffopt.answer import answer
from staffopt.backends.solvers import Solvers
from staffopt.keeper import Keeper
from staffopt.library import models
from staffopt.model.schema import Goal
from staffopt.request import Request
from staffopt.rulebook import Rule, find_rule

if TYPE_CHECKING:
    from staffopt.instance.schema import Instance
    from staffopt.question import Question

COUNCILS = ["tiny", "relief"] + [
    f"tiny-{part}" for part in ("money", "agency", "turnover", "careers", "flow", "asye", "places")
]
GOALS = ["full_year_cost", "cost", "change_from_today", "worst_caseload", "cases_above_band"]
GOALS += ["agency_use", "penalty", "spend", "worst_uncovered", "moves", "open_cases"]
ASKING = Request(isolation="inline", cross_check=False, unique=False, certify=False, time_limit=10)


@cache
def council(name: str) -> Instance:
    """Read a shipped council once."""
    return so.load(name)


@cache
def solvers() -> Solvers:
    """Solve in this process."""
    return Solvers("inline")


def drawn_rule(rng: random.Random, of: Instance, label: str) -> Rule | None:
    """Draw a rule on a council's own names; None where its parameters go together badly."""
    pool = [*_of_staff(rng, of), *_of_cases(rng, of), *_of_tags(rng, of)]
    name, parameters = rng.choice(pool)
    given = {"label": label, **{key: value for key, value in parameters.items() if value}}
    given["scope"] = rng.choice(["all", rng.choice([*of.teams]), *of.areas, *of.groups])
    if rng.random() < 0.25:
        given["soften"] = {"price": rng.choice(["500", "30000"])}
    try:
        return find_rule(name).model_validate(given)
    except ValueError:
        return None


Drawn = list[tuple[str, dict[str, Any]]]


def _counting(rng: random.Random) -> dict[str, Any]:
    each = rng.choice(["team", "area", "scope"])
    return {"each": each, "counted": rng.choice(["posts", "in_post"])}


def _of_staff(rng: random.Random, of: Instance) -> Drawn:
    kinds = sorted({role.kind for role in of.roles.values()})
    one, other = rng.choice(kinds), rng.choice(kinds)
    measure, counting = {"measure": rng.choice(["fte", "heads"])}, _counting(rng)
    counted = {"counted": counting["counted"]}
    span = {"span": rng.choice(["2", "5"]), "managers": one, "staff": other}
    sizes = {"least": rng.choice(["", "1", "2"]), "most": rng.choice(["2", "50"])}
    people = {"role": rng.choice([*of.roles]), "fte": rng.choice(["1", "3", "5"])}
    return [
        ("keep_existing_posts", {}),
        ("keep_support_ratio", {"ratio": "3", "support": one, "supported": other, **counting}),
        ("limit_span_of_control", {**span, **measure, **counting}),
        ("limit_share", {"kind": one, "of": kinds, "most": rng.choice(["0.2", "0.7"]), **counting}),
        (
            "keep_minimum_staffing",
            {"staff": one, "least": rng.choice(["1", "2.5", "4"]), **measure, **counting},
        ),
        ("limit_change", {**sizes, "times": rng.choice([None, "0", "1"]), **counted}),
        (
            "limit_recruitment",
            {"limit": rng.choice(["0", "1", "2.5"]), "per": rng.choice(["plan", "period", "year"])},
        ),
        (
            "require",
            {
                **people,
                "what": rng.choice(["posts", "posts added", "in post"]),
                "sense": rng.choice(["at least", "at most", "exactly"]),
            },
        ),
        ("limit_team_size", {"most": rng.choice(["3", "6"]), "staff": [one], **measure, **counted}),
    ]


def _of_cases(rng: random.Random, of: Instance) -> Drawn:
    denominator = rng.choice(["posts", "in_post", "case_holders", "adjusted"])
    by = {"denominator": denominator, "margin": "0.001"}
    each, rounding = rng.choice(["team", "scope"]), rng.choice(["none", "printed(0)"])
    target = {"target": rng.choice(["12", "17", "25"]), "each": each, "rounding": rounding}
    drawn: Drawn = [
        ("keep_average_caseload", {**target, **by}),
        ("hold_every_case", {"unallocated": rng.choice(["0", "5", "unlimited"])}),
        ("respect_caseload_cap", {"cap": "15"}),
    ]
    if of.bands is not None:
        drawn.append(("choose_band", {"forbid": [rng.choice([*of.bands.edges])], **by}))
    return drawn


def _of_tags(rng: random.Random, of: Instance) -> Drawn:
    tags = {tag for record in (*of.roles.values(), *of.people.values()) for tag in record.tags}
    if not tags:
        return []
    tag, counting = rng.choice(sorted(tags)), _counting(rng)
    least = {"least": "1", "measure": rng.choice(["fte", "heads"])}
    return [
        ("limit_share", {"tag": tag, "most": "0.5", **counting}),
        ("keep_minimum_staffing", {"tag": tag, **least, **counting}),
    ]


def drawn_question(rng: random.Random) -> Question:
    """Draw a shipped council's question with other rules, and now and then another first goal."""
    of = council(rng.choice(COUNCILS))
    asked = Request(option=rng.choice([*of.options])).question(of, models())
    drawn = (drawn_rule(rng, of, f"drawn-{number}") for number in range(rng.choice([1, 1, 2])))
    rules = (*(rule for rule in asked.rules if rng.random() > 0.15), *filter(None, drawn))
    kinds = tuple(sorted({role.kind for role in of.roles.values()}))
    may_change = asked.may_change if rng.random() < 0.6 else kinds
    goals = (*_first(rng, of), *asked.goals)
    return replace(asked, rules=rules, may_change=may_change, goals=goals)


def _first(rng: random.Random, of: Instance) -> list[Goal]:
    if rng.random() < 0.6:
        return []
    goal: dict[str, Any] = {"minimise": rng.choice(GOALS)}
    if goal["minimise"] == "cases_above_band":
        if of.bands is None:
            return []
        goal["band"] = of.bands.needs_no_action
    if rng.random() < 0.3:
        goal["at_most"] = rng.choice(["0", "1", "20", "5000"])
    return [Goal.model_validate(goal)]


def try_one(seed: int) -> str:
    """Ask one random question; say how it ended, ``DEFECT`` first where it must not end so."""
    asked = drawn_question(random.Random(seed))
    try:
        plan = answer(asked, ASKING, solvers(), time.monotonic(), Keeper())
    except (so.Infeasible, so.NoPlan) as error:
        return type(error).__name__
    except so.InputError as error:
        return f"refused {error.faults[0].code}"
    except Exception:  # noqa: BLE001 (whatever it is, it is what is looked for)
        return f"DEFECT {_told(asked)}: {traceback.format_exc()}"
    broken = so.verify(plan).broken
    return f"DEFECT {_told(asked)}: {[f.words for f in broken]}" if broken else "plan"


def _told(asked: Question) -> str:
    rules = [rule.model_dump_json(exclude_defaults=True) for rule in asked.rules]
    return f"{asked.instance.instance} {asked.option} {rules}"


if __name__ == "__main__":
    sys.exit(run(__doc__, try_one, 1500))
