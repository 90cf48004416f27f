"""Checks of posts, cases and bands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from staffopt.errors import Fault
from staffopt.instance.bands import Edges
from staffopt.instance.checks.view import View, reading
from staffopt.instance.counting import mixed_units
from staffopt.instance.schema import Instance
from staffopt.instance.staff import RoleKind, Team
from staffopt.quantity import Absent, decimal_text

ODD_CASELOAD = (Decimal(5), Decimal(40))
"""Average caseloads outside these are lawful, and rare in the national census."""


@reading("roles", "teams")
def _wrong_teams(view: View) -> Iterator[Fault]:
    """A role has posts only in teams in which it can be placed."""
    for team, record in view.instance.teams.items():
        for table, figures in (("posts", record.posts), ("people", record.people or {})):
            for role, fte in figures.items():
                known = view.instance.roles.get(role)
                if (
                    known is not None
                    and known.teams is not None
                    and team not in known.teams
                    and fte
                ):
                    what = f"{role!r} has {table} in {team!r}, where it cannot be placed"
                    mend = f"Add {team} to roles.{role}.teams, or take the {table} out."
                    place = view.place("teams", team, table, role)
                    yield Fault("role-not-placed", what, mend, place)


@reading("teams")
def _splits(view: View) -> Iterator[Fault]:
    """A finer split adds up to the posts it splits."""
    for team, record in view.instance.teams.items():
        for role, split in record.shown_as.items():
            total, posts = sum(split.values()), record.posts.get(role, Decimal(0))
            if total != posts:
                what = f"the split adds up to {decimal_text(Decimal(total))}, the posts are "
                place = view.place("teams", team, "shown_as", role)
                mend = "Correct the split or the posts."
                yield Fault("split-adds-up", what + decimal_text(posts), mend, place)


@reading("teams")
def _negative_cases(view: View) -> Iterator[Fault]:
    """Cases are counted."""
    for team, record in view.instance.teams.items():
        figures = record.cases if isinstance(record.cases, Mapping) else {"": record.cases}
        for kind, figure in figures.items():
            if isinstance(figure, Decimal) and figure < 0:
                place = view.place("teams", team, "cases", *([kind] if kind else []))
                what = f"{decimal_text(figure)} cases"
                yield Fault("out-of-range", what, "Write 0 or more, or unknown.", place)


@reading("roles", "teams")
def _cases_without_staff(view: View) -> Iterator[Fault]:
    """Cases are held by somebody."""
    for team, record in view.instance.teams.items():
        if weighted_cases(view.instance, record) > 0 and _case_holders(view.instance, record) == 0:
            what = f"{team!r} has cases and no posts that hold them"
            mend = "Add its case holders' posts, or write cases: none."
            yield Fault("cases-without-staff", what, mend, view.place("teams", team, "cases"))


@reading("roles", "teams")
def _cases_left_out(view: View) -> Iterator[Fault]:
    """Whoever holds cases says how many, or that it is not known: nothing is left to guess."""
    for team, record in view.instance.teams.items():
        given = "cases" in record.model_fields_set
        if not given and _case_holders(view.instance, record) > 0:
            what = f"{team!r} has posts that hold cases, and says nothing of its cases"
            mend = "Write cases: and a figure, unknown, or none."
            yield Fault("cases-left-out", what, mend, view.place("teams", team))


@reading("roles", "teams", "case_types")
def _odd_caseloads(view: View) -> Iterator[Fault]:
    """A caseload far from any council's is worth a second look."""
    low, high = ODD_CASELOAD
    for team, record in view.instance.teams.items():
        cases, fte = weighted_cases(view.instance, record), _case_holders(view.instance, record)
        if fte and cases > 0 and not low <= cases / fte <= high:
            what = f"{team!r} has {decimal_text(round(cases / fte, 1))} cases per FTE"
            mend = "Check cases and posts; nothing to do if both are right."
            place = view.place("teams", team, "cases")
            yield Fault("odd-caseload", what, mend, place, warning=True)


def weighted_cases(council: Instance, team: Team) -> Decimal:
    """Add up a team's weighted cases, as far as they are known."""
    if isinstance(team.cases, Absent):
        return Decimal(0)
    if isinstance(team.cases, Decimal):
        return team.cases
    types = council.case_types
    weighted = [n * types[kind].weight for kind, n in team.cases.items() if kind in types]
    return sum(weighted, start=Decimal(0))


def _case_holders(council: Instance, team: Team) -> Decimal:
    """Add up the FTE of posts that hold cases: of a role, the share that does."""
    return sum(
        (
            fte * council.roles[role].case_holding
            for role, fte in team.posts.items()
            if role in council.roles and council.roles[role].kind is RoleKind.CASE_HOLDER
        ),
        start=Decimal(0),
    )


@reading("case_types", "teams")
def _mixed_units(view: View) -> Iterator[Fault]:
    """Children and families are not added up without a figure that turns one into the other."""
    for case_type, fault in mixed_units(view.instance):
        yield replace(fault, place=view.place("case_types", case_type, "counted_as"))


@reading("bands")
def _bands(view: View) -> Iterator[Fault]:
    """Every average, as it is printed, falls into exactly one band."""
    bands = view.instance.bands
    if bands is None:
        return
    if not bands.edges:
        what = "there are no bands"
        yield Fault("band-gap", what, "Name them, lowest first.", view.place("bands", "edges"))
        return
    decimals = bands.round_average.decimals if bands.round_average else None
    spans = {name: _span(edges, decimals) for name, edges in bands.edges.items()}
    ordered = sorted(spans, key=lambda name: (spans[name][0] or Fraction(-1), name))
    last: str | None = None
    for name in ordered:
        place = view.place("bands", "edges", name)
        if fault := _join(last, name, spans, decimals):
            code, what = fault
            yield Fault(code, what, "Move an edge, or state round_average.", place)
            if code == "band-empty":
                continue
        last = name
    if last is not None and spans[last][1] is not None:
        place = view.place("bands", "edges", last)
        what = f"no band covers an average above {last!r}"
        yield Fault("band-gap", what, "Leave the highest band open, such as > 26.", place)


Span = tuple[Fraction | None, Fraction | None, bool, bool]
"""Lower and upper edge, and whether each is strict."""


def _span(edges: Edges, decimals: int | None) -> Span:
    """Write an interval; of rounded averages, with the first and last average in it as edges."""
    lower = None if edges.lower is None else Fraction(edges.lower)
    upper = None if edges.upper is None else Fraction(edges.upper)
    if decimals is None:
        return lower, upper, edges.lower_strict, edges.upper_strict
    unit = Fraction(1, 10**decimals)
    if lower is not None:
        steps = floor(lower / unit) + 1 if edges.lower_strict else ceil(lower / unit)
        lower = steps * unit
    if upper is not None:
        steps = ceil(upper / unit) - 1 if edges.upper_strict else floor(upper / unit)
        upper = steps * unit
    return lower, upper, False, False


def _join(
    last: str | None, name: str, spans: Mapping[str, Span], decimals: int | None
) -> tuple[str, str] | None:
    """Say what is wrong where one band ends and the next begins."""
    lower, upper, lower_strict, _ = spans[name]
    if lower is not None and upper is not None and upper < lower:
        return "band-empty", f"no printed average falls into {name!r}"
    if last is None:
        reaches_zero = lower is None or lower < 0 or (lower == 0 and not lower_strict)
        return None if reaches_zero else ("band-gap", f"no band covers an average below {name!r}")
    end, end_strict = spans[last][1], spans[last][3]
    if lower is None or end is None:
        return "band-overlap", f"{last!r} and {name!r} overlap"
    distance = lower - end
    if decimals is not None:
        distance -= Fraction(1, 10**decimals)
        touching = distance == 0
    else:
        touching = distance == 0 and lower_strict != end_strict
    if touching:
        return None
    if distance > 0 or (distance == 0 and lower_strict and end_strict):
        return "band-gap", f"no band covers an average between {last!r} and {name!r}"
    return "band-overlap", f"{last!r} and {name!r} overlap"


CHECKS = (
    _wrong_teams,
    _splits,
    _negative_cases,
    _cases_without_staff,
    _cases_left_out,
    _odd_caseloads,
    _mixed_units,
    _bands,
)
