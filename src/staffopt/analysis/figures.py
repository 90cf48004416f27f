"""Figures that tables of several plans compare, taken from one plan."""

from __future__ import annotations

from fractions import Fraction

from staffopt.instance.bands import Bands
from staffopt.plan import FULL_YEAR, TODAY, Amount, CaseloadFigure, Plan, Verdict
from staffopt.quantity import Absent
from staffopt.rulebook import Denominator
from staffopt.verifier.bands import upper_edge

ZERO = Fraction(0)


def new_money(plan: Plan, year: str) -> Amount:
    """Return all new money of a financial year, or of a full year after."""
    found = (t.amount for t in plan.figures.totals if t.of == "new money" and t.year == year)
    return next(found, Amount.of(ZERO))


def annual_cost(plan: Plan) -> Amount:
    """Return pounds a year of everything added, what ends and the price of teams included.

    That is what ``full_year_cost`` minimises, less what missing softened rules weighs.
    """
    from staffopt.verifier.fixed_terms import rate_of_fixed_terms
    from staffopt.verifier.money import annual_rate

    lasting = new_money(plan, FULL_YEAR)
    lines = plan.question.instance.package_lines
    taken = [figure.package for figure in plan.figures.packages if figure.taken]
    fixed = sum((annual_rate(plan.question, package) for package in taken), ZERO)
    fixed += rate_of_fixed_terms(plan.question, plan.figures)
    unknown = any(n.package in taken and n.recurrent is Absent.NOT_PRINTED for n in lines)
    whole = lasting.raw + fixed + price_of_teams(plan)
    return Amount.of(whole, at_least=lasting.at_least or unknown)


def price_of_teams(plan: Plan) -> Fraction:
    """Return the known price of the managed teams bought, their whole terms: no yearly money."""
    from staffopt.verifier.managed import whole_price

    managed = (whole_price(plan.question, figure) for figure in plan.figures.managed_teams)
    return sum(managed, ZERO)


def added(plan: Plan) -> dict[str, Fraction]:
    """Return role → FTE added, less what is cut, over all teams, if any.

    In the last period in which the role's posts are there.
    """
    totals: dict[str, Fraction] = {}
    for (_, role), fte in plan.change.items():
        totals[role] = totals.get(role, ZERO) + Fraction(fte)
    return {role: fte for role, fte in totals.items() if fte}


def manageable_edge(bands: Bands | None) -> Fraction | None:
    """Return the average above which a caseload is above the manageable band, unrounded.

    With averages printed whole, 20-21 ends below 21.5: what is 21.5 is printed as 22.
    """
    if bands is None or bands.needs_no_action not in bands.edges:
        return None
    top = bands.needs_no_action
    return None if bands.edges[top].upper is None else upper_edge(bands, top)


def basis_of(plan: Plan) -> str:
    """Return the basis that tells most: with released time counted, where a rule counts it."""
    bases = {figure.basis for figure in plan.figures.caseloads if figure.period != TODAY}
    return "effective" if "effective" in bases else "reported"


def caseloads(plan: Plan, basis: str, period: str) -> dict[str, CaseloadFigure]:
    """Return team → its cases over posts, on a basis in a period; of teams only."""
    teams = plan.question.instance.teams
    return {
        figure.of: figure
        for figure in plan.figures.caseloads
        if (figure.basis, figure.period) == (basis, period) and figure.of in teams
        if figure.denominator is Denominator.POSTS
    }


def cases_above(plan: Plan, period: str) -> Fraction | None:
    """Return cases above the manageable band: over teams, cases less its edge × FTE.

    Of today they are of posts as they stand; of a period on the plan's telling basis. None where
    the council declares no such band.
    """
    edge = manageable_edge(plan.question.instance.bands)
    if edge is None:
        return None
    basis = "reported" if period == TODAY else basis_of(plan)
    figures = caseloads(plan, basis, period).values()
    return sum((max(ZERO, figure.cases - edge * figure.fte) for figure in figures), ZERO)


def rules_of(plan: Plan) -> dict[str, Verdict]:
    """Return rule → its worst verdict in any place."""
    order = list(Verdict)
    worst: dict[str, Verdict] = {}
    for finding in plan.findings:
        before = worst.get(finding.rule, Verdict.MET)
        worst[finding.rule] = max(before, finding.verdict, key=order.index)
    worst.pop("decisions", None)
    return worst


def differing(base: Plan, plan: Plan) -> tuple[dict[tuple[str, str], Fraction], dict[str, bool]]:
    """Say which posts, as they are in the end, and which packages differ between two plans.

    Returns:
        (team, role) → FTE added more than in the first, or fewer; package → whether it is taken
        now.
    """
    was, now = base.change, plan.change
    moved = {key: Fraction(now.get(key, 0)) - Fraction(was.get(key, 0)) for key in {**now, **was}}
    moved = {key: fte for key, fte in moved.items() if fte}
    taken = [{f.package: f.taken for f in one.figures.packages} for one in (base, plan)]
    return moved, {name: now for name, now in taken[1].items() if now != taken[0].get(name)}
