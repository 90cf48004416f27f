"""What happens when managed teams leave, and how the others' caseload runs until then."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from staffopt.plan import TODAY, Figures, Plan, fund_name
from staffopt.question import NOT_NAMED, Question
from staffopt.reporting.course import period_words
from staffopt.reporting.tables import wrapped
from staffopt.reporting.words import caseload_words, fte_words, pounds
from staffopt.verifier.managed import term_price

_DECIMALS = 2
_MOST_RUNS = 12
"""So many stretches of one average are told in a line; a longer course is told by its ends."""


def there_already(question: Question) -> list[str]:
    """Say which managed teams are there already, for how long, and what their term costs."""
    lines = []
    for name, record in question.instance.managed_teams.items():
        if record.there_since is None:
            continue
        end = record.there_since + (record.months - 1)
        parts = [f"{record.name} is there from {record.there_since.words} to {end.words}"]
        if isinstance(record.capacity, Decimal):
            parts.append(f"holds {fte_words(Fraction(record.capacity))} cases")
        price = term_price(record)
        if price is not None:
            fund = fund_name(question, question.fund_of_managed_team(name) or NOT_NAMED)
            parts.append(f"and its term costs {pounds(price)} ({fund})")
        lines += wrapped(f"{', '.join(parts)}.", later="    ")
    return lines


def exits(plan: Plan) -> list[str]:
    """Write what happens on exit, in lines of the report's width."""
    lines = [line for text in exit_words(plan) for line in wrapped(text, later="    ")]
    return ["On exit", *lines] if lines else []


def exit_words(plan: Plan) -> list[str]:
    """Say of each managed team that leaves who gets its cases back, and what they carry then."""
    council = plan.question.instance
    lines = []
    for figure in plan.figures.exits:
        name, team = council.managed_teams[figure.managed_team].name, council.teams[figure.team]
        cases = f"{fte_words(figure.cases)} cases that it holds go back to {team.name}"
        then = f"from {period_words(figure.period)}" if figure.period else "if all else stays"
        before, after = caseload_words(figure.before), caseload_words(figure.after)
        carry = f"{before} each until then and {after} {then}"
        words = f"{name} leaves after {figure.end.words}: the {cases}. There {_others(plan)} carry "
        lines.append(f"{words}{carry}.")
    return lines


def _others(plan: Plan) -> str:
    capped = any(figure.basis == "others" for figure in plan.figures.caseloads)
    return "those without a protected caseload" if capped else "case holders"


def others_over_time(question: Question, figures: Figures) -> list[str]:
    """Write how their caseload runs, in lines of the report's width."""
    texts = others_words(question, figures)
    return [line for text in texts for line in wrapped(text, later="    ")]


def others_words(question: Question, figures: Figures) -> list[str]:
    """Say how the caseload of those without a protected one runs, where it does not stay."""
    lines = []
    for team, record in question.instance.teams.items():
        course = [
            (figure.period, figure.average)
            for figure in figures.caseloads
            if (figure.of, figure.basis) == (team, "others") and figure.period != TODAY
        ]
        runs = [(average, next(run)[0]) for average, run in groupby(course, lambda one: one[1])]
        if len(runs) > 1:
            told = runs if len(runs) <= _MOST_RUNS else [runs[0], runs[-1]]
            words = ", ".join(
                f"{caseload_words(mean)} from {period_words(start)}" for mean, start in told
            )
            lines.append(f"The others (b) in {record.name} carry {words}.")
    return lines
