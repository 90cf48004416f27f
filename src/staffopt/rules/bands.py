"""What the solver is told of caseload bands: intervals of FTE, since cases are data."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Mask
from staffopt.algebra.expression import Expression, Rows
from staffopt.algebra.program import ParameterKind, Strict
from staffopt.data import Data
from staffopt.errors import Fault, InputError, Place, unknown
from staffopt.instance.bands import Bands, Edges
from staffopt.instance.calendar import MONTHS_IN_YEAR
from staffopt.rulebook import Basis, ChooseBand
from staffopt.rules.case_flow_bands import Cone, in_cones
from staffopt.rules.lattice import MOST_MORE, Lattice, above_edge, below_edge, lattice_of
from staffopt.rules.registry import Figures, compiles, figure_itself
from staffopt.rules.release import exactly_served
from staffopt.rules.variables import Variables


@dataclass(frozen=True, slots=True)
class Interval:
    """FTE with which a team is in a band.

    ``least_is_strict`` and ``most_is_strict`` say which edge stands for a strict one that was
    closed. ``possible`` is False where no FTE puts the team there (it holds no cases, say).
    """

    least: Fraction
    most: Fraction
    least_is_strict: bool = False
    most_is_strict: bool = False
    possible: bool = True


Intervals = dict[tuple[str, ...], Interval]
"""(Team, band), or (team, period, band) where cases vary → the FTE that put the team there."""


@compiles(ChooseBand, reads=(Figures.CASES, Figures.PINS))
def choose_band(rule: ChooseBand, v: Variables, d: Data) -> Iterator[Rows]:
    """Each team is in one allowed band, whose edges in FTE hold its posts."""
    bands = _bands_of(rule, d)
    teams = d.teams_with_cases(rule)
    inside = Mask.of(d.team, teams)
    closed = _upper_edges_matter(rule, bands)
    if closed and rule.basis is Basis.EFFECTIVE:
        yield from exactly_served(v, d, inside, rule.label)
    if v.cases_flow(teams):
        in_band = yield from _by_cones(rule, bands, v, d, inside, closed=closed)
    else:
        in_band = yield from _by_intervals(rule, bands, v, d, teams, closed=closed)
    yield from _limits(rule, in_band, len(teams))
    if rule.price:
        price = d.table((d.band,), lambda band: rule.price.get(band, 0))
        rate = (in_band * price).sum("band", "team")
        by_year = (rate * d.months / MONTHS_IN_YEAR).sum("period")
        v.ledger = v.ledger.with_penalty(by_year, rate.at("period", d.period.labels[-1]))


def _by_intervals(
    rule: ChooseBand, bands: Bands, v: Variables, d: Data, teams: tuple[str, ...], *, closed: bool
) -> Generator[Rows, None, Expression]:
    """Hold each team's FTE in the interval of its band, as its cases have it; return the choice."""
    inside = Mask.of(d.team, teams)
    lattices = {
        (t, *when): lattice_of(d, (t,), rule.basis, rule.denominator, when=when)
        for t in teams
        for when in d.times
    }
    intervals = {
        (t, *when, b): _interval(rule, bands, (t, *when), b, d, lattices[t, *when], closed=closed)
        for t in teams
        for when in d.times
        for b in d.band.labels
    }
    in_band = _in_band(rule, v, d, inside, intervals)
    fte = v.fte(rule.basis, rule.label, rule.denominator)
    idle = _idle(rule, bands, d, teams)
    yield _one_band(in_band, inside & ~idle)
    if idle.values.any():
        rows = (in_band.sum("band") <= 1).where(idle)
        yield rows.tagged(unit="bands", suffix="one band, if anybody is there", defines=True)
    least = _edges(d, intervals, lambda interval: interval.least)
    strict = any(interval.least_is_strict for interval in intervals.values())
    yield (
        (fte >= (in_band * least).sum("band"))
        .where(inside)
        .tagged(suffix="least FTE", strict=Strict.LOWER if strict else Strict.NEITHER)
    )
    edged = inside if closed else idle
    if edged.values.any():
        most = _edges(d, intervals, lambda interval: interval.most)
        strict = any(interval.most_is_strict for interval in intervals.values())
        yield (
            (fte <= (in_band * most).sum("band"))
            .where(edged)
            .tagged(suffix="most FTE", strict=Strict.UPPER if strict else Strict.NEITHER)
        )
    return in_band


def _by_cones(
    rule: ChooseBand, bands: Bands, v: Variables, d: Data, inside: Mask, *, closed: bool
) -> Generator[Rows, None, Expression]:
    """Hold each team's FTE and cases, both unknown, in the cone of its band; return the choice."""
    in_band = v.derived(
        "in_band",
        inside & d.mask((d.period, d.band), lambda *_: True),
        Kind("bands", choice="band"),
        rule.label,
        quantum=1,
        upper=d.table((d.band,), lambda band: int(band not in rule.forbid)),
    )
    yield _one_band(in_band, inside)
    cones = {
        name: Cone(*_lower_average(bands, edges), *_upper_average(bands, edges))
        for name, edges in bands.edges.items()
    }
    yield from in_cones(rule, v, d, inside, cones, in_band, closed=closed)
    return in_band


def _one_band(in_band: Expression, inside: Mask) -> Rows:
    one_band = in_band.sum("band").equals(1).where(inside)
    return one_band.tagged(unit="bands", suffix="one band", defines=True)


def _limits(rule: ChooseBand, in_band: Expression, teams: int) -> Iterator[Rows]:
    """Limit the teams in a band, by their number or as a share of all of them."""
    limits = [("at_most", band, Decimal(most), 1) for band, most in sorted(rule.at_most.items())]
    limits += [
        ("at_most_share", band, share, teams) for band, share in sorted(rule.at_most_share.items())
    ]
    for field, band, most, factor in limits:
        teams_in, path = in_band.at("band", band).sum("team"), rule.path(f"{field}.{band}")
        yield (
            (teams_in <= most * factor)
            .follow(teams_in, figure_itself(path, factor))
            .tagged(
                unit="teams",
                suffix=f"at most in {band}" if field == "at_most" else f"greatest share in {band}",
                parameter=path,
                kind=ParameterKind.RIGHT_HAND_SIDE,
                factor=float(factor),
            )
        )


def _in_band(
    rule: ChooseBand, v: Variables, d: Data, inside: Mask, intervals: Intervals
) -> Expression:
    """Declare the choice of a band for every team; a forbidden or impossible one is held at 0."""

    def allowed(*cell: str) -> int:
        interval = intervals.get(cell)
        return int(interval is not None and interval.possible and cell[-1] not in rule.forbid)

    return v.derived(
        "in_band",
        inside & d.mask((d.period, d.band), lambda *_: True),
        Kind("bands", choice="band"),
        rule.label,
        quantum=1,
        upper=d.table((d.team, *d.moments, d.band), allowed),
    )


def _edges(d: Data, intervals: Intervals, edge: Callable[[Interval], Fraction]) -> Expression:
    """Lay an edge of the intervals out over (team, band), and (period) where these vary."""
    nothing = Interval(Fraction(0), Fraction(0))
    axes = (d.team, *d.moments, d.band)
    return d.table(axes, lambda *cell: d.number(edge(intervals.get(cell, nothing))))


def _interval(
    rule: ChooseBand,
    bands: Bands,
    cell: tuple[str, ...],
    band: str,
    d: Data,
    lattice: Lattice,
    *,
    closed: bool,
) -> Interval:
    """Turn a band's edges of averages into edges of FTE; a high average is a low FTE.

    The upper edge of FTE is worked out only where it is asked for (``closed``).
    """
    team, cases = cell[0], d.cases_at(*cell)
    edges = bands.edges[band]
    # The hull needs some bound: far above today's posts, one worker to a case, and any pin.
    pinned = d.question.instance.pins.posts.get(team, {}).values()
    roof = lattice.up(max(lattice.base, cases, Fraction(sum(pinned))) + MOST_MORE)
    if cases == 0:
        return Interval(Fraction(0), roof, possible=edges.holds(Fraction(0)))
    high, high_is_out = _upper_average(bands, edges)
    low, low_is_out = _lower_average(bands, edges)
    # Cases on no post at all have no average, and so are in no band.
    nobody = Fraction(rule.margin or 0) if lattice.step is None else lattice.above(Fraction(0))
    least, most = nobody, roof
    if high is not None:
        if high <= 0:
            return Interval(roof, roof, possible=False)
        least = cases / high
        least = above_edge(lattice, least, rule) if high_is_out else lattice.up(least)
    if closed and low is not None and low > 0:
        most = cases / low
        most = below_edge(lattice, most, rule) if low_is_out else lattice.down(most)
    return Interval(least, most, high_is_out, low_is_out, possible=least <= roof)


def upper_edge(d: Data, band: str) -> Fraction:
    """Return the average from which on a team is above a band.

    Raises:
        InputError: if there are no bands, or nothing is above this one.
    """
    bands = d.question.instance.bands
    edge = None if bands is None else _upper_average(bands, bands.edges[band])[0]
    if edge is None:
        mend = "Name a band below the highest one."
        raise InputError([Fault("no-edge", f"nothing is above the band {band}", mend)])
    return edge


def _upper_average(bands: Bands, edges: Edges) -> tuple[Fraction | None, bool]:
    """Return the highest true average of a band, and whether it is left out of it.

    A printed average of at most U, rounded half up, is a true one below U + half a unit.
    """
    if edges.upper is None:
        return None, False
    upper = Fraction(edges.upper)
    if bands.round_average is None:
        return upper, edges.upper_strict
    unit = Fraction(1, 10**bands.round_average.decimals)
    printed = upper // unit * unit
    if edges.upper_strict and printed == upper:
        printed -= unit
    return printed + unit / 2, True


def _lower_average(bands: Bands, edges: Edges) -> tuple[Fraction | None, bool]:
    """Return the lowest true average of a band, and whether it is left out of it.

    A printed average of at least L, rounded half up, is a true one of at least L - half a unit.
    """
    if edges.lower is None:
        return None, False
    lower = Fraction(edges.lower)
    if bands.round_average is None:
        return lower, edges.lower_strict
    unit = Fraction(1, 10**bands.round_average.decimals)
    printed = -(-lower // unit) * unit
    if edges.lower_strict and printed == lower:
        printed += unit
    return printed - unit / 2, False


def _idle(rule: ChooseBand, bands: Bands, d: Data, teams: tuple[str, ...]) -> Mask:
    """Where a team has no cases, and it matters that it is in no band if nobody is there either.

    It does where the band of an average of 0 is forbidden, limited or priced, or there is none.
    """
    lowest = bands.band(Fraction(0))
    free = lowest is not None and lowest not in _limited(rule) and not rule.price.get(lowest)
    return Mask.of(d.team, () if free else teams) & ~d.with_cases(teams)


def _limited(rule: ChooseBand) -> set[str]:
    """Name the bands that no team, or not every one, may be in."""
    return {*rule.forbid, *rule.at_most, *rule.at_most_share}


def _upper_edges_matter(rule: ChooseBand, bands: Bands) -> bool:
    """Say whether a team might gain by calling its band a higher one than it is.

    It might where a band is forbidden, limited or dearer, and one above it is not forbidden.
    """
    limited = _limited(rule)
    price = {band: rule.price.get(band, Decimal(0)) for band in bands.edges}
    return any(
        higher not in rule.forbid and (band in limited or price[band] > price[higher])
        for place, band in enumerate(bands.by_caseload)
        for higher in bands.by_caseload[place + 1 :]
    )


def _bands_of(rule: ChooseBand, d: Data) -> Bands:
    """Return the council's bands.

    Raises:
        InputError: if there are none, or the rule names one that there is not.
    """
    bands = d.question.instance.bands
    place = Place(path=f"standards.{rule.label}")
    if bands is None:
        raise InputError(
            [Fault("no-bands", f"{rule.label} needs caseload bands", "Declare `bands`.", place)]
        )
    names = dict.fromkeys([*rule.forbid, *rule.at_most, *rule.at_most_share, *rule.price])
    if missing := [name for name in names if name not in bands.edges]:
        raise InputError([unknown("band", name, list(bands.edges), place) for name in missing])
    return bands
