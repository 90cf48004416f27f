"""The decision in two lines that a planner can paste into a paper."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

from staffopt.instance.calendar import MONTHS_IN_YEAR
from staffopt.instance.funds import Package
from staffopt.plan import FULL_YEAR, Amount, ManagedTeamFigure, MoneyKind, Plan
from staffopt.quantity import Absent
from staffopt.question import Question
from staffopt.reporting.people import hires
from staffopt.reporting.places import places_words
from staffopt.reporting.words import (
    NOTHING,
    amount_words,
    listed,
    posts_words,
    term,
    term_adjective,
)
from staffopt.rulebook import FLOWS
from staffopt.verifier.fixed_terms import rate_of_fixed_terms
from staffopt.verifier.managed import whole_price
from staffopt.verifier.money import annual_rate as rate_of

ZERO = Fraction(0)
ORDERS = (
    "FUND",
    "CUT",
    "HIRE",
    "LET GO",
    "PLACE",
    *(kind.order.upper() for kind in FLOWS.values()),
)
"""What sentences of the decision begin with."""


def decision(plan: Plan) -> list[str]:
    """Say what to fund and what it costs; say so plainly where nothing changes."""
    packages, bought = taken(plan), managed_teams(plan)
    # Apart, since a post that is cut in one team and added in another is both.
    added, ending = _for_good(plan), _until_they_end(plan)
    cut = [_posts(plan, role, -fte) for role, fte in _changed(plan, above=False).items()]
    if not (added or ending or cut or packages or bought):
        nothing = "FUND nothing new: every post stays as it is today."
        moved = _people(plan)
        sentence = " ".join(filter(None, [nothing, moved, _leaving(plan)]))
        return [sentence, _cost(plan, packages)] if moved else [sentence]
    parts = [f"{listed(added)} permanently"] if added else []
    parts += ending
    parts += [_package(plan.question.instance.packages[name]) for name in packages]
    parts += [_managed(plan.question, figure) for figure in bought]
    sentence = f"FUND {_joined(parts)}." if parts else "FUND nothing new."
    if cut:
        sentence += f" CUT {listed(cut)}."
    said = [sentence, _people(plan), _leaving(plan)]
    return [" ".join(filter(None, said)), _cost(plan, packages)]


def _for_good(plan: Plan) -> list[str]:
    roles, added = plan.question.instance.roles, _changed(plan, above=True).items()
    return [_posts(plan, role, fte) for role, fte in added if roles[role].ends is None]


def _until_they_end(plan: Plan) -> list[str]:
    """Say what is added for a term, and until when."""
    roles, added = plan.question.instance.roles, _changed(plan, above=True).items()
    return [
        f"{_posts(plan, role, fte)} to {ends.words}"
        for role, fte in added
        if (ends := roles[role].ends) is not None
    ]


def _people(plan: Plan) -> str:
    """Say who is hired or let go, and where people are placed."""
    return " ".join(filter(None, [hires(plan), places_words(plan)]))


def role_changes(plan: Plan) -> dict[str, Fraction]:
    """Return role → FTE added, less what is cut, over all teams, if any."""
    added, cut = _changed(plan, above=True), _changed(plan, above=False)
    net = {r: added.get(r, ZERO) + cut.get(r, ZERO) for r in plan.question.instance.roles}
    return {role: fte for role, fte in net.items() if fte}


def _changed(plan: Plan, *, above: bool) -> dict[str, Fraction]:
    """Return role → FTE added, or (below zero) cut, over all teams.

    In the last period in which the role's posts are there.
    """
    totals: dict[str, Fraction] = dict.fromkeys(plan.question.instance.roles, ZERO)
    for (_, role), fte in plan.change.items():
        if (fte > 0) is above:
            totals[role] += Fraction(fte)
    return {role: fte for role, fte in totals.items() if fte}


def taken(plan: Plan) -> list[str]:
    """Name the packages that the plan takes."""
    return [figure.package for figure in plan.figures.packages if figure.taken]


def managed_teams(plan: Plan) -> list[ManagedTeamFigure]:
    """Return the managed teams that the plan buys or extends."""
    return [f for f in plan.figures.managed_teams if f.extension or not f.there]


def _leaving(plan: Plan) -> str:
    """Say when managed teams that are there already, and are not extended, leave."""
    said = [
        f"{plan.question.instance.managed_teams[figure.managed_team].name} leaves when its term "
        f"ends, after {figure.end.words}."
        for figure in plan.figures.managed_teams
        if figure.there and not figure.extension
    ]
    return " ".join(said)


def annual_rate(plan: Plan, package: str) -> Amount:
    """Sum what a package costs in a full year."""
    lines = plan.question.instance.package_lines
    unknown = any(n.package == package and n.recurrent is Absent.NOT_PRINTED for n in lines)
    return Amount.of(rate_of(plan.question, package), at_least=unknown)


def _posts(plan: Plan, role: str, value: Fraction) -> str:
    return posts_words(plan.question, role, value)


def _package(package: Package) -> str:
    name = package.name[:1].lower() + package.name[1:]
    return f"the {term_adjective(package.months)} {name}"


def _managed(question: Question, figure: ManagedTeamFigure) -> str:
    """Say what is bought, for how long, and by when an extension must be agreed."""
    record = question.instance.managed_teams[figure.managed_team]
    name = record.name[:1].lower() + record.name[1:]
    if figure.there:
        by = figure.agree_by.words if figure.agree_by else NOTHING
        longer = f"{term(figure.extension)} more of the {name}, which is there already"
        return f"{longer}, to {figure.end.words} (agree by {by})"
    words = f"the {name}" if figure.teams == 1 else f"{figure.teams} × the {name}"
    words += f" from {figure.start.words} to {figure.end.words}"
    if figure.agree_by is not None:
        words += f", {term(figure.extension)} of it an extension (agree by {figure.agree_by.words})"
    return words


def _managed_cost(plan: Plan, figure: ManagedTeamFigure) -> str:
    record = plan.question.instance.managed_teams[figure.managed_team]
    later = record.extension if figure.extension else None
    figures = [*([] if figure.there else [record.travel]), *([later.travel] if later else [])]
    unknown = any(travel is Absent.NOT_PRINTED for travel in figures)
    whole = Amount.of(whole_price(plan.question, figure), at_least=unknown)
    if figure.there:
        return f"{amount_words(whole)} for the extension of {record.name}"
    return f"{amount_words(whole)} for the whole term of {record.name}"


def _joined(parts: list[str]) -> str:
    """Join with a comma before the ``and``: each part has its own ``and`` already."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + f", and {parts[-1]}"


def _cost(plan: Plan, packages: list[str]) -> str:
    parts = []
    all_new, cover = _new_money(plan, FULL_YEAR), _cover(plan)
    for_good = Amount.of(all_new.raw - cover, at_least=all_new.at_least)
    if for_good.raw or for_good.at_least:
        parts.append(f"{amount_words(for_good)} a year for good")
    if cover:
        parts.append(f"{amount_words(Amount.of(cover))} a year while posts are covered")
    fixed = Amount.of(rate_of_fixed_terms(plan.question, plan.figures))
    parts += [f"{amount_words(fixed)} a year for the posts that end"] if fixed.raw else []
    parts += [words for package in packages if (words := _package_cost(plan, package))]
    parts += [_managed_cost(plan, figure) for figure in managed_teams(plan)]
    moving = _once_for_flows(plan)
    parts += [f"{amount_words(moving)} once for those who join or move"] if moving.raw else []
    working = _once_for_work(plan)
    words = f"{amount_words(working)} for overtime and people to spare"
    parts += [words] if working.raw else []
    all_once = one_offs(plan)
    rest = all_once.raw - moving.raw - working.raw
    once = Amount.of(rest, at_least=all_once.at_least)
    if once.raw:
        parts.append(f"{amount_words(once)} set-up once")
    elif once.at_least:
        parts.append("the set-up paid once is not known")
    return "; ".join(parts) + "." if parts else "It costs nothing new."


def _package_cost(plan: Plan, package: str) -> str:
    """Say what a package costs while it runs; nothing where it is paid for once."""
    rate, months = annual_rate(plan, package), plan.question.instance.packages[package].months
    if not rate.raw and not rate.at_least:
        return ""
    if months < MONTHS_IN_YEAR:
        whole = Amount.of(rate.raw * months / MONTHS_IN_YEAR, at_least=rate.at_least)
        return f"{amount_words(whole)} over {term(months)}"
    return f"{amount_words(rate)} a year for {term(months)}"


def _once_for_flows(plan: Plan) -> Amount:
    """Sum what it costs, once, that people join, are let go or move."""
    names = {f"{flow.kind} {flow.to_role or flow.role}" for flow in plan.decisions.flows}
    return _sum_of_lines(plan, names)


def _once_for_work(plan: Plan) -> Amount:
    """Sum what overtime and people to spare cost in the months planned."""
    roles = {figure.role for figure in plan.figures.work}
    return _sum_of_lines(plan, {f"{what} {r}" for what in ("overtime", "spare") for r in roles})


def _sum_of_lines(plan: Plan, names: Collection[str]) -> Amount:
    lines = [line.amount for line in plan.figures.money if line.line in names]
    return Amount.of(sum((amount.raw for amount in lines if amount), start=ZERO))


def _cover(plan: Plan) -> Fraction:
    """Sum what a full year of those who cover posts adds, less what those let go save."""
    roles = plan.question.instance.roles
    return sum(
        (
            line.amount.raw
            for line in plan.figures.money
            if line.kind in (MoneyKind.PREMIUM, MoneyKind.SAVING)
            and line.year == FULL_YEAR
            and line.role is not None
            and roles[line.role].covers is not None
            and line.amount is not None
        ),
        ZERO,
    )


def _new_money(plan: Plan, year: str) -> Amount:
    totals = [t.amount for t in plan.figures.totals if t.of == "new money" and t.year == year]
    return totals[0] if totals else Amount.of(Fraction(0))


def one_offs(plan: Plan) -> Amount:
    """Sum what is paid once in the months planned, packages included."""
    lines = [
        line
        for line in plan.figures.money
        if line.kind is MoneyKind.ONE_OFF and line.year != FULL_YEAR
    ]
    known = sum((line.amount.raw for line in lines if line.amount), start=Fraction(0))
    return Amount.of(
        known, at_least=any(line.amount is None or line.amount.at_least for line in lines)
    )
