"""Options side by side, for people and as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from staffopt.analysis.choice import BOTH, Choice, cost_is
from staffopt.analysis.figures import (
    added,
    basis_of,
    caseloads,
    differing,
    new_money,
    rules_of,
)
from staffopt.analysis.options import OptionsTable
from staffopt.errors import Infeasible
from staffopt.plan import FULL_YEAR, Amount, Plan, Verdict, fund_name
from staffopt.reporting.buying import posts_of
from staffopt.reporting.caseloads import heading
from staffopt.reporting.places import got_cells, got_head
from staffopt.reporting.sheet import Cell, csv_text
from staffopt.reporting.tables import beside, folded, page, table, wrapped
from staffopt.reporting.words import (
    NOTHING,
    fte_words,
    instance_words,
    listed,
    thousands,
    year_words,
)
from staffopt.verifier import cautions

Row = tuple[str, str, Choice]
"""What a row is called, how it was decided, and the choice."""


def render_options(found: OptionsTable) -> str:
    """Write the options for people, at most 100 columns wide where names allow it."""
    rows = named_choices(found)
    return page(
        [
            [f"{instance_words(found.instance)} · options side by side"],
            _summary(found, rows),
            _targets(rows),
            _money(rows),
            _caseloads(rows),
            _places(rows),
            _leaving(rows),
            _rules(rows),
            _notes(found, rows),
        ]
    )


def named_choices(found: OptionsTable) -> list[Row]:
    """Name the rows; an option that is published as it is best has one row."""
    rows: list[Row] = [("do nothing", NOTHING, found.nothing)]
    for pair in found.pairs:
        printed, best = pair.published, pair.best
        if printed and printed.plan and best.plan and _alike(printed.plan, best.plan):
            rows.append((pair.option, "both", printed))
            continue
        if printed is not None:
            rows.append((pair.option, "published", printed))
        rows.append((pair.option, "best", best))
    return rows


def _alike(one: Plan, other: Plan) -> bool:
    """Say whether two plans add the same posts of each role, and take the same packages."""
    return added(one) == added(other) and not differing(one, other)[1]


def _summary(found: OptionsTable, rows: Sequence[Row]) -> list[str]:
    choices = [choice for _, _, choice in rows]
    banded = any(choice.above is not None for choice in choices)
    head, cells = ["Option", "as", "rank", *summed_head(choices)], []
    for name, how, choice in rows:
        rank = found.ranks.get((choice.option, choice.how))
        cells.append([name, how, NOTHING if rank is None else str(rank), *summed(choice, banded)])
    return folded(head, cells, (0, 1, 3), (3,))


def summed_head(choices: Sequence[Choice]) -> list[str]:
    """Return the headings of what is said of each choice; three of them need bands."""
    banded = any(choice.above is not None for choice in choices)
    cost = f"£ {cost_is(choices)}"
    return ["posts added", cost, *(["above band", "removed", "£ a case"] if banded else [])]


def summed(choice: Choice, banded: bool) -> list[str]:
    """Write the posts that a choice adds, its cost, and what it does to cases above the band."""
    if choice.plan is None:
        return ["no plan meets its rules", *[NOTHING] * (4 if banded else 1)]
    cells = [posts_of(choice.plan), amount_cell(choice.cost)]
    if banded:
        figures = (choice.above, choice.removed)
        cells += [NOTHING if figure is None else thousands(figure, 1) for figure in figures]
        cells.append(amount_cell(choice.cost_per_case))
    return cells


def amount_cell(amount: Amount | None) -> str:
    """Write an amount in a table; a plus after it says ``at least``."""
    if amount is None or (amount.raw == 0 and not amount.at_least):
        return NOTHING
    return f"{thousands(amount.raw)}{'+' if amount.at_least else ''}"


def _targets(rows: Sequence[Row]) -> list[str]:
    """Show what each pooled target asks for and what is reached."""
    head = ["Target of an average", "as", "today", "target", "FTE needed", "added", "reached"]
    cells = []
    for name, how, choice in rows:
        need, plan = choice.need, choice.plan
        if need is not None and plan is not None:
            averages = (thousands(need.today, 1), thousands(need.target, 1), thousands(need.fte, 2))
            fte = sum(added(plan).values(), Fraction(0))
            cells.append([name, how, *averages, fte_words(fte), thousands(need.reached, 2)])
    return table(head, cells, (0, 1)) if cells else []


def _money(rows: Sequence[Row]) -> list[str]:
    plans = [(name, how, choice.plan) for name, how, choice in rows if choice.plan is not None]
    years = (*plans[0][2].question.instance.calendar.years, FULL_YEAR) if plans else ()
    head = ["New money, £", "fund", *map(year_words, years)]
    cells = []
    for name, _, plan in plans:
        for fund in dict.fromkeys(of for of, _ in plan.money):
            amounts = [amount_cell(plan.money.get((fund, year))) for year in years]
            cells.append([name, fund_name(plan.question, fund), *amounts])
    unknown = any(amount.at_least for _, _, plan in plans for amount in plan.money.values())
    note = ["+ means at least: a cost is not known."] if unknown else []
    return [*table(head, cells, (0, 1)), *note] if cells else []


def _caseloads(rows: Sequence[Row]) -> list[str]:
    """Show every team's printed average and band, released time counted where a rule counts it."""
    first = rows[0][2].plan
    if first is None:
        return []
    teams = list(caseloads(first, "reported", first.last_period))
    if not teams:
        return []
    names = first.question.instance.teams
    cells = [
        [name, *(_average(choice.plan, team) for team in teams)]
        for name, _, choice in rows
        if choice.plan is not None
    ]
    counted = any(c.plan and basis_of(c.plan) == "effective" for _, _, c in rows)
    note = "(r) with released time counted, which is an estimate" if counted else ""
    return [
        *beside([heading(first.question), *(names[team].name for team in teams)], cells),
        *([note] if note else []),
    ]


def _places(rows: Sequence[Row]) -> list[str]:
    """Show what those who are placed get, where people are listed one by one."""
    plans = [(name, how, choice.plan) for name, how, choice in rows if choice.plan is not None]
    if not any(plan.figures.places for _, _, plan in plans):
        return []
    cells = [[name, how, *got_cells(plan)] for name, how, plan in plans]
    return table(["People placed", "as", *got_head()], cells, (0, 1))


def _leaving(rows: Sequence[Row]) -> list[str]:
    """Show until when managed teams stay, and what the others carry until then and after."""
    head = ["Managed team", "as", "to", "serves", "cases held", "others, until then", "after"]
    cells = []
    for name, how, choice in rows:
        for figure in () if choice.plan is None else choice.plan.figures.exits:
            team = choice.plan.question.instance.teams[figure.team].name if choice.plan else ""
            told = (figure.cases, 0 if figure.cases.denominator == 1 else 1)
            row = [name, how, figure.end.words, team, thousands(*told)]
            cells.append([*row, _carried(figure.before), _carried(figure.after)])
    if not cells:
        return []
    note = (
        "The others are case holders without a protected caseload. A managed team relieves them "
        "for its months only: caseloads above are of the last month planned, and no rank weighs "
        "the months before."
    )
    return [*table(head, cells, (0, 1, 2, 3)), *wrapped(note)]


def _carried(average: Fraction | None) -> str:
    return NOTHING if average is None else thousands(average, 2)


def _average(plan: Plan, team: str) -> str:
    basis = basis_of(plan)
    figure = caseloads(plan, basis, plan.last_period).get(team)
    if figure is None or figure.average is None:
        return NOTHING
    mark = " (r)" if basis == "effective" else ""
    return f"{thousands(figure.average, 2)} {figure.band or ''}".rstrip() + mark


def _notes(found: OptionsTable, rows: Sequence[Row]) -> list[str]:
    grades = {str(choice.plan.grade) for _, _, choice in rows if choice.plan is not None}
    told = [line for text in _look_at(found, rows) for line in wrapped(text, " ! ")]
    if not grades:
        return [*told, *wrapped(_NO_PLAN)]
    return [
        *told,
        *_why(found),
        *wrapped(f"Ranked by {_ranked_by(found)}; doing nothing has no rank."),
        *wrapped(f"Every plan is verified and proven: {listed(sorted(grades))}."),
    ]


_NO_PLAN = "No option has a plan, and doing nothing breaks rules, too."


def _look_at(found: OptionsTable, rows: Sequence[Row]) -> Iterator[str]:
    """Say what a reader must not overlook: what is missing, missed or printed otherwise."""
    if found.stopped:
        yield "Stopped early: options are missing from this table."
    if cost_is(found.choices) == BOTH:
        yield "A managed team costs its price in all, once; posts and packages cost theirs a year."
    yield from _without_plan(rows)
    for name, how, choice in rows:
        for words in choice.missed:
            yield f"{name}, {how}: {words}"
    for pair in found.pairs:
        if pair.difference:
            yield f"{pair.option}, best beside published: {'; '.join(pair.difference)}."
    yield from _of_money(rows)


def _without_plan(rows: Sequence[Row]) -> Iterator[str]:
    """Say why choices have no plan, each reason once, with the choices that it holds of."""
    said: dict[str, list[str]] = {}
    for name, how, choice in rows:
        if choice.none is not None:
            named = name if how == NOTHING else f"{name}, {how}"
            said.setdefault(_why_none(choice.none), []).append(named)
    for words, names in said.items():
        yield f"{'; '.join(names)}: {words}"
    options = [choice.option for _, how, choice in rows if how != NOTHING and choice.none]
    if options:
        yield (
            f"staffopt explain --option {options[0]} says which figures would help; so for each "
            "option without a plan."
        )


def _why_none(none: Infeasible) -> str:
    """Say why there is no plan: the plain contradiction, or what would have to give."""
    if not none.plainly:
        return str(none)
    return f"no plan meets every rule ({none.grade}). Plainly: {none.plainly}."


_TOLD_OF_MONEY = ("recurrent-on-one-off", "posts-end", "no-ceiling")
"""The cautions that a table of options tells: whose money ends, and what was not tested."""


def _of_money(rows: Sequence[Row]) -> Iterator[str]:
    """Say whose money ends and whether affordability was tested, each once, with the options."""
    said: dict[str, dict[str, None]] = {}
    for name, _, choice in rows:
        found = () if choice.plan is None else cautions(choice.plan.question, choice.plan.figures)
        for caution in found:
            if caution.code in _TOLD_OF_MONEY:
                said.setdefault(caution.words, {})[name] = None
    for words, names in said.items():
        yield f"{listed(list(names))}: {words}"


def _why(found: OptionsTable) -> list[str]:
    """Say why another option than the paper's ranks first."""
    if not found.explained or found.best is None:
        return []
    lines = [line for text in found.explained for line in wrapped(text, "   ")]
    return [f"{found.best.option} ranks before {found.chosen}:", *lines]


def noted(found: OptionsTable) -> list[str]:
    """Say what a reader must not overlook, and how the options are ranked."""
    return [
        *_look_at(found, named_choices(found)),
        f"Ranked by {_ranked_by(found)}; doing nothing has no rank.",
    ]


def _ranked_by(found: OptionsTable) -> str:
    pounds = f"pounds {cost_is(found.choices)}"
    if any(choice.removed is not None for choice in found.choices):
        return f"{pounds} for each case removed from above the manageable band"
    return f"{pounds}, since the council declares no bands"


def options_csv(found: OptionsTable) -> str:
    """Write one row a choice; money has a column for each fund and year, and caseloads by team."""
    plans = [choice.plan for choice in found.choices if choice.plan is not None]
    roles = list(dict.fromkeys(role for plan in plans for role in plan.question.instance.roles))
    funds = list(dict.fromkeys(key for plan in plans for key in plan.money))
    rows = [_csv_row(found, choice, roles, funds) for choice in found.choices]
    # Where there is no plan the row is short: the headings are those of the whole rows.
    by_length = sorted(rows, key=len, reverse=True)
    head = list(dict.fromkeys(name for row in by_length for name in row))
    return csv_text(head, [[row.get(name) for name in head] for row in rows])


def _csv_row(
    found: OptionsTable,
    choice: Choice,
    roles: Sequence[str],
    funds: Sequence[tuple[str, str]],
) -> dict[str, Cell]:
    """Return heading → cell; every choice with a plan has the same headings in the same order."""
    row: dict[str, Cell] = {
        "option": choice.option,
        "as": choice.how,
        "rank": found.ranks.get((choice.option, choice.how)),
    }
    plan, cost, need = choice.plan, choice.cost, choice.need
    if plan is None or cost is None:
        return {**row, "grade": "no plan"}
    moved, per_case = added(plan), choice.cost_per_case
    for role in roles:
        row[f"added {role}"] = moved.get(role, Fraction(0))
    row |= {
        "cost a year": cost.raw,
        "at least": "yes" if cost.at_least else "no",
        "full year after": new_money(plan, FULL_YEAR).raw,
        "cases above band": choice.above,
        "cases removed": choice.removed,
        "cost per case removed": None if per_case is None else per_case.raw,
        "FTE needed": None if need is None else need.fte,
        "average reached": None if need is None else need.reached,
        "grade": str(plan.grade),
    }
    for fund, year in funds:
        amount = plan.money.get((fund, year))
        row[f"{fund} {year}"] = Fraction(0) if amount is None else amount.raw
    return {**row, **_csv_words(found, choice, plan)}


def _csv_words(found: OptionsTable, choice: Choice, plan: Plan) -> dict[str, Cell]:
    """Return packages, caseloads and bands by team, rules, and what choices differ in."""
    said = {pair.option: pair.difference for pair in found.pairs}
    rules, basis = rules_of(plan), basis_of(plan)
    taken = [figure.package for figure in plan.figures.packages if figure.taken]
    row: dict[str, Cell] = {"packages": "; ".join(taken), "caseloads": basis}
    for team, figure in caseloads(plan, basis, plan.last_period).items():
        row |= {f"average {team}": figure.average, f"band {team}": figure.band}
    first = found.best is not None and choice.option == found.best.option
    return {
        **row,
        "rules met": "; ".join(rule for rule, is_so in rules.items() if is_so in _KEPT),
        "rules missed": "; ".join(rule for rule, is_so in rules.items() if is_so not in _KEPT),
        "missed by": "; ".join(choice.missed),
        "beside published": "; ".join(said.get(choice.option, ())) if choice.how == "best" else "",
        "beside the paper": "; ".join(found.explained) if first and choice.how == "best" else "",
    }


_KEPT = (Verdict.MET, Verdict.MET_BY_TOLERANCE)
"""What a rule is said to be where it is met."""


def _rules(rows: Sequence[Row]) -> list[str]:
    """Show how many rules each choice meets, and which it does not."""
    cells = []
    for name, how, choice in rows:
        found = {} if choice.plan is None else rules_of(choice.plan)
        missed = [rule for rule, verdict in found.items() if verdict not in _KEPT]
        if found:
            cells.append([name, how, str(len(found) - len(missed)), listed(missed) or NOTHING])
    return folded(["Rules", "as", "met", "missed"], cells, (0, 1, 3), (3,)) if cells else []
