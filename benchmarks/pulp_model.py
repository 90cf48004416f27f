"""The shipped questions as somebody would write them in PuLP: one file, plain dicts, floats.

It reads the council's file with ``yaml.safe_load`` and knows the one-period cases of
``support-and-project``, ``caseload-target`` and ``least-cost-mix`` alone. It checks nothing: what
the engine does besides (faults with their lines, exact fractions, a second solver, verification) is
what the ratios in docs/performance.md are the price of.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulp
import yaml

HERE = Path(__file__).parent
FUZZ = 1e-9
"""Keeps a float that should be whole from being rounded up."""

MAY_CHANGE = {
    "support-ratio": ("support", "support_lead"),
    "support-and-project": ("support", "support_lead"),
    "caseload-target": ("case_holder",),
    "least-cost-mix": ("case_holder", "support", "support_lead"),
}

Place = tuple[str, str]
"""A team and a role."""


@dataclass
class Written:
    """A PuLP problem, its goals in order, and what the answer is read from."""

    problem: pulp.LpProblem
    goals: list[pulp.LpAffineExpression]
    steps: dict[Place, pulp.LpVariable]
    size: dict[str, float]
    taken: dict[str, pulp.LpVariable] = field(default_factory=dict)


class Council:
    """A council's file as plain data, with the standards of one option."""

    def __init__(self, path: Path, option: str | None = None) -> None:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        chosen = data["options"][option or data["default_option"]]
        self.data: dict[str, Any] = data
        self.model: str = chosen["model"]
        self.roles: dict[str, Any] = data["roles"]
        self.teams: dict[str, Any] = data["teams"]
        own = chosen.get("standards", {})
        self._standards = {
            name: {**rule, **own.get(name, {})}
            for name, rule in data["standards"].items()
            if isinstance(rule, dict)
        }

    def rule(self, name: str) -> dict[str, Any] | None:
        return self._standards.get(name)

    def of(self, kind: str) -> list[str]:
        return [r for r, role in self.roles.items() if role["kind"] == kind]

    def scope(self, name: Any) -> list[str]:
        if name == "all":
            return list(self.teams)
        return list(self.data.get("groups", {}).get(name, [name]))

    def today(self, team: str, *roles: str) -> float:
        posts = self.teams[team].get("posts", {})
        return float(sum(posts.get(role, 0) for role in roles))


def write(council: Council) -> Written:
    """State the council's question."""
    problem = pulp.LpProblem("posts", pulp.LpMinimize)
    size = {r: float(role["step"]) for r, role in council.roles.items()}
    steps = {
        (t, r): pulp.LpVariable(f"steps_{t}_{r}", lowBound=0, cat="Integer")
        for t in council.teams
        for kind in MAY_CHANGE[council.model]
        for r in council.of(kind)
        if t in council.roles[r].get("teams", council.teams)
    }
    w = Written(problem, [], steps, size)
    if council.model == "support-and-project":
        _take_packages(w, council)
    if council.model in ("support-ratio", "support-and-project"):
        _keep_ratio(w, council)
    worst = None
    if council.model == "caseload-target":
        worst = _keep_average(w, council, effective=False)
    if council.model == "least-cost-mix":
        worst = _keep_average(w, council, effective=True)
    if council.model != "caseload-target":
        _limit_span(w, council)
    _keep_budgets(w, council)
    cost = pulp.lpSum(
        council.roles[r]["cost"] * size[r] * x for (_, r), x in steps.items()
    ) + pulp.lpSum(_package_rate(council, m) * x for m, x in w.taken.items())
    change = pulp.lpSum(size[r] * x for (_, r), x in steps.items()) + pulp.lpSum(w.taken.values())
    w.goals = [cost, *([worst] if worst is not None else []), change]
    problem.setObjective(cost)
    return w


def _posts(w: Written, council: Council, team: str, roles: list[str]) -> pulp.LpAffineExpression:
    added = [w.size[r] * w.steps[team, r] for r in roles if (team, r) in w.steps]
    return pulp.lpSum(added) + council.today(team, *roles)


def _take_packages(w: Written, council: Council) -> None:
    for package in council.data.get("packages", {}):
        w.taken[package] = pulp.LpVariable(f"taken_{package}", cat="Binary")
        w.problem += w.taken[package] >= 1


def _package_rate(council: Council, package: str, key: str = "recurrent") -> float:
    lines = council.data["package_lines"]
    return float(sum(line.get(key, 0) for line in lines if line["package"] == package))


def _keep_ratio(w: Written, council: Council) -> None:
    rule = council.rule("keep_support_ratio")
    assert rule is not None
    for team in council.scope(rule["scope"]):
        workers = council.today(team, *council.of("case_holder"))
        w.problem += _posts(w, council, team, council.of("support")) >= workers / rule["ratio"]


def _limit_span(w: Written, council: Council) -> None:
    rule = council.rule("limit_span_of_control")
    if rule is None:
        return
    staff = pulp.lpSum(_posts(w, council, t, council.of("support")) for t in council.teams)
    leads = pulp.lpSum(_posts(w, council, t, council.of("support_lead")) for t in council.teams)
    w.problem += staff <= rule["span"] * leads


def _keep_average(w: Written, council: Council, *, effective: bool) -> pulp.LpAffineExpression:
    """Reach the target over the scope; the last line's goal raises the least FTE per case."""
    rule = council.rule("keep_average_caseload")
    assert rule is not None
    teams = council.scope(rule["scope"])
    holders = council.of("case_holder")
    fte = {t: _posts(w, council, t, holders) for t in teams}
    cases = {t: float(council.teams[t]["cases"]) for t in teams}
    least = sum(cases.values()) / rule["target"]
    if effective:
        fte = {t: fte[t] + _released(w, council, t) for t in teams}
    else:
        least = _rounded(rule.get("rounding", "posts_up"), least, council, teams, holders)
    w.problem += pulp.lpSum(fte.values()) >= least
    per_case = pulp.LpVariable("least_fte_per_case", lowBound=0)
    for t in teams:
        w.problem += fte[t] >= cases[t] * per_case
    return -per_case


def _rounded(
    rounding: str, least: float, council: Council, teams: list[str], holders: list[str]
) -> float:
    today = sum(council.today(t, *holders) for t in teams)
    step = float(council.roles[holders[0]]["step"])
    need = (least - today) / step
    whole = math.floor(need + 0.5) if rounding == "posts_nearest" else math.ceil(need - FUZZ)
    return today + max(whole, 0) * step


def _released(w: Written, council: Council, team: str) -> pulp.LpAffineExpression:
    rule = council.rule("release_time")
    assert rule is not None
    share = rule["hours"] / rule["contract_hours"]
    support, holders = council.of("support"), council.of("case_holder")
    officers, workers = council.today(team, *support), council.today(team, *holders)
    served = pulp.LpVariable(f"served_{team}", lowBound=0)
    w.problem += served <= _posts(w, council, team, holders)
    w.problem += served <= rule["ratio"] * _posts(w, council, team, support)
    w.problem += served <= 1 / share * _posts(w, council, team, support)
    return share * (served - min(workers, rule["ratio"] * officers, officers / share))


def _keep_budgets(w: Written, council: Council) -> None:
    """Keep within each printed ceiling; months and years are those of the tiny council."""
    funds = council.data.get("funds", {})
    limited = {f: x for f, x in funds.items() if not isinstance(x.get("ceiling", ""), str)}
    first, later = "2026/27", "2027/28"
    for fund in limited.values():
        roof = fund["ceiling"]
        roof = roof if isinstance(roof, dict) else dict.fromkeys((first, later), roof)
        spent = {first: pulp.LpAffineExpression(), later: pulp.LpAffineExpression()}
        if "added_posts" in fund["pays_for"]:
            for role, record in council.roles.items():
                steps = [x for (_, r), x in w.steps.items() if r == role]
                fte = w.size[role] * pulp.lpSum(steps)
                heads = pulp.LpVariable(f"heads_{role}", lowBound=0, cat="Integer")
                w.problem += heads >= fte
                spent[first] += record["cost"] / 2 * fte + record["set_up"] * heads
                spent[later] += record["cost"] * fte
        for year, money in spent.items():
            w.problem += money <= roof[year]


def minimise(w: Written) -> float:
    """Minimise the cost alone; returns it."""
    w.problem.solve(_cbc())
    return float(pulp.value(w.goals[0]))


def minimise_in_order(w: Written) -> float:
    """Minimise every goal in order, each held for the next; returns the cost."""
    for goal in w.goals:
        w.problem.setObjective(goal)
        w.problem.solve(_cbc())
        w.problem += goal <= pulp.value(goal) + 1e-6
    return float(pulp.value(w.goals[0]))


def _cbc() -> pulp.PULP_CBC_CMD:
    return pulp.PULP_CBC_CMD(msg=False, gapRel=0)


def extract(w: Written) -> dict[Place, float]:
    """Read the FTE added off the solved problem."""
    return {place: w.size[place[1]] * round(x.value()) for place, x in w.steps.items()}
