"""What packages cost, by fund and financial year, as the solver is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from staffopt.costs import factor
from staffopt.data import Data
from staffopt.instance.calendar import MONTHS_IN_YEAR, Month
from staffopt.instance.funds import FundKind
from staffopt.instance.prices import CostClass
from staffopt.quantity import Absent
from staffopt.question import NOT_NAMED
from staffopt.staff_costs import known

if TYPE_CHECKING:
    from collections.abc import Callable

    from staffopt.algebra.axes import Mask
    from staffopt.algebra.expression import Expression
    from staffopt.instance.funds import PackageLine

_UNKNOWN = (Absent.NOT_PRINTED, Absent.UNLIMITED)


@dataclass(frozen=True)
class PackageCosts:
    """Figures of packages over (package).

    Attributes:
        d: the question's figures.
    """

    d: Data

    @property
    def per_year(self) -> Expression:
        """What a package charges to each fund in each financial year: (package, fund, year)."""
        d = self.d
        return d.table(
            (d.package, d.fund, d.year),
            lambda p, f, y: d.number(self._paid(p, f, lambda m: m.financial_year == y)),
        )

    @property
    def late(self) -> Expression:
        """What it charges to each fund after the fund's last month, over (package, fund)."""
        return self.d.table(
            (self.d.package, self.d.fund),
            lambda p, f: self.d.number(self._paid(p, f, self._after(f))),
        )

    @property
    def rate(self) -> Expression:
        """Annual rate of a package at the last planned year's prices, over (package), pounds."""
        last = self.d.year.labels[-1]
        return self.d.table(
            (self.d.package,),
            lambda p: self.d.number(
                sum((self._at(last, n, n.recurrent) for n in self._lines(p)), Fraction(0))
            ),
        )

    @property
    def unpriced_late(self) -> Mask:
        """Where a cost that is not known falls after the last month of the fund that pays it."""
        return self.d.mask((self.d.package,), self._is_unpriced_late)

    def _is_unpriced_late(self, package: str) -> bool:
        start = self.d.question.instance.packages[package].start
        lasting, once = (self._after(self._fund(package, k)) for k in _KINDS)
        lines, term = self._lines(package), self._term(package)
        costs = [line.recurrent for line in lines if any(map(lasting, term))]
        costs += [line.one_off for line in lines if start in term and once(start)]
        return any(cost in _UNKNOWN for cost in costs)

    def _paid(self, package: str, fund: str, counts: Callable[[Month], bool]) -> Fraction:
        """Return what a package charges to a fund in some months of the calendar."""
        start, total = self.d.question.instance.packages[package].start, Fraction(0)
        term = [month for month in self._term(package) if counts(month)]
        lasting, once = (self._fund(package, kind) == fund for kind in _KINDS)
        for line in self._lines(package):
            if lasting:
                for month in term:
                    rate = self._at(month.financial_year, line, line.recurrent)
                    total += rate / MONTHS_IN_YEAR
            if once and start in term:
                total += self._at(start.financial_year, line, line.one_off)
        return total

    def _fund(self, package: str, kind: FundKind) -> str:
        return self.d.question.fund_of_package(package, kind) or NOT_NAMED

    def _after(self, fund: str) -> Callable[[Month], bool]:
        end = self.d.fund_ends.get(fund)
        return lambda month: end is not None and month > end

    def _term(self, package: str) -> list[Month]:
        """The months of a package's term that lie in the calendar."""
        council = self.d.question.instance
        record, calendar = council.packages[package], council.calendar
        term = (record.start + i for i in range(record.months))
        return [month for month in term if calendar.start <= month <= calendar.end]

    def _at(self, year: str, line: PackageLine, figure: Decimal | Absent) -> Fraction:
        """Return a figure of a package's line at a year's prices."""
        cost = CostClass.PACKAGE_ITEMS if line.post is None else CostClass.PACKAGE_POSTS
        return Fraction(known(figure)) * factor(self.d.question, cost, year)

    def _lines(self, package: str) -> list[PackageLine]:
        lines = self.d.question.instance.package_lines
        return [line for line in lines if line.package == package]


_KINDS = (FundKind.FIXED_TERM, FundKind.ONE_OFF)
"""The kinds of money a package costs: while it runs, and once."""
