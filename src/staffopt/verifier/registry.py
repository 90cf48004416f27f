"""Which function says what is true of a plan for which rule, and how a verdict is reached.

Tolerance is zero for money and for posts that change in whole steps. Elsewhere it is
:data:`TOLERANCE`, and what is met by it only is listed as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from staffopt.plan import Finding, Verdict
from staffopt.question import Question
from staffopt.rulebook import Each, Rule, Scope
from staffopt.verifier.staffing import Staffing
from staffopt.verifier.words import number, pounds

TOLERANCE = Fraction(1, 10**6)
"""FTE by which a rule on posts without a step may be missed."""

POUNDS = "pounds"
"""The unit of findings on money."""

R = TypeVar("R", bound=Rule)
Check = Callable[[R, Staffing], Iterator[Finding]]

CHECKS: dict[type[Rule], Check[Any]] = {}
"""Rule class → its check; filled as the check modules are imported."""


def checks(kind: type[R]) -> Callable[[Check[R]], Check[R]]:
    """Register the function that checks a rule."""

    def register(check: Check[R]) -> Check[R]:
        CHECKS[kind] = check
        return check

    return register


def run(rule: Rule, staffing: Staffing) -> tuple[Finding, ...]:
    """Check one rule everywhere it applies; a rule that applies nowhere says so.

    Raises:
        InputError: if the rule cannot be tested on this council.
    """
    found = tuple(_softened(rule, finding) for finding in CHECKS[type(rule)](rule, staffing))
    nowhere = Finding(
        rule=label_of(rule), verdict=Verdict.MET, words="applies to nothing in this plan"
    )
    return found or (nowhere,)


def _softened(rule: Rule, finding: Finding) -> Finding:
    """Say of a softened rule that is missed by how much, and what that weighs.

    Only what lasts a period or a year has a price; the rest says what may be done at all.
    """
    missed = finding.verdict in (Verdict.BROKEN, Verdict.MET_BY_TOLERANCE)
    if rule.soften is None or not missed or finding.by is None or finding.period is None:
        return finding
    price = Fraction(rule.soften.price)
    if finding.unit == POUNDS:
        missed_by = f"{pounds(finding.by)}, at £{number(price)} for each"
    else:
        missed_by = f"{number(finding.by)} {finding.unit}, at £{number(price)} a year for each"
    words = f"{finding.words}; missed by {missed_by}"
    return finding.model_copy(update={"verdict": Verdict.SOFTENED, "price": price, "words": words})


def label_of(rule: Rule) -> str:
    """Return a rule's label, or its name where it has none."""
    return rule.label or rule.name


def judge(shortfall: Fraction, *, stepped: bool) -> Verdict:
    """Return the verdict on a shortfall of FTE (0 or less: met)."""
    if shortfall <= 0:
        return Verdict.MET
    if not stepped and shortfall <= TOLERANCE:
        return Verdict.MET_BY_TOLERANCE
    return Verdict.BROKEN


def of_cases(
    rule: Rule, where: Where, words: str, over: Fraction, *, stepped: bool = True
) -> Finding:
    """Make a finding on cases; ``over`` is by how many the rule is missed (0 or less: met)."""
    return of_amount(rule, judge(over, stepped=stepped), words, where, over, unit="cases")


def of_fte(rule: Rule, verdict: Verdict, words: str, where: Where, shortfall: Fraction) -> Finding:
    """Make a finding on FTE; ``by`` is the shortfall, left out where the rule is met."""
    return of_amount(rule, verdict, words, where, shortfall, unit="FTE")


def of_amount(
    rule: Rule, verdict: Verdict, words: str, where: Where, shortfall: Fraction, *, unit: str
) -> Finding:
    """Make a finding in a unit: FTE, heads or cases; ``by`` is left out where the rule is met."""
    met = verdict is Verdict.MET
    return Finding(
        rule=label_of(rule),
        verdict=verdict,
        words=f"{where.name}: {words}",
        team=where.team,
        area=where.area,
        role=where.role,
        period=where.period,
        by=None if met else shortfall,
        unit=None if met else unit,
    )


@dataclass(frozen=True, slots=True)
class Where:
    """One place in which a rule is checked: a team (and a role), or a whole scope, in a period."""

    name: str
    team: str | None
    teams: tuple[str, ...]
    period: str
    role: str | None = None
    area: str | None = None


def places(staffing: Staffing, scope: Scope, each: Each, teams: tuple[str, ...]) -> Iterator[Where]:
    """Yield every team, every area with its teams in the scope, or the scope, in every period."""
    for period in staffing.labels:
        if each is Each.SCOPE:
            yield Where(_scope_words(staffing, scope), None, teams, period)
        elif each is Each.AREA:
            for area, own in by_area(staffing.question, teams).items():
                yield Where(_area_words(staffing, area), None, own, period, area=area)
        else:
            for team in teams:
                yield Where(staffing.name(team), team, (team,), period)


def by_area(question: Question, teams: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Sort teams by their area; a team of none stands for itself."""
    records = question.instance.teams
    found: dict[str, tuple[str, ...]] = {}
    for team in teams:
        area = records[team].area or team
        found[area] = (*found.get(area, ()), team)
    return found


def _area_words(staffing: Staffing, area: str) -> str:
    areas = staffing.question.instance.areas
    return areas[area].name if area in areas else staffing.name(area)


def _scope_words(staffing: Staffing, scope: Scope) -> str:
    """Write a scope for people: teams by their names, a group's id without underscores."""
    names = (scope,) if isinstance(scope, str) else scope
    teams = staffing.question.instance.teams
    return ", ".join(
        staffing.name(name) if name in teams else name.replace("_", " ") for name in names
    )
