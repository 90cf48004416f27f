"""Every sum of money in a report, held to the exact figures that it can be.

Reports are read as people read them: each number that is told in pounds is taken out of the text.
It must be one of the sums that follow from the plans' decisions, worked out here from the ledger
that `verify` makes, rounded half up to the decimals that are printed. A sum that was rounded to
even, cut off, rounded twice or added up from rounded parts is none of these.
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations
from math import ceil
from typing import TYPE_CHECKING, Any

import staffopt as so
from fuzz_money import add_benefits, add_funds, add_money
from staffopt.analysis.bridge import bridge
from staffopt.analysis.choice import Choice
from staffopt.instance.schema import Instance
from staffopt.plan import FULL_YEAR, Plan
from staffopt.reporting.bridging import render_bridge
from staffopt.reporting.buying import (
    frontier_csv,
    next_pound_csv,
    render_frontier,
    render_next_pound,
)
from staffopt.reporting.least import ceilings_csv, render_ceilings
from staffopt.reporting.options import options_csv, render_options
from staffopt.reporting.switching import render_switching, switching_csv
from staffopt.reporting.text import render
from staffopt.verifier import derive
from staffopt.verifier.funds import fund_years
from staffopt.verifier.managed import whole_price
from staffopt.verifier.money import annual_rate
from staffopt.verifier.prices import a_person, a_post

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MONEY = re.compile(r"(?P<sign>[-−])?£(?P<figure>\d[\d,]*(?:\.\d+)?)(?P<unit>[km])?\b")
"""Pounds in a sentence or on a chart: £1,234.50, -£50k."""

LARGE = re.compile(r"(?<![\w.,£/-])[-−+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w/])")
"""A figure with thousands in a table: all others of these councils are below a thousand."""


AXIS = 5000
"""What the marks of a chart's axis are multiples of; they are no sums."""


def half_up(value: Fraction, decimals: int) -> Fraction:
    """Round with halves away from zero, by this file's own arithmetic."""
    scaled = abs(value) * 10**decimals
    whole = scaled.numerator // scaled.denominator
    whole += scaled - whole >= Fraction(1, 2)
    return Fraction(-whole if value < 0 else whole, 10**decimals)


def exact_sums(plan: Plan) -> set[Fraction]:
    """Every sum that a report may tell of one plan, unrounded."""
    question, council = plan.question, plan.question.instance
    figures = derive(question, plan.decisions)
    found = {Fraction(0)}
    for lines in (figures.money, _at_base(plan)):
        sums: dict[tuple[Any, ...], Fraction] = defaultdict(Fraction)
        for line in lines:
            raw = line.amount.raw if line.amount else Fraction(0)
            what = line.line.partition(" ")[0]
            facts = {
                "fund": line.fund,
                "kind": line.kind,
                "what": what,
                "line": line.line,
                "new": line.is_new,
                "team": line.team,
                "package": line.package,
            }
            years = [(line.year,)] if line.year == FULL_YEAR else [(line.year,), ()]
            for size in range(4):
                for names in combinations(facts, size):
                    for year in years:
                        sums[names, tuple(facts[n] for n in names), year] += raw
        found |= set(sums.values())
    found |= {total.amount.raw for total in figures.totals}
    for year in fund_years(question, figures.money):
        own = year.ceiling or Fraction(0)
        found |= {year.spent, year.carried_in, year.carried_out, own}
        found |= {own + year.carried_in, own + year.carried_in - year.spent, year.balance or own}
    found |= {f.amount.raw for f in figures.benefits if f.amount}
    found |= {goal.value for goal in plan.goals}
    rates = [annual_rate(question, package) for package in council.packages]
    found |= {*rates, sum(rates, Fraction(0))}
    found |= {whole_price(question, figure) for figure in figures.managed_teams}
    per_case = Choice("", "", "best", plan).cost_per_case
    found |= {per_case.raw} if per_case is not None else set()
    for role in council.roles:
        for cost in (a_post(question, role), a_person(question, role)):
            if isinstance(cost, Fraction):
                found |= {cost}
    return found | stated(council)


def _at_base(plan: Plan) -> Iterable[Any]:
    """The ledger with nothing rising, as bridges tell it."""
    from dataclasses import replace

    question, prices = plan.question, plan.question.instance.prices
    if prices is None:
        return ()
    still = prices.model_copy(update={name: {} for name in prices.series})
    council = question.instance.model_copy(update={"prices": still})
    return derive(replace(question, instance=council), plan.decisions).money


def stated(council: Instance) -> set[Fraction]:
    """Every figure that the council's file states."""

    def walk(node: Any) -> Iterator[Fraction]:
        if isinstance(node, dict):
            for item in node.values():
                yield from walk(item)
        elif isinstance(node, list | tuple):
            for item in node:
                yield from walk(item)
        elif isinstance(node, int | str) and re.fullmatch(r"-?\d+(\.\d+)?", str(node)):
            yield Fraction(str(node))

    return set(walk(council.model_dump(mode="json", exclude_unset=True)))


def told(text: str) -> Iterator[tuple[str, Fraction, int, int]]:
    """Yield each sum of money of a text: as written, its figure, its decimals, and its unit."""
    for match in MONEY.finditer(text):
        figure = match["figure"].replace(",", "")
        unit = {"k": 1000, "m": 1_000_000}.get(match["unit"] or "", 1)
        sign = -1 if match["sign"] else 1
        yield match[0], sign * Fraction(figure), len(figure.partition(".")[2]), unit
    for match in LARGE.finditer(MONEY.sub(" ", text)):
        figure = match[0].replace(",", "").replace("−", "-").replace("+", "")
        yield match[0], Fraction(figure), len(figure.partition(".")[2]), 1


def is_one_of(figure: Fraction, decimals: int, unit: int, sums: Iterable[Fraction]) -> bool:
    """Say whether a printed figure is one of some exact sums rounded half up, or its size."""
    wanted = abs(figure)
    if unit > 1 and wanted * unit % AXIS == 0:
        return True
    near = Fraction(1, 10**decimals)
    for value in sums:
        size = abs(value) / unit
        if abs(size - wanted) > near:
            continue
        places = range(decimals, 3) if unit > 1 else (decimals,)
        if any(half_up(size, n) == wanted for n in places):
            return True
    return False


def unexplained(text: str, sums: set[Fraction]) -> list[str]:
    """Name the sums of money in a text that are none of the exact ones, rounded half up."""
    return [
        f"{written} in {line.strip()[:110]!r}"
        for line in text.splitlines()
        for written, figure, decimals, unit in told(line)
        if not is_one_of(figure, decimals, unit, sums)
    ]


def council(seed: int) -> Instance:
    """Draw a council on tiny's teams: odd costs, so that halves of a pound come up everywhere."""
    rng = random.Random(f"printed {seed}")
    tree = so.load("tiny").model_dump(mode="json", exclude_unset=True)
    add_money(rng, tree)
    for role in tree["roles"].values():
        role["cost"] = f"{rng.randrange(20_001, 60_001, 2)}{rng.choice(['', '.5', '.25', '.01'])}"
        role["set_up"] = f"{rng.randrange(1_001, 3_001, 2)}{rng.choice(['', '.5'])}"
        for figure in ("market_supplement", "non_staffing"):
            if role.get(figure) == "unknown":
                role[figure] = "1234.5"
    tree["package_lines"][0]["recurrent"] = str(rng.randrange(30_001, 60_001, 2))
    tree["funds"]["growth"]["ceiling"] = {
        "2026/27": f"{rng.randrange(90_001, 140_001, 2)}.5",
        "2027/28": f"{rng.randrange(120_001, 190_001, 2)}.5",
    }
    tree["funds"]["reserve"]["ceiling"] = "90000.5"
    add_funds(rng, tree)
    for fund in tree["funds"].values():
        fund.pop("kinds", None)
        if "reserve" in fund:
            fund["reserve"]["opening"] = "1500000.5"
    add_benefits(rng, tree)
    tree["discount_rate"] = "3.5"
    tree["assumptions"] = {
        "roles.social_worker.cost": {"reason": "drawn", "low": 20001, "high": 60001}
    }
    return Instance.model_validate(tree)


OPTIONS = ("support-officers", "social-workers", "best-mix", "officers-and-project")
Walk = tuple[str, str, set[Fraction]]
"""A report's name, its text, and the exact sums that it may tell."""


def walks(seed: int, out: Path) -> Iterator[Walk]:
    """Make every report that tells money, of one council, with what it may tell.

    What a question has no answer to (a ceiling that nothing keeps within, say) has no report.
    """
    drawn = council(seed)
    plans = [plan for option in OPTIONS if (plan := _plan(drawn, option)) is not None]
    for plan in plans:
        yield from of_plan(plan)
    if plans:
        yield from of_files(plans[seed % len(plans)], out)
        yield from of_loops(drawn, OPTIONS[seed % 3])


def of_plan(plan: Plan) -> Iterator[Walk]:
    """Yield what is told of a plan in words."""
    sums, led = exact_sums(plan), bridge(plan)
    yield "solve", render(plan), sums
    value = {led.payback.value.raw} if led.payback and led.payback.value else set()
    rounding = {led.rounding(year) for year in led.years}
    ends = {amount.raw for step in led.steps for amount in step.amounts.values()}
    yield "bridge", render_bridge(led), sums | value | rounding | ends


DOCUMENTS = ("html", "md", "docx")


def of_files(plan: Plan, out: Path, documents: Iterable[str] = DOCUMENTS) -> Iterator[Walk]:
    """Yield what documents, tables and workbooks tell of a plan."""
    sums = exact_sums(plan)
    for to in documents:
        place = out / f"{plan.id}.{to}"
        so.report(plan, to=to, path=place, quick=True)
        yield f"report --to {to}", _text_of(place), sums
    folder = out / f"{plan.id}-csv"
    so.report(plan, to="csv", path=folder)
    for table in sorted(folder.glob("*.csv")):
        yield f"report --to csv, {table.name}", _money_of(table), sums
    for to in ("xlsx", "xlsx-publication"):
        place = out / f"{plan.id}-{to}.xlsx"
        so.report(plan, to=to, path=place)
        yield f"report --to {to}", _cells_of(place), sums


def _plan(drawn: Instance, option: str) -> Plan | None:
    try:
        return so.solve(drawn, option=option, unique=False)
    except so.Infeasible:
        return None


LOOPS = ("options", "ceiling", "frontier", "next-pound", "switching")


def of_loops(drawn: Instance, option: str, only: Iterable[str] = LOOPS) -> Iterator[Walk]:
    """Yield what loops of questions tell, in words and as CSV."""
    for name in only:
        words, sheet, sums = _LOOPS[name](drawn, option)
        yield name, words, sums
        yield f"{name} --csv", _large_of(sheet), sums


def _options(drawn: Instance, _option: str) -> Walk:
    table = so.options(drawn)
    solved = [choice for choice in table.choices if choice.plan is not None]
    sums = set().union(*(exact_sums(choice.plan) for choice in solved))
    costs = [choice.cost.raw for choice in solved]
    sums |= {a - b for a in costs for b in costs} | {*costs}
    sums |= {f for choice in table.choices if choice.none for f in _of_none(choice.none)}
    return render_options(table), options_csv(table), sums


def _ceiling(drawn: Instance, option: str) -> Walk:
    least = so.ceiling(drawn, option=option)
    asked = [x for x in (*least.funds, *least.years, least.total) if x is not None]
    sums = set().union(*(exact_sums(x.plan) for x in asked if x.plan), stated(drawn))
    sums |= {Fraction(x.pounds) for x in asked if x.pounds is not None}
    sums |= {x.exact for x in asked if x.exact is not None}
    sums |= {f for x in asked if x.none is not None for f in _of_none(x.none)}
    return render_ceilings(least), ceilings_csv(least), sums


def _frontier(drawn: Instance, _option: str) -> Walk:
    line = so.frontier(drawn, model="caseload-target", most_points=6, overrides=_FREE)
    sums = set().union(*(exact_sums(point.plan) for point in line.points))
    edges = {figure for box in line.unexplored for figure in box.first}
    sums |= {point.first for point in line.points} | edges | {line.step}
    return render_frontier(line), frontier_csv(line), sums


def _next_pound(drawn: Instance, _option: str) -> Walk:
    found = so.next_pound(drawn, model="caseload-target", overrides=_FREE)
    bought = [x for x in found.bought if x.plan is not None]
    sums = exact_sums(found.plan).union(*(exact_sums(x.plan) for x in bought))
    sums |= {Fraction(x) for b in bought for x in (b.pounds, b.extra, b.exact, b.until) if x}
    if found.wherever is not None:
        sums |= exact_sums(found.wherever.plan) | {found.wherever.exact}
        sums |= {Fraction(x) for x in found.wherever.ceilings.values()}
    return render_next_pound(found), next_pound_csv(found), sums


def _switching(drawn: Instance, option: str) -> Walk:
    """Switching values: what inputs, goals at both ends and swings come to."""
    moved = so.switching(drawn, option=option)
    sums = exact_sums(moved.plan)
    for one in moved.found:
        sums |= {one.figure.value} | ({one.swing} if one.swing is not None else set())
        for end in (one.low, one.high):
            sums |= {end.value, *end.goals} if end is not None else set()
        sides = [side for side in (one.below, one.above) if side is not None]
        sums |= {f for side in sides for f in (side.end, side.best_at, side.not_at, side.at) if f}
    return render_switching(moved), switching_csv(moved), sums


_LOOPS: dict[str, Callable[[Instance, str], Walk]] = {
    "options": _options,
    "ceiling": _ceiling,
    "frontier": _frontier,
    "next-pound": _next_pound,
    "switching": _switching,
}


def _of_none(none: so.Infeasible) -> set[Fraction]:
    """What an answer without a plan tells: by how much what must give, in pounds rounded up.

    A pound less would not be enough. Both sides of a plain contradiction are held to figures in
    the tests of contradictions, and are taken here as they are told.
    """
    gives = [clash.by for repair in none.repairs for clash in repair.gives]
    sides = {figure for _, figure, _, _ in told(none.plainly)}
    return {Fraction(ceil(Fraction(by).limit_denominator(10**6))) for by in gives} | sides


_FREE = {"standards.keep_average_caseload": "off"}


def _money_of(table: Path) -> str:
    """Write the columns of a table that are pounds, each figure as a person would read it."""
    rows = csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig")))
    figures = [cell for row in rows for name, cell in row.items() if name in POUNDS and cell]
    return "\n".join(f"£{figure.lstrip('-')}" for figure in figures)


def _large_of(sheet: str) -> str:
    """Write the large figures of a table as pounds: all others of these councils are small."""
    cells = (cell for row in csv.reader(io.StringIO(sheet)) for cell in row)
    plain = re.compile(r"-?(\d{4,}(?:\.\d+)?)")
    return "\n".join(f"£{m[1]}" if (m := plain.fullmatch(cell)) else cell for cell in cells)


POUNDS = ("pounds", "ceiling", "carried_in", "spent", "carried_out", "balance", "printed")
"""What columns of tables are called that hold pounds."""


def _cells_of(place: Path) -> str:
    """Write the figures of a workbook that are shown as money, as their format shows them."""
    import openpyxl

    shown = []
    for sheet in openpyxl.load_workbook(place, data_only=True):
        for row in sheet.iter_rows():
            for cell in row:
                decimals = {"#,##0": 0, "#,##0.00": 2}.get(cell.number_format.split(";")[0])
                large = (
                    isinstance(cell.value, int | float) and abs(cell.value) >= 1000
                )  # months, heads
                if large and decimals is not None:
                    figure = half_up(Fraction(repr(cell.value)), decimals)
                    shown.append(f"£{abs(float(figure)):,.{decimals}f}")
    return "\n".join(shown)


def _text_of(place: Path) -> str:
    """Read what a page, a text or a Word document shows."""
    if place.suffix != ".docx":
        content = place.read_text(encoding="utf-8")
        shown = re.sub(r"(?s)<(style|script)\b.*?</\1>", " ", content)
        return re.sub(r"<[^>]+>", "\n", shown) if place.suffix == ".html" else content
    import docx

    document = docx.Document(str(place))
    cells = (cell.text for t in document.tables for row in t.rows for cell in row.cells)
    return "\n".join([*(p.text for p in document.paragraphs), *cells])
