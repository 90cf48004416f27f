"""The least ceilings, and the best within given ones, for people and as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from staffopt.analysis.ceiling import Ceilings, Least
from staffopt.analysis.within import PRICE, Within
from staffopt.plan import fund_name
from staffopt.reporting.sheet import csv_text
from staffopt.reporting.tables import page, table, wrapped
from staffopt.reporting.text import render
from staffopt.reporting.words import NOTHING, listed, thousands, title_words

Row = tuple[str, Least]


def render_ceilings(found: Ceilings) -> str:
    """Write the least ceilings for people."""
    question = found.question
    return page(
        [
            [title_words(question, "the least ceilings")],
            _table("All funds together, £", _sums(found)),
            _split(found),
            _table("Each fund, the others at theirs, £", _funds(found)),
            _notes(found),
        ]
    )


def _sums(found: Ceilings) -> list[Row]:
    rows = [] if found.total is None else [("all years", found.total)]
    return rows + [(str(least.year), least) for least in found.years]


def _funds(found: Ceilings) -> list[Row]:
    names = [fund_name(found.question, str(least.fund)) for least in found.funds]
    return [(f"{name}, {x.year}", x) for name, x in zip(names, found.funds, strict=True)]


def _table(head: str, rows: Sequence[Row]) -> list[str]:
    if not rows:
        return []
    cells = [[name, *_cells(least)] for name, least in rows]
    return table([head, "least ceiling", "exact", "at it", "a pound less"], cells, (0, 3, 4))


def _cells(least: Least) -> list[str]:
    if least.exact is None or least.pounds is None:
        return [NOTHING, NOTHING, "no ceiling helps", NOTHING]
    exact = "" if least.exact == least.pounds else thousands(least.exact, 2)
    grade = NOTHING if least.plan is None else str(least.plan.grade)
    less = f"no plan ({least.less})" if least.less else NOTHING
    return [thousands(Fraction(least.pounds)), exact, f"a plan ({grade})", less]


def _split(found: Ceilings) -> list[str]:
    """Show what the plan of the least sum charges to each fund in each year."""
    years = found.question.instance.calendar.years
    if not found.split:
        return []
    funds = list(dict.fromkeys(fund for fund, _ in found.split))
    cells = [
        [
            fund_name(found.question, fund),
            *(thousands(found.split.get((fund, year), Fraction(0))) for year in years),
        ]
        for fund in funds
    ]
    return table(["The least sum is spent as, £", *years], cells)


def _notes(found: Ceilings) -> list[str]:
    texts = []
    if found.stopped:
        texts.append("Stopped early: ceilings are missing from these tables.")
    if len(found.order) > 1:
        texts.append(
            f"Years are kept low in the order {listed(found.order)}: each is the least once those "
            "before it are at theirs."
        )
    counted = "Ceilings count posts of today that a fund pays for; a saving relaxes none."
    texts += [
        f"{counted} A ceiling is rounded up to whole pounds.",
        *dict.fromkeys(str(x.none) for x in (*found.funds, *found.years) if x.none is not None),
    ]
    return [line for text in texts for line in wrapped(text)]


def ceilings_csv(found: Ceilings) -> str:
    """Write one row a ceiling."""
    rows = [*found.funds, *found.years, *([] if found.total is None else [found.total])]
    head = ["of", "fund", "year", "least ceiling", "exact", "plan", "a pound less"]
    return csv_text(
        head,
        [
            [
                x.of,
                x.fund,
                x.year,
                x.pounds,
                x.exact,
                None if x.plan is None else str(x.plan.grade),
                None if x.less is None else f"no plan ({x.less})",
            ]
            for x in rows
        ],
    )


def render_within(found: Within) -> str:
    """Write the best within given ceilings: what is not met, then the plan."""
    title = title_words(found.question, "the best within the ceilings")
    head = [title, *(line for text in _unmet(found) for line in wrapped(text, " ! "))]
    plan = "" if found.plan is None else "\n" + render(found.plan)
    return page([head, _teams(found)]) + plan


def _unmet(found: Within) -> Iterator[str]:
    if found.met:
        yield "Every rule is met."
        return
    if found.plan is None:
        yield f"Even where the rules that may be missed are, {found.none}"
        return
    yield (
        "Not every rule can be met. They are missed by as little as can be, a unit of each "
        f"weighing £{PRICE:,} a year (which is no money) where the model gives no price:"
    )
    for item in found.unmet:
        yield item.words
    yield f"Why: {found.none}"


def _teams(found: Within) -> list[str]:
    teams = found.question.instance.teams
    cells = [
        [
            teams[short.team].name,
            short.rule,
            NOTHING if short.average is None else thousands(short.average, 2),
            thousands(short.target, 2),
            thousands(short.fte, 2) if short.fte else NOTHING,
        ]
        for short in found.teams
    ]
    head = ["Team by team", "target", "average", "target of", "FTE missing alone"]
    return table(head, cells, (0, 1)) if cells else []


def within_csv(found: Within) -> str:
    """Write one row a rule that is missed, and one a team against a target."""
    unmet = [["missed", x.rule, x.team, x.period, x.by, x.unit, x.words] for x in found.unmet]
    teams = [
        ["team", x.rule, x.team, None, x.fte, "FTE", f"target {x.target}"] for x in found.teams
    ]
    return csv_text(["what", "rule", "team", "period", "by", "unit", "words"], [*unmet, *teams])
