"""The least change of figures of a tiny council without a plan, found by trying every plan.

No solver and no code of the engine: for every plan the figures that it needs are worked out from
the formulas, in fractions. What a change weighs is then least over the plans. The questions have
two coefficients (one for north and one for south) beside bounds, so that a change can be shared.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil
from typing import Any

import staffopt as so

TEAMS = ("north", "south")
MONTHS = {"2026/27": 6, "2027/28": 12}
HUNDREDTH = Fraction(1, 100)


@dataclass(frozen=True)
class Drawn:
    """A question on tiny.

    Attributes:
        option: of tiny.
        figures: path → what it is.
        overrides: what is asked with.
        prices: path → what a change by one of its unit weighs.
        needs: for every plan, path → what the figure has to be at the least.
    """

    option: str
    figures: dict[str, Fraction]
    overrides: dict[str, Any]
    prices: dict[str, Fraction]
    needs: list[dict[str, Fraction]]

    def least(self, weights: dict[str, Fraction], most: int | None = None) -> Fraction | None:
        """Return what the lightest change of figures that have a weight weighs; None without one.

        Args:
            weights: path → what a change by one of its unit weighs.
            most: so many figures change at most.
        """
        found = []
        for need in self.needs:
            by = {path: max(Fraction(0), need[path] - at) for path, at in self.figures.items()}
            changed = {path: size for path, size in by.items() if size}
            if set(changed) <= set(weights) and (most is None or len(changed) <= most):
                found.append(sum((size * weights[p] for p, size in changed.items()), Fraction(0)))
        return min(found, default=None)

    def relative(self) -> dict[str, Fraction]:
        """Return what weighs each figure by what it is, or by one unit where that is nothing."""
        return {path: 1 / (at or Fraction(1)) for path, at in self.figures.items()}


def drawn(seed: int) -> Drawn:
    """Draw a question about workers or about officers; some have a plan as they are."""
    rng = random.Random(seed)
    return (_workers if seed % 2 else _officers)(rng)


def faults(one: Drawn, told: so.Explanation, priced: so.Explanation) -> list[str]:
    """Say where two explanations do not tell the least: one without prices, one with them."""
    found = []
    if not (told.least_proven and priced.least_proven):
        found.append("not proven")
    for count in range(1, len(one.figures) + 1):
        wanted = one.least(one.relative(), count)
        sizes = [repair.relative for repair in told.repairs if len(repair.changes) <= count]
        if min(sizes, default=None) != wanted:
            found.append(f"{count} figures: {min(sizes, default=None)} and not {wanted}")
    prices = [repair.price for repair in priced.repairs if repair.price is not None]
    if min(prices, default=None) != one.least(one.prices):
        found.append(f"price {min(prices, default=None)} and not {one.least(one.prices)}")
    return found


def _workers(rng: random.Random) -> Drawn:
    """Ask for an average caseload in each team, with limits on recruitment and ceilings."""
    cases = {"north": rng.randint(90, 150), "south": rng.randint(50, 90)}
    today = {"north": 5, "south": 3}
    figures = _ceilings(rng, 100_000)
    overrides: dict[str, Any] = {"standards.keep_average_caseload": "off"}
    rounding = rng.choice(["none", "posts_up"])
    for team in TEAMS:
        rules = {"caseload": ("target", rng.randrange(1_400, 2_400)), "limit": ("limit", None)}
        for name, (parameter, hundredths) in rules.items():
            at = Fraction(hundredths, 100) if hundredths else Fraction(rng.randint(1, 3))
            figures[f"standards.{team}_{name}.{parameter}"] = at
            rule = "keep_average_caseload" if name == "caseload" else "limit_recruitment"
            stated = {"rule": rule, "scope": team, parameter: _text(at)}
            more = {"rounding": rounding, "each": "scope"} if name == "caseload" else {}
            overrides[f"model.rules.{team}_{name}"] = stated | more
        overrides[f"teams.{team}.cases"] = cases[team]
    needs = []
    for added in product(range(10), repeat=2):
        by_team = dict(zip(TEAMS, added, strict=True))
        need = _spent(sum(added) * 40_000, sum(added))
        for team, more in by_team.items():
            average = Fraction(cases[team], today[team] + more)
            need[f"standards.{team}_caseload.target"] = _up(average, HUNDREDTH)
            need[f"standards.{team}_limit.limit"] = Fraction(more)
        needs.append(need)
    return _drawn(rng, "social-workers", figures, overrides, needs)


def _officers(rng: random.Random) -> Drawn:
    """Ask for a ratio of support officers in each team, within ceilings."""
    workers, today = {"north": 5, "south": 3}, {"north": Fraction(0), "south": Fraction(1, 2)}
    figures = _ceilings(rng, 50_000)
    overrides: dict[str, Any] = {"standards.keep_support_ratio": "off"}
    for team in TEAMS:
        ratio = Fraction(rng.randrange(150, 500), 100)
        figures[f"standards.{team}_ratio.ratio"] = ratio
        rule = {"rule": "keep_support_ratio", "support": "support", "supported": "case_holder"}
        where = {"scope": team, "each": "team"}
        overrides[f"model.rules.{team}_ratio"] = rule | where | {"ratio": _text(ratio)}
    needs = []
    for halves in product(range(10), repeat=2):
        added = [Fraction(half, 2) for half in halves]
        if not all(today[team] + more for team, more in zip(TEAMS, added, strict=True)):
            continue  # without any officer no ratio is kept
        # Heads to set up are whole in all, as tiny.md has it.
        need = _spent(sum(added) * 24_000, ceil(sum(added)))
        for team, more in zip(TEAMS, added, strict=True):
            least = _up(workers[team] / (today[team] + more), HUNDREDTH)
            need[f"standards.{team}_ratio.ratio"] = least
        needs.append(need)
    return _drawn(rng, "support-officers", figures, overrides, needs)


def _ceilings(rng: random.Random, most: int) -> dict[str, Fraction]:
    at = {f"funds.growth.ceiling.{year}": rng.randrange(5_000, most, 500) for year in MONTHS}
    return {path: Fraction(pounds) for path, pounds in at.items()}


def _spent(a_year: Fraction | int, heads: int) -> dict[str, Fraction]:
    """Return the least whole pounds of each year's ceiling: set-up is paid in the first."""
    first = next(iter(MONTHS))
    return {
        f"funds.growth.ceiling.{year}": _up(
            Fraction(a_year) * months / 12 + (1_000 * heads if year == first else 0), Fraction(1)
        )
        for year, months in MONTHS.items()
    }


def _drawn(
    rng: random.Random,
    option: str,
    figures: dict[str, Fraction],
    overrides: dict[str, Any],
    needs: list[dict[str, Fraction]],
) -> Drawn:
    overrides |= {path: _text(at) for path, at in figures.items() if path.startswith("funds")}
    weights = {path: Fraction(rng.randint(1, 20), 10) / (at or 1) for path, at in figures.items()}
    known = rng.sample(sorted(weights), rng.randint(2, len(weights)))
    return Drawn(option, figures, overrides, {path: weights[path] for path in known}, needs)


def _up(value: Fraction, step: Fraction) -> Fraction:
    return ceil(value / step) * step


def _text(value: Fraction) -> str:
    return str(float(value))
