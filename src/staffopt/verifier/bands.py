"""Caseload bands: which band a team is in, what that counts for, and whether it may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from staffopt.errors import Fault, InputError, Place, unknown
from staffopt.instance.bands import Bands
from staffopt.plan import Finding, Verdict
from staffopt.rulebook import ChooseBand, Each
from staffopt.verifier.caseloads import cases_of, denominator, printed, teams_with_cases
from staffopt.verifier.registry import checks, label_of, places
from staffopt.verifier.staffing import Staffing
from staffopt.verifier.words import average_words, number


@checks(ChooseBand)
def choose_band(rule: ChooseBand, staffing: Staffing) -> Iterator[Finding]:
    """Check that every team's printed average lies in an allowed band, and few enough in each.

    Raises:
        InputError: if the instance has no bands, the rule names one that is not there, or cases
            in the scope are not known.
    """
    bands = bands_of(rule, staffing)
    teams = teams_with_cases(staffing.question, rule.scope, label_of(rule))
    held: Counter[tuple[str, str]] = Counter()
    for where in places(staffing, rule.scope, Each.TEAM, teams):
        cases = cases_of(staffing, where.teams, where.period)
        fte = denominator(staffing, where.teams, where.period, rule.basis, rule.denominator)
        if not cases and fte <= 0:
            continue
        band = bands.band(cases / fte) if fte > 0 else None
        allowed = band is not None and band not in rule.forbid
        shown = number(printed(staffing.question, cases / fte)) if fte > 0 else "no average"
        words = (
            f"{average_words(cases, fte, rule.denominator)}, printed {shown}, "
            f"{band or 'in no band'}"
        )
        yield Finding(
            rule=label_of(rule),
            verdict=Verdict.MET if allowed else Verdict.BROKEN,
            words=f"{where.name}: {words}",
            team=where.team,
            period=where.period,
        )
        held[where.period, band or ""] += 1
    yield from _limits(rule, staffing, held, len(teams))


def _limits(
    rule: ChooseBand, staffing: Staffing, held: Counter[tuple[str, str]], teams: int
) -> Iterator[Finding]:
    """Check that no more teams are in a band than may be, by number and by share."""
    limits = [(band, Fraction(most), f"{most}") for band, most in rule.at_most.items()]
    limits += [
        (band, Fraction(share) * teams, f"{number(Fraction(share) * 100)}% of {teams}")
        for band, share in rule.at_most_share.items()
    ]
    for period in staffing.labels:
        for band, most, words in limits:
            over = held[period, band] - most
            yield Finding(
                rule=label_of(rule),
                verdict=Verdict.BROKEN if over > 0 else Verdict.MET,
                words=f"{held[period, band]} teams in {band}, at most {words} allowed",
                period=period,
                by=over if over > 0 else None,
                unit="teams" if over > 0 else None,
            )


Price = tuple[str, str, str]
"""Label of a rule, team and band."""


def prices(staffing: Staffing, period: str) -> Iterator[tuple[Price, Fraction]]:
    """Yield each team whose band has a price in a period, with the pounds a year."""
    for rule in staffing.question.rules:
        if not isinstance(rule, ChooseBand) or not rule.price:
            continue
        bands = bands_of(rule, staffing)
        for team in teams_with_cases(staffing.question, rule.scope, label_of(rule)):
            cases = cases_of(staffing, [team], period)
            fte = denominator(staffing, [team], period, rule.basis, rule.denominator)
            # Where nobody is there no band is either; cases that nobody holds are a finding.
            band = bands.band(cases / fte) if fte > 0 else None
            price = rule.price.get(band or "")
            if band is not None and price:
                yield (label_of(rule), team, band), Fraction(price)


def upper_edge(bands: Bands, band: str) -> Fraction:
    """Return the average from which on a team is above a band; the edge itself may be in it.

    A printed average is above U when the true one reaches the next printed figure, less half a
    unit: rounding is half up.

    Raises:
        InputError: if the band has no upper edge.
    """
    edges = bands.edges[band]
    if edges.upper is None:
        mend = "Name a band below the highest one."
        raise InputError([Fault("no-edge", f"nothing is above the band {band}", mend)])
    upper = Fraction(edges.upper)
    if bands.round_average is None:
        return upper
    scale = 10**bands.round_average.decimals
    next_printed = Fraction((upper * scale).__floor__() + 1, scale)
    if edges.upper_strict and (upper * scale).denominator == 1:
        next_printed = upper
    return next_printed - Fraction(1, 2 * scale)


def bands_of(rule: ChooseBand, staffing: Staffing) -> Bands:
    """Return the council's bands.

    Raises:
        InputError: if it has none, or the rule names one that is not there.
    """
    bands = staffing.question.instance.bands
    place = Place(path=f"standards.{label_of(rule)}")
    if bands is None:
        mend = "Declare `bands`, or switch the rule off."
        raise InputError([Fault("no-bands", f"{label_of(rule)} needs bands", mend, place)])
    names = dict.fromkeys([*rule.forbid, *rule.at_most, *rule.at_most_share, *rule.price])
    faults = [unknown("band", n, list(bands.edges), place) for n in names if n not in bands.edges]
    if faults:
        raise InputError(faults)
    return bands
