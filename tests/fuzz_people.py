"""What :mod:`fuzz_engine` draws of people: tags, cover, vacancies, and the rules about them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from staffopt.plan import Decisions, PeopleDecision
from staffopt.rulebook import FillPosts

if TYPE_CHECKING:
    import random

    from staffopt.question import Question

TAGS = ["asye", "experienced"]


def add_people(rng: random.Random, tree: dict[str, Any]) -> None:
    """Tag roles, let an agency role cover one of them, and leave posts vacant."""
    for role in tree["roles"].values():
        if rng.random() < 0.6:
            role["tags"] = rng.sample(TAGS, rng.randint(1, 2))
    covered = rng.choice(list(tree["roles"]))
    if rng.random() < 0.7:
        _add_cover(rng, tree, covered)
    for team in tree["teams"].values():
        if rng.random() < 0.6:
            posts = {role: Fraction(fte) for role, fte in team["posts"].items()}
            people = {r: fte - min(fte, Fraction(rng.randint(0, 8), 4)) for r, fte in posts.items()}
            vacant = posts.get(covered, Fraction(0)) - people.get(covered, Fraction(0))
            if "agency" in tree["roles"] and vacant:
                people["agency"] = vacant * rng.choice([0, Fraction(1, 2), 1])
            team["people"] = {role: f"{float(fte):g}" for role, fte in people.items()}


def _add_cover(rng: random.Random, tree: dict[str, Any], covered: str) -> None:
    role = tree["roles"][covered]
    cost = role["cost"] if role["cost"] not in ("none", "unknown") else "30000"
    tree["roles"]["agency"] = {
        "kind": role["kind"],
        "tags": rng.choice([["agency"], ["agency", "experienced"]]),
        "covers": covered,
        "step": rng.choice(["1", "0.5", "0.2", "0"]),
        "cost": f"{float(cost) * rng.choice([1, 1.25, 1.5]):g}",
    }


def people_rules(rng: random.Random, tree: dict[str, Any], scope: Any) -> dict[str, Any]:
    """Draw rules about people, on a council's own roles."""
    kinds = sorted({role["kind"] for role in tree["roles"].values()})
    tags = sorted({tag for role in tree["roles"].values() for tag in role.get("tags", [])})
    counted = {"counted": rng.choice(["posts", "in_post"]), "each": rng.choice(["team", "scope"])}
    rules: dict[str, Any] = {}
    if rng.random() < 0.6:
        rules["fill_posts"] = {
            "staff": rng.choice(kinds),
            "filled": rng.choice(["0", "0.5", "0.75", "0.9"]),
            "surplus": rng.choice(["0", "0", "0.5", "1"]),
            "may_leave": rng.choice(["nobody", "cover", "anybody"]),
            "scope": rng.choice(["all", scope]),
        }
    if rng.random() < 0.35:
        part = {"tag": rng.choice(tags)} if tags and rng.random() < 0.8 else {"kind": kinds[0]}
        limits = rng.choice([{"most": "0.4"}, {"least": "0.25"}, {"most": "0.5", "least": "0.1"}])
        rules["limit_share"] = {**part, **limits, **counted, "of": kinds, "scope": scope}
    if rng.random() < 0.35:
        asked = rng.choice([{"least": rng.choice(["1", "2.5"])}, {"per": "0.5"}, {"per": "1.5"}])
        if "per" in asked:
            asked["supervised"] = rng.choice(tags or ["asye"])
        tag = {"tag": rng.choice(tags)} if tags and rng.random() < 0.5 else {}
        measure = {"measure": rng.choice(["fte", "heads"])}
        found = {**asked, **tag, **measure, **counted, "staff": rng.choice(kinds)}
        rules["keep_minimum_staffing"] = {**found, "scope": scope}
    if rng.random() < 0.3:
        limits = rng.choice([{"least": "1"}, {"times": "1"}, {"least": "0.5", "times": "2"}, {}])
        rules["limit_change"] = {**limits, "most": rng.choice(["3", "40"]), "scope": scope}
        rules["limit_change"]["counted"] = counted["counted"]
    return rules


def people_pins(rng: random.Random, tree: dict[str, Any]) -> dict[str, Any]:
    """Pin who is in post somewhere, near who is there today."""
    team, role = rng.choice(list(tree["teams"])), rng.choice(list(tree["roles"]))
    record = tree["teams"][team]
    today = float(record.get("people", {}).get(role, record["posts"].get(role, 0)))
    return {team: {role: f"{today + rng.choice([0, 0, 0.5, 1]):g}"}}


def other_people(
    asked: Question, rng: random.Random, around: Decisions | None
) -> tuple[PeopleDecision, ...]:
    """Draw people a step or two away from a given plan, or from today."""
    council = asked.instance
    labels = [period.label for period in council.calendar.cut()]
    places = [*_filled(asked)]
    change = {(d.team, d.role, d.period): d.change for d in around.people} if around else {}
    for _ in range(rng.randint(0, 3) if places else 0):
        team, role = rng.choice(places)
        step = Fraction(council.roles[role].step) or Fraction(1, 8)
        size = rng.choice([-2, -1, 1, 2]) * step
        first = rng.randrange(len(labels)) if rng.random() < 0.3 else 0
        for label in labels[first:]:
            change[team, role, label] = change.get((team, role, label), Fraction(0)) + size
    return tuple(
        PeopleDecision(team=t, role=r, period=p, change=c) for (t, r, p), c in change.items() if c
    )


def _filled(asked: Question) -> Iterable[tuple[str, str]]:
    for rule in asked.rules:
        if isinstance(rule, FillPosts):
            for role in asked.roles_of(rule.staff):
                for team in asked.teams_in(rule.scope):
                    if asked.can_be_placed(role, team):
                        yield team, role
