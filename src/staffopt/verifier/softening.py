"""What missing softened rules weighs: the price of each shortfall, shown apart from money."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from staffopt.plan import Amount, Finding, MoneyFigure, MoneyKind, Verdict
from staffopt.question import NOT_NAMED
from staffopt.rulebook import Rule
from staffopt.verifier.money import Window, windows
from staffopt.verifier.registry import label_of, run
from staffopt.verifier.staffing import ZERO, Staffing

_Place = tuple[str | None, str | None, str | None]
"""Team, role and area of a finding."""


def penalties(staffing: Staffing) -> tuple[MoneyFigure, ...]:
    """Work out what each softened rule's shortfalls weigh, year by year and place by place.

    Raises:
        InputError: if a softened rule cannot be tested on this council.
    """
    return tuple(
        line
        for rule in staffing.question.rules
        if rule.soften is not None
        for line in _of_rule(rule, staffing)
    )


def _of_rule(rule: Rule, staffing: Staffing) -> Iterator[MoneyFigure]:
    assert rule.soften is not None
    missed: dict[_Place, list[Finding]] = {}
    for finding in run(rule, staffing):
        if finding.verdict is Verdict.SOFTENED:
            missed.setdefault((finding.team, finding.role, finding.area), []).append(finding)
    for window in windows(staffing.question.instance.calendar):
        for (team, role, _), findings in missed.items():
            of = _of_years if rule.by_year else _of_periods
            years = of(_shortfalls(findings), staffing, window)
            if years:
                yield MoneyFigure(
                    line=f"{label_of(rule)} missed",
                    kind=MoneyKind.PENALTY,
                    fund=NOT_NAMED,
                    year=window.year,
                    role=role,
                    team=team,
                    rule=label_of(rule),
                    amount=Amount.of(Fraction(rule.soften.price) * years),
                )


def _shortfalls(findings: list[Finding]) -> dict[str, Fraction]:
    """Return by how much is missed in each period or financial year, by its label."""
    by: dict[str, Fraction] = {}
    for finding in findings:  # several funds may be overspent in a year
        by[str(finding.period)] = by.get(str(finding.period), ZERO) + (finding.by or ZERO)
    return by


def _of_years(by: dict[str, Fraction], _staffing: Staffing, window: Window) -> Fraction:
    """Return what is missed in a window: that of a financial year counts whole."""
    return sum(by.values(), ZERO) if window.lasting else by.get(window.year, ZERO)


def _of_periods(by: dict[str, Fraction], staffing: Staffing, window: Window) -> Fraction:
    """Return what is missed times the years that it lasts in a window.

    A shortfall of a period goes by months; in a full year the greatest of any period counts, so
    that what is made good late is not free before.
    """
    if window.lasting:
        return max(by.values())
    shares = ((period.label, window.share(period.start, period.end)) for period in staffing.periods)
    return sum((share * by.get(label, ZERO) for label, share in shares), ZERO)
