"""The engine against every plan there is, on small random councils."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import pytest

import brute_force as bf
import staffopt as so
from staffopt.instance.schema import Instance
from staffopt.plan import Decisions, Grade

AMPLE = 200_000
SQUEEZED_MIXES = (0, 4, 5, 8)
"""Seeds of which some have another, dearer mix left, and some none."""
ROUNDINGS = ["none", "posts_nearest", "posts_up", "printed(0)", "printed(1)"]
BANDS = {"low": (None, 15), "fine": (16, 20), "high": (21, 24), "over": (25, None)}


def random_council(model: str, rng: Random, most: int = 26, **question: Any) -> bf.Council:
    """Draw two teams of 18 to ``most`` cases a worker and what posts cost."""
    teams = {}
    for name in "ab":
        workers = Fraction(rng.randint(8, 20), 4)
        officers = Fraction(rng.randint(0, 2), 2)
        teams[name] = bf.Team(int(rng.randint(18, most) * workers), workers, officers)
    roles = {
        "worker": bf.Role(
            step=rng.choice([Fraction(1), Fraction(1, 2)]),
            cost=rng.randrange(36_000, 50_000, 400),
            set_up=rng.choice([0, 900, 1_500]),
            by_team=rng.random() < 0.3,
        ),
        "officer": bf.Role(
            step=Fraction(1, 2),
            cost=rng.randrange(20_000, 30_000, 400),
            set_up=rng.choice([0, 1_100, 9_000]),
            by_team=rng.random() < 0.3,
        ),
    }
    if question.get("span"):
        roles["lead"] = bf.Role(step=Fraction(1), cost=31_600, set_up=1_100)
    ceiling = dict.fromkeys(bf.MONTHS, AMPLE)
    return bf.Council(model=model, teams=teams, roles=roles, ceiling=ceiling, **question)


def ratio_council(seed: int) -> bf.Council:
    rng = Random(f"ratio {seed}")
    return random_council(
        "support-ratio",
        rng,
        support_ratio=rng.choice([Fraction(3), Fraction(4), Fraction(9, 2)]),
        support_each=rng.choice(["team", "scope"]),
        span=rng.choice([None, Fraction(2), Fraction(5)]),
    )


def caseload_council(rounding: str, each: str, seed: int | str = "") -> bf.Council:
    rng = Random(f"caseload {rounding} {each} {seed}".rstrip())
    target = rng.choice(["17.25", "18", "18.5"])
    average = {"target": target, "each": each, "rounding": rounding}
    return random_council("caseload-target", rng, average=average)


def band_council(seed: int) -> bf.Council:
    rng = Random(f"bands {seed}")
    return random_council(
        "caseload-target",
        rng,
        most=32,
        average={"target": "23", "each": "scope", "rounding": "none"},
        bands=BANDS,
        forbid=rng.choice([("over",), ("low", "over"), ("high", "over"), ("low", "high", "over")]),
        at_most=rng.choice([{}, {"high": 1}]),
    )


def mix_council(seed: int) -> bf.Council:
    rng = Random(f"mix {seed}")
    return random_council(
        "least-cost-mix",
        rng,
        average={
            "target": rng.choice(["19", "20", "20.5"]),
            "each": rng.choice(["scope", "team"]),
            "rounding": "none",
        },
        release={
            "hours": Fraction(rng.choice(["6.5", "5", "9.25"])),
            "contract_hours": Fraction(37),
            "ratio": Fraction(rng.choice([3, 4, 6])),  # 6 × 6.5 hours are more than a week
        },
        span=rng.choice([None, None, Fraction(4)]),
        limit=rng.choice([None, Fraction(1), Fraction(2)]),
    )


def dear_officers(council: bf.Council) -> bf.Council:
    """Make officers dear to equip, so that money of the first year can favour social workers."""
    roles = {name: replace(role, set_up=0) for name, role in council.roles.items()}
    return replace(council, roles={**roles, "officer": replace(roles["officer"], set_up=15_000)})


def squeezed(council: bf.Council, year: str, short: int) -> bf.Council:
    """Give the fund a few pounds less than the plan of least cost spends in a year."""
    ample = dict.fromkeys(bf.MONTHS, 10 * AMPLE)
    loosest = replace(council, pays_today=True, limit=None, ceiling=ample)
    found = bf.try_all(loosest)
    assert found is not None
    spent = bf.spend(loosest, found[1][0])[year]
    return replace(loosest, ceiling={**loosest.ceiling, year: int(spent) - short})


COUNCILS = {
    **{f"ratio {seed}": ratio_council(seed) for seed in range(6)},
    **{
        f"caseload {rounding} {each}": caseload_council(rounding, each)
        for rounding in ROUNDINGS
        for each in ("team", "scope")
    },
    **{f"bands {seed}": band_council(seed) for seed in range(6)},
    **{f"mix {seed}": mix_council(seed) for seed in range(8)},
    **{
        f"ceiling on a ratio {seed}": squeezed(ratio_council(seed), "2026/27", 1) for seed in (0, 1)
    },
    **{
        f"ceiling on a mix {seed}": squeezed(dear_officers(mix_council(seed)), "2026/27", 1)
        for seed in SQUEEZED_MIXES
    },
}


def softened(seed: int) -> bf.Council:
    """Draw a council whose rules may be missed, at prices about what keeping them costs."""
    rng = Random(f"softened {seed}")
    kind = ("ratio", "caseload", "mix")[seed % 3]
    if kind == "ratio":
        held = ratio_council(seed)
        return replace(held, span=None, price={"ratio": rng.randrange(15_000, 60_000, 500)})
    if kind == "caseload":
        rounding = rng.choice(ROUNDINGS[:3])
        held = caseload_council(rounding, rng.choice(["team", "scope"]))
        held = replace(held, limit=rng.choice([Fraction(1), Fraction(2)]))
        prices = {
            "average": rng.randrange(30_000, 130_000, 500),
            "limit": rng.randrange(500, 9_000),
        }
        return replace(held, price=prices)
    tight = dict.fromkeys(bf.MONTHS, rng.randrange(20_000, 60_000, 500))
    prices = {"average": rng.randrange(40_000, 150_000, 500), "budget": rng.choice([1, 2, 5])}
    return replace(mix_council(seed), ceiling=tight, limit=None, price=prices)


SOFTENED = {f"softened {seed}": softened(seed) for seed in range(12)}


def instance_of(council: bf.Council) -> Instance:
    """State the council as an instance file would."""
    teams: dict[str, Any] = {
        name: {
            "name": name.upper(),
            "cases": team.cases,
            "posts": {"worker": text(team.workers), "officer": text(team.officers)},
        }
        for name, team in council.teams.items()
    }
    teams["hub"] = {"name": "Hub", "cases": "none"}
    places = {"worker": list(council.teams), "officer": list(council.teams), "lead": ["hub"]}
    kinds = {"worker": "case_holder", "officer": "support", "lead": "support_lead"}
    roles = {
        name: {
            "kind": kinds[name],
            "step": text(role.step),
            "cost": role.cost,
            "set_up": role.set_up,
            "set_up_heads": "by_team" if role.by_team else "pooled",
            "teams": places[name],
        }
        for name, role in council.roles.items()
    }
    pays_for = {"added_posts": ["all"], "posts_today": ["all"] if council.pays_today else []}
    tree: dict[str, Any] = {
        "schema_version": 1,
        "instance": "random",
        "title": "Random",
        "calendar": {"start": "2026-10", "end": "2028-03"},
        "roles": roles,
        "teams": teams,
        "groups": {"frontline": list(council.teams)},
        "standards": standards_of(council),
        "funds": {"growth": {"name": "Growth", "pays_for": pays_for, "ceiling": council.ceiling}},
    }
    if council.bands:
        edges = {"low": "< 16", "fine": "16-20", "high": "21-24", "over": "> 24"}
        tree["bands"] = {"round_average": {"decimals": 0}, "edges": edges}
    return Instance.model_validate(tree)


RULE_OF = {
    "average": "keep_average_caseload",
    "ratio": "keep_support_ratio",
    "limit": "limit_recruitment",
    "budget": "stay_within_budget",
}


def standards_of(council: bf.Council) -> dict[str, Any]:
    """Write the figures of the question as the council's standards."""
    scope = {"scope": "frontline"}
    standards: dict[str, Any] = {"limit_span_of_control": "off"}
    if council.average:
        standards["keep_average_caseload"] = {**council.average, **scope}
    if council.support_ratio:
        ratio = {"ratio": text(council.support_ratio), "each": council.support_each}
        standards["keep_support_ratio"] = {**ratio, **scope}
    if council.span:
        standards["limit_span_of_control"] = {"span": text(council.span)}
    if council.release:
        release = {key: text(figure) for key, figure in council.release.items()}
        standards["release_time"] = {**release, **scope}
    if council.limit is not None:
        standards["limit_recruitment"] = {"limit": text(council.limit)}
    for rule, price in council.price.items():
        standards.setdefault(RULE_OF[rule], {})["soften"] = {"price": price}
    if council.forbid or council.at_most:
        bands = {"forbid": list(council.forbid), "at_most": council.at_most}
        standards["choose_band"] = {**bands, **scope}
    return standards


def text(figure: Fraction) -> str:
    """Write a fraction that has few decimals as a file would: 2.25."""
    return f"{float(figure):g}"


@pytest.mark.parametrize("name", COUNCILS)
def test_the_engine_finds_what_trying_every_plan_finds(name):
    council = COUNCILS[name]
    assert fault_of(council, solved(council)) == ""


def solved(council: bf.Council, **asking: Any) -> so.Plan | None:
    """Let the engine answer; None where it says that there is no plan."""
    try:
        return so.solve(instance_of(council), model=council.model, **asking)
    except so.Infeasible as error:
        if error.grade is not Grade.CERTIFIED:
            raise
        return None


def fault_of(council: bf.Council, plan: so.Plan | None) -> str:
    """Hold an answer against every plan there is: its goals, its decisions, whether it is alone."""
    found = bf.try_all(council)
    if found is None or plan is None:
        return "" if found is plan is None else f"the engine has {plan}, trying all has {found}"
    goals, plans = found
    mine = tuple(goal.value for goal in plan.goals)
    another = plan.provenance.another
    faults = {
        f"it is {plan.grade}": plan.grade is not Grade.CERTIFIED,
        f"its goals are {mine}, not {goals}": mine != goals,
        "it is none of the best": changes_of(plan.decisions) not in plans,
        f"unique: {plan.provenance.unique}, of {len(plans)}": (
            plan.provenance.unique is not (len(plans) == 1)
        ),
        "no other plan is named, or one where none is": (another is None) is not (len(plans) == 1),
        "the other plan is none": another is not None and changes_of(another) not in plans,
        "the other plan is the same": another == plan.decisions,
    }
    return "; ".join(words for words, wrong in faults.items() if wrong)


def changes_of(decisions: Decisions) -> bf.Change:
    """Write decisions as brute force does, without what stays as it is."""
    return {(d.team, d.role): d.change for d in decisions.posts}


@pytest.mark.parametrize("name", SOFTENED)
def test_what_may_be_missed_is_weighed_as_trying_every_plan_weighs_it(name):
    council = SOFTENED[name]
    plan = so.solve(instance_of(council), model=council.model)
    assert tuple(goal.value for goal in plan.goals) == bf.best_missing(council)


def test_of_the_councils_that_may_miss_a_rule_some_do_and_some_do_not():
    missed = [
        any(finding.verdict == "softened" for finding in plan.findings)
        for plan in (so.solve(instance_of(c), model=c.model) for c in SOFTENED.values())
    ]
    assert 3 <= sum(missed) <= len(missed) - 2


def test_the_councils_tried_include_some_without_a_plan_and_more_with_one():
    answers = [bf.best(council) for council in COUNCILS.values()]
    without = sum(answer is None for answer in answers)
    assert 3 <= without <= len(answers) // 3


def test_a_ceiling_makes_some_mix_dearer_and_does_not_only_forbid():
    squeezes = [COUNCILS[f"ceiling on a mix {seed}"] for seed in SQUEEZED_MIXES]
    ample = dict.fromkeys(bf.MONTHS, 10 * AMPLE)
    pairs = [(bf.best(held), bf.best(replace(held, ceiling=ample))) for held in squeezes]
    dearer = [held for held, free in pairs if held and free and held[0] > free[0]]
    assert dearer


def test_bands_change_the_answer_of_most_councils_that_have_them():
    councils = [COUNCILS[f"bands {seed}"] for seed in range(6)]
    free = [bf.best(replace(council, forbid=(), at_most={})) for council in councils]
    assert sum(bf.best(c) != without for c, without in zip(councils, free, strict=True)) >= 3
