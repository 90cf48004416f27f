"""The best way to recruit over a few months, by trying every one: no solver, no engine code.

Written from the formulas alone: in a month people leave, the agency's staff are let go, the newly
qualified progress and joiners start, in this order. People are told by the month they came in.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

BANDS = (14, 18, 22)
"""Highest printed average, in whole cases, of every band but the last."""

Plan = dict[tuple[str, str, int], int]
"""(what, role, month) → FTE that join or are let go."""

LONG_AGO = -12
"""The month in which those came of whom nothing is known: they are settled."""

PREMIUM, WORKER, NEW = 24_000, 48_000, 36_000
"""Pounds a year: what cover costs above the post, and what workers of either kind cost."""


@dataclass(frozen=True)
class Council:
    """A team over a few months, month 1 being the first. Shares are of a month."""

    months: int
    cases: int
    target: int
    price: int
    posts: dict[str, int]
    people: dict[str, int]
    leaving: dict[str, Fraction]
    leaving_first: Fraction
    lasts: int
    ramp: tuple[Fraction, ...]
    absence: Fraction
    lead: dict[str, int]
    intake: tuple[int, ...]
    recruitment: dict[str, int]
    surplus: int
    most: int
    ceiling: int
    known: int
    """Workers of whom it is known that they came ten months ago."""
    bands: tuple[int | None, ...] = ()
    """What a year in each of :data:`BANDS` weighs, pounds; None where nobody may be in it."""


Stock = dict[tuple[str, int], Fraction]
"""(role, month in which they came) → FTE."""


def best(council: Council) -> tuple[Fraction, Fraction] | None:
    """Return the least cost, then the least change; None if no way is allowed."""
    found = (outcome(council, plan) for plan in every_way(council))
    return min((goals for goals in found if goals is not None), default=None)


def every_way(council: Council) -> Iterator[Plan]:
    """Every way to recruit workers and newly qualified ones, and to let cover go."""
    months = [list(_in_month(council, month)) for month in range(1, council.months + 1)]
    for chosen in product(*months):
        yield {place: fte for part in chosen for place, fte in part.items()}


def _in_month(council: Council, month: int) -> Iterator[Plan]:
    """Every way in one month: of both roles no more can be recruited than there are."""
    workers = council.most if month > council.lead["worker"] else 0
    new = council.most if month > council.lead["new"] and month in council.intake else 0
    for one, two in product(range(workers + 1), range(new + 1)):
        for gone in range(council.people["agency"] + 1):
            if one + two <= council.most:
                yield {
                    ("join", "worker", month): one,
                    ("join", "new", month): two,
                    ("release", "agency", month): gone,
                }


def outcome(council: Council, plan: Plan) -> tuple[Fraction, Fraction] | None:
    """Return cost and change of a way; None if it is not allowed."""
    cost = spent = Fraction(0)
    there = today(council)
    for month in range(1, council.months + 1):
        there = leave(council, there, month)
        gone = Fraction(plan.get(("release", "agency", month), 0))
        if gone > total(there, "agency"):
            return None
        there["agency", LONG_AGO] -= gone
        there = progress(council, there, month)
        joined = {role: plan.get(("join", role, month), 0) for role in ("worker", "new")}
        for role, fte in joined.items():
            there[role, month] = there.get((role, month), Fraction(0)) + fte
        in_posts = {"worker": total(there, "worker") + total(there, "agency")}
        in_posts["new"] = total(there, "new")
        over = {role: fte - council.posts[role] for role, fte in in_posts.items()}
        if any(fte > council.surplus for fte in over.values()):
            return None
        above = WORKER * max(over["worker"], Fraction(0)) + NEW * max(over["new"], Fraction(0))
        recruiting = sum(council.recruitment[role] * fte for role, fte in joined.items())
        spent += recruiting + above / 12
        saved = council.people["agency"] - total(there, "agency")
        holding = able(council, there, month)
        band = council.bands[band_of(council.cases / holding)] if council.bands else 0
        if band is None:
            return None
        cost += Fraction(band, 12)
        short = Fraction(council.cases, council.target) - holding
        cost += recruiting + above / 12 - PREMIUM * saved / 12
        cost += council.price * max(short, Fraction(0)) / 12
    return None if spent > council.ceiling else (cost, Fraction(sum(plan.values())))


def band_of(average: Fraction) -> int:
    """Number the band of an average, printed to whole cases, halves up."""
    printed = floor(average + Fraction(1, 2))
    return sum(printed > most for most in BANDS)


def today(council: Council) -> Stock:
    """Who is there: of a role that lasts some months, as many came in each of them."""
    there = {
        ("worker", LONG_AGO): Fraction(council.people["worker"] - council.known),
        ("worker", -10): Fraction(council.known),
        ("agency", LONG_AGO): Fraction(council.people["agency"]),
    }
    for ago in range(council.lasts):
        there["new", -ago] = Fraction(council.people["new"], council.lasts)
    return there


def leave(council: Council, there: Stock, month: int) -> Stock:
    """Take out who leaves; who came less than a year before last month's end leaves at a rate."""
    left: Stock = {}
    for (role, came), fte in there.items():
        new = role == "worker" and month - 1 - came < 12
        rate = council.leaving_first if new else council.leaving[role]
        left[role, came] = fte * (1 - rate)
    return left


def progress(council: Council, there: Stock, month: int) -> Stock:
    """Make workers of those who have been newly qualified for as long as that lasts."""
    made: Stock = {}
    for (role, came), fte in there.items():
        done = role == "new" and month - came >= council.lasts
        place = "worker" if done else role, came
        made[place] = made.get(place, Fraction(0)) + fte
    return made


def able(council: Council, there: Stock, month: int) -> Fraction:
    """Count people by the caseloads they can hold; only workers have a ramp, and are away."""
    counted = Fraction(0)
    for (role, came), fte in there.items():
        full = role != "worker" or month - came >= len(council.ramp)
        share = Fraction(1) if full else council.ramp[month - came]
        counted += fte * share * (1 - council.absence if role == "worker" else 1)
    return counted


def total(there: Stock, role: str) -> Fraction:
    """Count a role."""
    return sum((fte for (own, _), fte in there.items() if own == role), Fraction(0))
