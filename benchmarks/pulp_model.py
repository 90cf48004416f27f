"""The shipped questions as somebody would write them in PuLP: one file, plain dicts, floats.

It reads the council's file with ``yaml.safe_load`` and knows the one-period cases of
``support-ratio``, ``support-and-project``, ``caseload-target`` and ``least-cost-mix`` alone. It
checks nothing: what the engine does besides (faults with their lines, exact figures, a proof or a
second solver, verification) is what the ratios in docs/performance.md are the price of.
"""

from __future__ import annotations

import math
import sys
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
        self.fund: str | None = chosen.get("fund")
        self._standards = {
            name: {**data["standards"].get(name, {}), **own.get(name, {})}
            for name in {**data["standards"], **own}
            if isinstance(data["standards"].get(name, {}), dict)
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
        _choose_band(w, council)
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
    elif rule.get("rounding") != "none":
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


def _choose_band(w: Written, council: Council) -> None:
    """Put every team into one band: a least FTE each, and no more teams than may be in one."""
    rule = council.rule("choose_band")
    if rule is None:
        return
    bands = council.data["bands"]
    half = 0.5 / 10 ** bands["round_average"]["decimals"]
    allowed = {b: edges for b, edges in bands["edges"].items() if b not in rule["forbid"]}
    holders = council.of("case_holder")
    step = min(w.size[r] for r in holders)
    inside = pulp.LpVariable.dicts("band", (list(council.teams), list(allowed)), cat="Binary")
    for t, team in council.teams.items():
        today = council.today(t, *holders)
        least = {
            b: _above(
                team["cases"] / (float(str(edges).split("-")[-1].strip("<= ")) + half), today, step
            )
            for b, edges in allowed.items()
        }
        w.problem += pulp.lpSum(inside[t].values()) == 1
        w.problem += _posts(w, council, t, holders) >= pulp.lpSum(
            fte * inside[t][b] for b, fte in least.items()
        )
    for band, most in rule["at_most"].items():
        w.problem += pulp.lpSum(inside[t][band] for t in council.teams) <= most


def _above(edge: float, today: float, step: float) -> float:
    """Return the least FTE above an edge that whole steps from today lead to."""
    return today + (math.floor((edge - today) / step + FUZZ) + 1) * step


def _keep_budgets(w: Written, council: Council) -> None:
    """Keep what is added within each printed ceiling, with whole heads paid for at the start."""
    funds = council.data.get("funds", {})
    years = _months_by_year(council.data["calendar"])
    for name, fund in funds.items():
        if isinstance(fund.get("ceiling", ""), str):
            continue
        roof = fund["ceiling"]
        roof = roof if isinstance(roof, dict) else dict.fromkeys(years, roof)
        spent = {year: pulp.LpAffineExpression() for year in years}
        for role, record in council.roles.items():
            steps = [x for (_, r), x in w.steps.items() if r == role]
            if not steps or _payer(council, role) != name:
                continue
            fte = w.size[role] * pulp.lpSum(steps)
            heads = pulp.LpVariable(f"heads_{role}", lowBound=0, cat="Integer")
            w.problem += heads >= fte
            for number, (year, months) in enumerate(years.items()):
                spent[year] += record["cost"] * months / 12 * fte
                if number == 0:
                    spent[year] += record["set_up"] * heads
        for year, money in spent.items():
            w.problem += money <= roof[year]


def _payer(council: Council, role: str) -> str | None:
    """Name the fund that pays for added posts of a role; one that names it goes before ``all``."""
    if council.fund is not None:
        return council.fund
    listed = {f: x["pays_for"].get("added_posts", []) for f, x in council.data["funds"].items()}
    return next(
        (f for wanted in (role, "all") for f in sorted(listed) if wanted in listed[f]), None
    )


def _months_by_year(calendar: dict[str, str]) -> dict[str, int]:
    first, last = (_count(calendar[end]) for end in ("start", "end"))
    years: dict[str, int] = {}
    for month in range(first, last + 1):
        year = (month - 3) // 12
        label = f"{year}/{(year + 1) % 100:02d}"
        years[label] = years.get(label, 0) + 1
    return years


def _count(month: str) -> int:
    """Count months from the year 0, January being 0."""
    year, number = month.split("-")
    return int(year) * 12 + int(number) - 1


def minimise(w: Written, solver: pulp.LpSolver) -> float:
    """Minimise the cost alone; returns it."""
    w.problem.setObjective(w.goals[0])
    w.problem.solve(solver)
    return float(pulp.value(w.goals[0]))


def minimise_in_order(w: Written, solver: pulp.LpSolver) -> float:
    """Minimise every goal in order, each held for the next; returns the cost."""
    for goal in w.goals:
        w.problem.setObjective(goal)
        w.problem.solve(solver)
        w.problem += goal <= pulp.value(goal) + 1e-6
    return float(pulp.value(w.goals[0]))


def cbc(seconds: float | None = None) -> pulp.LpSolver:
    """CBC as PuLP carries it: a file, and a process a solve."""
    return pulp.PULP_CBC_CMD(msg=False, gapRel=0, timeLimit=seconds)


def highs(seconds: float | None = None) -> pulp.LpSolver:
    """HiGHS in this process, by highspy: the solver that the engine asks."""
    return pulp.HiGHS(msg=False, gapRel=0, timeLimit=seconds, threads=1)


def extract(w: Written) -> dict[Place, float]:
    """Read the FTE added off the solved problem."""
    return {place: w.size[place[1]] * round(x.value()) for place, x in w.steps.items()}


if __name__ == "__main__":
    answered = write(Council(Path(sys.argv[1]), *sys.argv[2:]))
    sys.stdout.write(f"{minimise_in_order(answered, cbc())} {extract(answered)}\n")
