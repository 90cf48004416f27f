"""Ask random questions of random councils and hold every answer against what must be true of it.

The test suite tries a few dozen; a longer run is a command of its own::

    python tests/fuzz_engine.py --count 500 --seed 1

A council is drawn over the whole of the file format, a model over every rule and goal in any
combination. An answer passes if the plan verifies, if no plan near it (one or two steps away, or
drawn at random) is allowed and better by the verifier's own figures, and if a council without a
plan has none among those tried. What the engine refuses as an input is refused. Everything else is
printed with its seed, and the command then ends with 1.
"""

import random
import sys
import traceback
from fractions import Fraction
from typing import Any

import fuzz_workload as workload
import staffopt as so
from fuzz_case_flow import add_flow, closings
from fuzz_money import add_benefits, add_ends, add_funds, add_money
from fuzz_people import add_people, other_people, people_pins, people_rules
from seeds_run import run
from staffopt.desk import Desk
from staffopt.instance.schema import Instance
from staffopt.model.schema import Model
from staffopt.plan import Decisions, ManagedTeamDecision, PackageDecision, PostDecision, Verdict
from staffopt.question import Question
from staffopt.request import Request
from staffopt.rulebook import find_rule
from staffopt.verifier import check_decisions, derive, goal_value

KINDS = ["case_holder", "support", "support_lead", "manager", "administration"]
CALENDARS = [
    {"start": "2026-10", "end": "2028-03"},
    {"start": "2026-10", "end": "2028-03", "periods": "financial_years"},
    {"start": "2027-02", "end": "2027-05", "periods": "months"},
    {"start": "2026-04", "end": "2027-03"},
]
PRICES = ["500", "26776.50", "41000", "70000", "250000"]
BANDS = [
    {"edges": {"low": "< 15", "fine": "15-20", "high": "> 20"}},
    {
        "round_average": {"decimals": 0},
        "edges": {"low": "< 16", "fine": "16-20", "high": "21-24", "over": "> 24"},
        "manageable": "fine",
    },
    {"round_average": {"decimals": 1}, "edges": {"low": "<= 14.9", "fine": "15-20", "up": "> 20"}},
    {"edges": {"low": "<= 15", "fine": "> 15"}},
]


def council(rng: random.Random) -> dict[str, Any]:
    """Draw a council as an instance file would state it."""
    names = ["a", "b", "c"][: rng.randint(1, 3)]
    calendar = rng.choice(CALENDARS)
    roles = _roles(rng, names)
    tree: dict[str, Any] = {
        "schema_version": 1,
        "instance": "random",
        "title": "Random",
        "calendar": calendar,
        "case_types": {"plain": {}, "hard": {"weight": rng.choice(["1.5", "2"])}},
        "areas": {"east": {"name": "East"}},
        "roles": roles,
        "teams": {name: _team(rng, name, roles) for name in names},
        "groups": {"some": names[: rng.randint(1, len(names))]},
        "funds": _funds(rng, roles),
    }
    workload.add_holders(rng, tree)
    if rng.random() < 0.25:
        workload.add_course(rng, tree)
    if rng.random() < 0.6:
        tree["bands"] = rng.choice(BANDS)
    if rng.random() < 0.4:
        _add_packages(rng, tree)
    if rng.random() < 0.3:
        tree["managed_teams"] = {"relief": _managed_team(rng, tree)}
    if rng.random() < 0.3:
        tree["pins"] = _pins(rng, tree)
    if rng.random() < 0.5:
        add_people(rng, tree)
    own = random.Random()  # of its own, so that what else a seed draws stays as it was
    own.setstate(rng.getstate())
    if own.random() < 0.5:
        add_money(own, tree)
        add_funds(own, tree)
        add_benefits(own, tree)
    if own.random() < 0.15:
        add_ends(own, tree)
    return tree


def _roles(rng: random.Random, teams: list[str]) -> dict[str, Any]:
    kinds = ["case_holder", "support", "support_lead"][: rng.randint(1, 3)]
    kinds += rng.choice([[], ["case_holder"], ["support"], ["manager"], ["administration"]])
    steps = ["1", "0.5", "0.25", "1", "0.5", "0.2", "0"]
    roles = {}
    for number, kind in enumerate(kinds):
        roles[f"r{number}"] = {
            "kind": kind,
            "step": rng.choice(steps),
            "cost": rng.choice(["40000", "41839", "26776.50", "52000", "31613"]),
            "set_up": rng.choice(["none", "0", "1100", "9000.25", "unknown"]),
            "set_up_heads": rng.choice(["pooled", "by_team"]),
        }
        if rng.random() < 0.2:
            roles[f"r{number}"]["cost"] = rng.choice(["none", "0", "0.01"] * 4 + ["unknown"])
        if rng.random() < 0.2 and kind == "case_holder":
            roles[f"r{number}"]["cap"] = rng.choice(["12", "15"])
        if rng.random() < 0.3:
            roles[f"r{number}"]["teams"] = rng.sample(teams, rng.randint(1, len(teams)))
    return roles


def _team(rng: random.Random, name: str, roles: dict[str, Any]) -> dict[str, Any]:
    posts = {}
    for role, record in roles.items():
        if name in record.get("teams", [name]) and rng.random() < 0.8:
            most = 20 if record["kind"] == "case_holder" else 8
            posts[role] = str(Fraction(rng.randint(0, most), 4) + 0)
    posts = {role: f"{float(Fraction(fte)):g}" for role, fte in posts.items()}
    holders = sum(float(posts[r]) for r in posts if roles[r]["kind"] == "case_holder")
    cases: Any = int(max(1, holders) * rng.randint(12, 26))
    draw = rng.random()
    if draw < 0.1:
        cases = rng.choice(["none", "0"])
    elif draw < 0.13:
        cases = "unknown"
    elif draw < 0.25:
        cases = {"plain": rng.randint(0, 60), "hard": rng.randint(0, 20)}
    team: dict[str, Any] = {"name": name.upper(), "cases": cases, "posts": posts}
    if rng.random() < 0.3:
        team["area"] = "east"
    return team


def _funds(rng: random.Random, roles: dict[str, Any]) -> dict[str, Any]:
    funds = {}
    for name in ["base", "growth"][: rng.choice([0, 1, 1, 2, 2])]:
        pays = {
            "added_posts": rng.choice([["all"], [], [rng.choice(list(roles))]]),
            "posts_today": rng.choice([["all"], [], [], [rng.choice(list(roles))]]),
            "packages": rng.choice([["all"], []]),
        }
        fund: dict[str, Any] = {"name": name, "pays_for": pays}
        if rng.random() < 0.6:
            fund["ceiling"] = rng.choice(
                [
                    "none printed",
                    "unlimited",
                    rng.randrange(20_000, 900_000, 1_000),
                    {"2026/27": rng.randrange(10_000, 500_000, 1_000)},
                    {"2026/27": "unlimited", "2027/28": rng.randrange(10_000, 500_000, 500)},
                ]
            )
        if rng.random() < 0.15:
            fund["ends"] = rng.choice(["2027-03", "2027-08", "2028-03", "2029-03"])
        funds[name] = fund
    return funds


def _add_packages(rng: random.Random, tree: dict[str, Any]) -> None:
    names = ["kit", "team"][: rng.randint(1, 2)]
    tree["packages"] = {}
    tree["package_lines"] = []
    for name in names:
        package: dict[str, Any] = {
            "name": name,
            "start": rng.choice(["2026-10", "2027-02", "2027-04", "2026-01"]),
            "months": rng.choice([1, 3, 6, 12, 24]),
        }
        if tree["funds"] and rng.random() < 0.5:
            package["fund"] = rng.choice(list(tree["funds"]))
        tree["packages"][name] = package
        post = {"package": name, "post": "Lead", "fte": "1.5"}
        recurrent = rng.choice(["45000", "80000.10", "unknown", "none"])
        tree["package_lines"].append({**post, "recurrent": recurrent})
        item = {"package": name, "item": "phones", "count": "3"}
        tree["package_lines"].append({**item, "one_off": rng.choice(["999", "unknown"])})


def _managed_team(rng: random.Random, tree: dict[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = {
        "name": "Relief",
        "starts": rng.sample(["2026-08", "2026-10", "2027-02", "2027-03"], rng.randint(1, 3)),
        "months": rng.choice([1, 3, 6]),
        "price": rng.choice(["60000", "250000.10"] * 4 + ["unknown"]),
        "travel": rng.choice(["none", "999", "unknown"]),
        "per": rng.choice(["term", "month"]),
        "at_once": rng.choice([1, 2]),
        "capacity": rng.choice(["40", "unknown"]),
        "serves": {rng.choice(list(tree["teams"])): 1},
    }
    if rng.random() < 0.6:
        notice, most = rng.choice([0, 2]), rng.choice([1, 4])
        step, per = rng.choice([1, most]), rng.choice(["month", "step"])
        terms = {"months": most, "step": step, "per": per, "price": "18000.5"}
        record["extension"] = {**terms, "notice": notice}
        if tree["funds"] and rng.random() < 0.3:
            record["extension"]["fund"] = rng.choice(list(tree["funds"]))
    if rng.random() < 0.3:
        record |= {"there_since": _month_before(tree["calendar"]["start"]), "months": 3}
        record["starts"] = [m for m in record["starts"] if m != record["there_since"]]
    if tree["funds"] and rng.random() < 0.5:
        record["fund"] = rng.choice(list(tree["funds"]))
    return record


def _month_before(month: str) -> str:
    count = int(month[:4]) * 12 + int(month[5:]) - 2
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def _pins(rng: random.Random, tree: dict[str, Any]) -> dict[str, Any]:
    pins: dict[str, Any] = {}
    role = rng.choice(list(tree["roles"]))
    if rng.random() < 0.5:
        pins["change"] = {role: rng.choice(["1", "0", "0.5", "2"])}
    else:
        team = rng.choice(list(tree["teams"]))
        today = float(tree["teams"][team]["posts"].get(role, 0))
        pins["posts"] = {team: {role: f"{today + rng.choice([0, 1, 2, 0.5]):g}"}}
    if rng.random() < 0.2:
        pins["people"] = people_pins(rng, tree)
    if "packages" in tree and rng.random() < 0.5:
        pins["packages"] = {rng.choice(list(tree["packages"])): rng.choice(["true", "false"])}
    return pins


def model(  # noqa: C901, PLR0912 (one branch a rule)
    rng: random.Random, tree: dict[str, Any]
) -> dict[str, Any]:
    """Draw a model over every rule and goal, on a council's own names."""
    rules: dict[str, Any] = {}
    released = rng.random() < 0.4
    if rng.random() < 0.65:
        rules["keep_existing_posts"] = {"scope": "some"} if rng.random() < 0.2 else {}
    if rng.random() < 0.7:
        rules["keep_average_caseload"] = _average(rng, tree, released=released)
    if rng.random() < 0.1:
        rules["second_average"] = {
            **_average(rng, tree, released=released),
            "rule": "keep_average_caseload",
        }
    if rng.random() < 0.4:
        ratio = {"ratio": rng.choice(["4", "3", "4.5", "7"]), "each": _each(rng)}
        rules["keep_support_ratio"] = {**ratio, "scope": _scope(rng, tree)}
    if rng.random() < 0.3:
        span = {"span": rng.choice(["5", "8", "3.5"]), "each": _each(rng)}
        span["measure"] = rng.choice(["fte", "heads"])
        kinds = {"managers": rng.choice(["support_lead", "manager"]), "staff": rng.choice(KINDS)}
        rules["limit_span_of_control"] = {**span, **kinds, "scope": _scope(rng, tree)}
    if released:
        rules["release_time"] = _release(rng, tree)
    if rng.random() < 0.05:
        rules["more_release"] = {**_release(rng, tree), "rule": "release_time"}
    if rng.random() < 0.3:
        limit = rng.choice(["1", "2.5", "0", "6", "unlimited", "none printed"])
        staff = rng.choice(["case_holder", "support"])
        rules["limit_recruitment"] = {"limit": limit, "staff": staff, "scope": _scope(rng, tree)}
    if rng.random() < 0.4 and "bands" in tree:
        rules["choose_band"] = _choose(rng, tree, released=released)
    if rng.random() < 0.7 and "managed_teams" in tree:
        rules["buy_managed_team"] = {"required": rng.choice(["true", "false"])}
    if rng.random() < 0.6 and "packages" in tree:
        names = rng.choice([["all"], list(tree["packages"])[:1]])
        rules["take_bundle_whole"] = {"packages": names, "required": rng.choice(["true", "false"])}
    if rng.random() < 0.7:
        rules["stay_within_budget"] = {}
    workload.add_rules(rng, rules, _scope(rng, tree))
    if rng.random() < 0.5:
        rules |= people_rules(rng, tree, _scope(rng, tree))
    add_flow(rng, tree, rules)
    _pool_areas(rng, rules)
    goals = _goals(rng, tree, released=released, split="hold_every_case" in rules)
    if "flow_cases" in rules and rng.random() < 0.7:
        goals.append({"minimise": "open_cases"})
    if rng.random() < 0.3:
        _soften(rng, rules)
    if goals and goals[0]["minimise"] == "worst_caseload":
        rules.pop("choose_band", None)  # its hull ends where no council does, which hides no end
    may = rng.choice([["case_holder"], ["case_holder", "support", "support_lead"], KINDS, []])
    return {
        "schema_version": 1,
        "model": "random",
        "title": "Random",
        "may_change": may,
        "rules": rules,
        "goals": goals,
    }


def _pool_areas(rng: random.Random, rules: dict[str, Any]) -> None:
    """Look at some rules area by area."""
    own = random.Random()  # of its own, so that what else a seed draws stays as it was
    own.setstate(rng.getstate())
    for rule in rules.values():
        name = rule.get("rule")
        if "each" in rule and "target" not in rule and name is None and own.random() < 0.3:
            rule["each"] = "area"


def _soften(rng: random.Random, rules: dict[str, Any]) -> None:
    """Let some rules be missed at a price; what cannot be is refused, now and then."""
    for label, rule in rules.items():
        firm = bool(find_rule(rule.get("rule", label)).firm) or {"least", "most"} <= {*rule}
        if rng.random() < (0.01 if firm else 0.4):
            price = rng.choice(["0.5", "3"] if label == "stay_within_budget" else PRICES)
            rules[label] = {**rule, "soften": {"price": price}}


def _each(rng: random.Random) -> str:
    return rng.choice(["team", "scope"])


def _scope(rng: random.Random, tree: dict[str, Any]) -> Any:
    return rng.choice(["all", "some", rng.choice(list(tree["teams"])), "east", ["some", "a"]])


def _average(rng: random.Random, tree: dict[str, Any], *, released: bool) -> dict[str, Any]:
    rule = {
        "target": rng.choice(["16", "18", "20.5", "17.25", "19.999"]),
        "each": _each(rng),
        "scope": _scope(rng, tree),
        "basis": _basis(rng, released=released),
        "denominator": rng.choice(workload.DENOMINATORS),
        "rounding": rng.choice(
            ["none", "posts_nearest", "posts_up", "printed(0)", "printed(1)", "printed(2)"]
        ),
    }
    if rng.random() < 0.6:
        rule["margin"] = "0.001"
    return rule


def _basis(rng: random.Random, *, released: bool) -> str:
    return rng.choice(["reported", "effective"]) if released or rng.random() < 0.02 else "reported"


def _release(rng: random.Random, tree: dict[str, Any]) -> dict[str, Any]:
    return {
        "hours": rng.choice(["6.5", "5", "9.25"]),
        "contract_hours": "37",
        "ratio": rng.choice(["4", "3", "6"]),
        "scope": _scope(rng, tree),
    }


def _choose(rng: random.Random, tree: dict[str, Any], *, released: bool) -> dict[str, Any]:
    names = list(tree["bands"]["edges"])
    rule: dict[str, Any] = {"scope": _scope(rng, tree)}
    rule["basis"] = _basis(rng, released=released)
    if rng.random() < 0.7:
        rule["forbid"] = rng.sample(names, rng.randint(1, len(names) - 1))
    if rng.random() < 0.4:
        rule["at_most"] = {rng.choice(names): rng.choice(["0", "1"])}
    workload.add_prices(rng, rule, names)
    rule["denominator"] = rng.choice(workload.DENOMINATORS)
    if rng.random() < 0.6:
        rule["margin"] = "0.001"
    return rule


def _goals(
    rng: random.Random, tree: dict[str, Any], *, released: bool, split: bool
) -> list[dict[str, Any]]:
    pool: list[dict[str, Any]] = [
        {"minimise": "full_year_cost"},
        {"minimise": "cost"},
        {"minimise": "cost", "year": "2026/27"},
        {"minimise": "spend"},
        {"minimise": "spend", "year": "2026/27", "fund": rng.choice([*tree["funds"], "not named"])},
        {"minimise": "penalty"},
        {"minimise": "change_from_today"},
        {"minimise": "worst_caseload"},
        *workload.more_goals(tree, split=split),
    ]
    if "agency" in tree["roles"]:
        pool.append({"minimise": "agency_use"})
    if tree["calendar"]["end"] > "2027-03":
        pool.append({"minimise": "cost", "year": "2027/28"})
    goals = rng.sample(pool, rng.choice([0, 1, 2, 2, 3, 3, 4]))
    for goal in goals:
        if goal["minimise"] in ("worst_caseload", "cases_above_band"):
            goal["denominator"] = rng.choice(workload.DENOMINATORS)
            if rng.random() < 0.4:
                goal["scope"] = _scope(rng, tree)
            if released and rng.random() < 0.5:
                goal["basis"] = "effective"
        if rng.random() < 0.15:
            small = {"worst_caseload": "0.5", "change_from_today": "1"}
            small |= {"cases_above_band": "2", "unallocated_cases": "2"}
            goal["tolerance"] = small.get(goal["minimise"], "5000")
        if rng.random() < 0.15:
            most = {"worst_caseload": ["15", "181/8", "40"], "change_from_today": ["2.5", "9"]}
            most |= {"cases_above_band": ["0", "7.25"], "unallocated_cases": ["0", "30"]}
            goal["at_most"] = rng.choice(most.get(goal["minimise"], ["0", "60000.5", "900000"]))
    return goals


Values = tuple[Fraction, ...]


def values_of(asked: Question, decisions: Decisions) -> Values | None:
    """Return a plan's goals by the verifier's own figures; None if it is not allowed."""
    figures = derive(asked, decisions)
    found = check_decisions(asked, decisions, figures)
    if any(f.verdict in (Verdict.BROKEN, Verdict.MET_BY_TOLERANCE) for f in found):
        return None
    try:
        return tuple(goal_value(asked, figures, goal) for goal in asked.goals)
    except so.InputError:
        return None


def others(asked: Question, rng: random.Random, around: Decisions | None, count: int) -> list:
    """Draw plans: a step or two away from a given one, or anywhere near today."""
    council = asked.instance
    labels = [period.label for period in council.calendar.cut()]
    offers = list(council.packages)
    places = [
        (team, role)
        for team in council.teams
        for role in council.roles
        if asked.changes(role) and asked.can_be_placed(role, team)
    ]
    given = {(d.team, d.role, d.period): d.change for d in around.posts} if around else {}
    kept = {d.package for d in around.packages if d.taken} if around else set()
    plans = []
    for _ in range(count):
        change, taken = dict(given), set(kept)
        for _ in range(rng.randint(1, 3 if around else 8) if places else 0):
            team, role = rng.choice(places)
            step = Fraction(council.roles[role].step) or Fraction(1, 8)
            size = rng.choice([-2, -1, 1, 2] if around else [-1, 1, 2, 4]) * step
            first = rng.randrange(len(labels)) if rng.random() < 0.3 else 0
            for label in labels[first:]:
                change[team, role, label] = change.get((team, role, label), Fraction(0)) + size
        if offers and rng.random() < 0.4:
            taken ^= {rng.choice(offers)}
        managed = _other_teams(asked, rng, around)
        posts = [
            PostDecision(team=t, role=r, period=p, change=c) for (t, r, p), c in change.items() if c
        ]
        packages = [PackageDecision(package=name, taken=True) for name in sorted(taken)]
        kinds = {"posts": tuple(posts), "packages": tuple(packages), "managed_teams": managed}
        cases = workload.splits(asked, rng, around.cases if around else None)
        people = other_people(asked, rng, around)
        closed = closings(asked, rng, around.closed if around else None)
        plans.append(Decisions(**kinds, cases=cases, people=people, closed=closed))
    return plans


def _other_teams(
    asked: Question, rng: random.Random, around: Decisions | None
) -> tuple[ManagedTeamDecision, ...]:
    """Draw managed teams: those of a plan, none, or any that can start."""
    given = around.managed_teams if around else ()
    if not asked.instance.managed_teams or rng.random() < 0.5:
        return given
    drawn = {}
    for _ in range(rng.randint(0, 2)):
        name = rng.choice(list(asked.instance.managed_teams))
        record = asked.instance.managed_teams[name]
        most = record.extension.months if record.extension else 0
        there = () if record.there_since is None else (record.there_since,)
        start, extension = rng.choice((*record.starts, *there)), rng.randint(0, most)
        drawn[name, start, extension] = ManagedTeamDecision(
            managed_team=name, start=start, extension=extension, teams=rng.randint(1, 2)
        )
    return tuple(drawn.values())


def better(mine: Values, theirs: Values, asked: Question) -> bool:
    """Say whether other goals come first by more than a plan's words allow.

    Decisions that are on no step are written to a ten-thousandth, which moves cases by as much as a
    caseload's part of it.
    """
    rounded = any(role.step == 0 for role in asked.instance.roles.values())
    for one, two, goal in zip(mine, theirs, asked.goals, strict=True):
        tolerance = Fraction(goal.tolerance or 0)
        pounds = goal.minimise in ("full_year_cost", "cost", "spend", "penalty")
        slack = Fraction(1) if pounds else Fraction(1, 100 if rounded else 10**5)
        if two < one - slack - tolerance:
            return True
        if two > one or tolerance:
            return False
    return False


def try_one(seed: int, *, isolation: str = "inline") -> str:
    """Ask one random question; say how it ended, ``DEFECT`` first where it must not end so."""
    rng = random.Random(seed)
    tree = council(rng)
    wanted = model(rng, tree)
    return try_question(tree, wanted, rng, isolation=isolation)


def try_question(  # noqa: PLR0911 (one return an ending)
    tree: dict[str, Any], wanted: dict[str, Any], rng: random.Random, *, isolation: str = "inline"
) -> str:
    """Ask one question and judge the answer."""
    try:
        instance = Instance.model_validate(tree)
        stated = Model.model_validate(wanted)
    except ValueError as error:
        return f"DEFECT in the generator: {error}"
    request = Request(model="random", isolation=isolation, cross_check=True, time_limit=20)
    desk = Desk(instance, {"random": stated}, request)
    try:
        asked = desk.question
        plan = desk.solve()
    except so.Infeasible as error:
        for other in others(asked, rng, None, 60):
            if values_of(asked, other) is not None:
                return f"DEFECT infeasible, yet {other.model_dump(mode='json')} is a plan: {error}"
        return f"infeasible {error.grade}"
    except so.InputError as error:
        return f"refused {error.faults[0].code}"
    except so.StaffoptError as error:
        return f"DEFECT {type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001 (whatever it is, it is what is looked for)
        return f"DEFECT {traceback.format_exc()}"
    finally:
        desk.close()
    return _judge(plan, asked, rng)


def _judge(plan: so.Plan, asked: Question, rng: random.Random) -> str:
    verified = so.verify(plan)
    if not verified.ok:
        return f"DEFECT not verified: {[f.words for f in verified.broken]}"
    if plan.provenance.stopped != "proven":
        return f"DEFECT stopped: {plan.provenance.stopped}"
    mine = values_of(asked, plan.decisions)
    if mine is not None:
        tries = others(asked, rng, plan.decisions, 60) + others(asked, rng, None, 20)
        for other in tries:
            theirs = values_of(asked, other)
            if theirs is not None and better(mine, theirs, asked):
                told = other.model_dump(mode="json")
                return f"DEFECT {plan.grade}: {told} comes to {theirs}, the plan to {mine}"
    return f"plan {plan.grade}"


if __name__ == "__main__":
    sys.exit(run(__doc__, try_one, 500))
