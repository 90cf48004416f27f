"""What cashable benefits credit funds with, as the solver is told of it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from staffopt.data import Data
from staffopt.instance.calendar import MONTHS_IN_YEAR
from staffopt.staff_costs import known

if TYPE_CHECKING:
    from collections.abc import Callable

    from staffopt.algebra.expression import Expression
    from staffopt.instance.benefits import Benefit
    from staffopt.rules.variables import Variables


def credited(v: Variables, d: Data) -> Expression:
    """Pounds that come in, over (fund, year): of the option, and of the packages taken."""
    months = {
        year: [m for m in d.question.instance.calendar.months if m.financial_year == year]
        for year in d.year.labels
    }

    def worth(fund: str, year: str, of: Callable[[Benefit], bool]) -> Fraction | float:
        total = Fraction(0)
        for benefit in d.question.instance.benefits.values():
            if benefit.relaxes == fund and of(benefit):
                run = sum(map(benefit.runs_in, months[year]))
                total += Fraction(known(benefit.pounds)) * run / MONTHS_IN_YEAR
        return d.number(total)

    own = d.table((d.fund, d.year), lambda f, y: worth(f, y, lambda b: _of_option(b, d)))
    brought = d.table(
        (d.package, d.fund, d.year), lambda p, f, y: worth(f, y, lambda b: b.package == p)
    )
    return own + (v.taken * brought).sum("package")


def credited_rate(v: Variables, d: Data) -> Expression:
    """Pounds a year of those that go on, without axes."""

    def worth(of: Callable[[Benefit], bool]) -> Fraction | float:
        lasting = (b for b in d.question.instance.benefits.values() if b.relaxes and b.end is None)
        return d.number(sum((Fraction(known(b.pounds)) for b in lasting if of(b)), Fraction(0)))

    brought = d.table((d.package,), lambda p: worth(lambda b: b.package == p))
    own = d.table((), lambda: worth(lambda b: _of_option(b, d)))
    return own + (v.taken * brought).sum("package")


def _of_option(benefit: Benefit, d: Data) -> bool:
    return benefit.package is None and benefit.option == d.question.option
