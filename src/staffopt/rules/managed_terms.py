"""Managed teams as the solver is told of them: terms, money by month, and the cases that they hold.

One unknown stands for each start and each length of extension, so that a term, its price and its
end are figures: nothing links one month to the next but how many teams can be at work at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from staffopt.algebra.axes import Axis, Mask
from staffopt.algebra.expression import Expression
from staffopt.data import Data, known
from staffopt.errors import Fault, InputError, Place
from staffopt.instance.calendar import Month
from staffopt.instance.managed import ManagedTeam
from staffopt.quantity import Absent
from staffopt.question import ALL, NOT_NAMED, Question
from staffopt.rulebook import BuyManagedTeam

HIRE = ("managed_team", "start", "extension")
"""The axes of what is bought."""


def offered(question: Question) -> set[str]:
    """Name the managed teams that some rule lets a plan buy."""
    rules = [rule for rule in question.rules if isinstance(rule, BuyManagedTeam)]
    listed = {name for rule in rules for name in rule.teams}
    return {m for m in question.instance.managed_teams if ALL in listed or m in listed}


@dataclass(frozen=True)
class Terms:
    """Figures of managed teams over (managed_team, start, extension).

    Attributes:
        d: the question's figures.
    """

    d: Data

    @cached_property
    def _records(self) -> dict[str, ManagedTeam]:
        return dict(self.d.question.instance.managed_teams)

    @cached_property
    def managed(self) -> Axis:
        """Managed teams, in order of id."""
        return Axis("managed_team", tuple(sorted(self._records)))

    @cached_property
    def start(self) -> Axis:
        """Months in which any can start, in time."""
        starts = {start for record in self._records.values() for start in record.starts}
        return Axis("start", tuple(map(str, sorted(starts))))

    @cached_property
    def extension(self) -> Axis:
        """Months of extension, from none to the most of any."""
        most = max((_most(record) for record in self._records.values()), default=0)
        return Axis("extension", tuple(str(months) for months in range(most + 1)))

    @cached_property
    def month(self) -> Axis:
        """Months planned, in time."""
        return Axis("month", tuple(map(str, self.d.question.instance.calendar.months)))

    @property
    def axes(self) -> tuple[Axis, Axis, Axis]:
        """The axes of what is bought."""
        return self.managed, self.start, self.extension

    @cached_property
    def lawful(self) -> Mask:
        """The starts and extensions that there are: on offer, and agreed in time."""
        first = self.d.question.instance.calendar.start
        buyable = offered(self.d.question)

        def holds(managed: str, start: str, extension: str) -> bool:
            record, month = self._records[managed], Month.parse(start)
            if managed not in buyable or month not in record.starts:
                return False
            if extension == "0":
                return True
            notice = record.extension.notice if record.extension else 0
            agreed_by = month + (record.months - 1 - notice)
            return int(extension) <= _most(record) and agreed_by >= first

        return self.d.mask(self.axes, holds)

    @cached_property
    def at_work(self) -> Expression:
        """1 where a team is there in a month, over (managed_team, start, extension, month)."""
        return self.d.table(
            (*self.axes, self.month),
            lambda m, s, e, month: int(Month.parse(month) in self._months(m, s, e)),
        )

    @cached_property
    def per_year(self) -> Expression:
        """Pounds in each financial year, over (managed_team, start, extension, year)."""
        calendar = self.d.question.instance.calendar

        def falls_in(month: Month, year: str) -> bool:
            return month.financial_year == year and calendar.start <= month <= calendar.end

        return self._money(self.d.year, falls_in)

    @cached_property
    def late(self) -> Expression:
        """Pounds after a fund's last month, over (managed_team, start, extension, fund)."""
        end, ends = self.d.question.instance.calendar.end, self.d.fund_ends
        return self._money(self.d.fund, lambda month, f: f in ends and ends[f] < month <= end)

    @cached_property
    def whole(self) -> Expression:
        """Pounds of the whole term and extension, over (managed_team, start, extension)."""
        return self._money(None, lambda *_: True)

    def _money(self, axis: Axis | None, counts: Callable[[Month, str], bool]) -> Expression:
        def pounds(managed: str, start: str, extension: str, label: str = "") -> Fraction | float:
            record, first = self._records[managed], Month.parse(start)
            paid = [m for m in self._months(managed, start, extension) if counts(m, label)]
            in_term = sum(month - first < record.months for month in paid)
            later = record.extension
            extra = known(later.price) + known(later.travel) if later else Decimal(0)
            total = _a_month(record) * in_term + Fraction(extra) * (len(paid) - in_term)
            return self.d.number(total)

        return self.d.table((*self.axes, *([axis] if axis else ())), pounds)

    @cached_property
    def charged(self) -> Expression:
        """1 where a fund pays for a managed team, over (fund, managed_team)."""
        payer = {m: self.d.question.fund_of_managed_team(m) or NOT_NAMED for m in self._records}
        return self.d.table((self.d.fund, self.managed), lambda f, m: int(payer[m] == f))

    @cached_property
    def most(self) -> Expression:
        """Most teams at work at once, over (managed_team)."""
        return self.d.table((self.managed,), lambda m: self._records[m].at_once)

    @cached_property
    def holds(self) -> Expression:
        """Cases that one team holds for each team it serves, over (managed_team, team)."""

        def cases(managed: str, team: str) -> Decimal:
            record = self._records[managed]
            return known(record.capacity) * record.serves.get(team, Decimal(0))

        return self.d.table((self.managed, self.d.team), cases)

    @cached_property
    def throughout(self) -> Expression:
        """1 where a team is there all through a period, over the hire's axes and (period)."""
        months = {p.label: set(p.months) for p in self.d.question.instance.calendar.cut()}
        return self.d.table(
            (*self.axes, self.d.period),
            lambda m, s, e, period: int(months[period] <= set(self._months(m, s, e))),
        )

    @cached_property
    def unpriced_late(self) -> Mask:
        """Where a cost that is not known falls after the fund's last month."""

        def holds(managed: str, start: str, extension: str) -> bool:
            record, first = self._records[managed], Month.parse(start)
            end = self.d.fund_ends.get(self.d.question.fund_of_managed_team(managed) or NOT_NAMED)
            late = [
                m for m in self._months(managed, start, extension) if end is not None and m > end
            ]
            in_term = any(month - first < record.months for month in late)
            extended = any(month - first >= record.months for month in late)
            later = record.extension
            return (in_term and _unknown(record.travel)) or bool(
                extended and later and _unknown(later.travel)
            )

        return self.d.mask(self.axes, holds)

    def _months(self, managed: str, start: str, extension: str) -> list[Month]:
        length = self._records[managed].months + int(extension)
        return [Month.parse(start) + i for i in range(length)]


def refuse_free_teams(question: Question) -> None:
    """Refuse to sell what has no price.

    Raises:
        InputError: if a team on offer, or its extension, has no known price: it would seem free.
    """
    council, faults = question.instance, []
    for name in sorted(offered(question)):
        record = council.managed_teams[name]
        parts = {"price": record.price}
        if record.extension:
            parts["extension.price"] = record.extension.price
        faults += [
            Fault(
                "unknown-cost",
                f"the model may buy {record.name}, whose {part.replace('.', ' ')} is not known",
                "Give it, marked as an assumption if it is not printed.",
                Place(path=f"managed_teams.{name}.{part}"),
            )
            for part, figure in parts.items()
            if _unknown(figure)
        ]
    if faults:
        raise InputError(faults)


def _most(record: ManagedTeam) -> int:
    return record.extension.months if record.extension else 0


def _a_month(record: ManagedTeam) -> Fraction:
    """Price and travel of one month of the term, pounds."""
    given = Fraction(known(record.price)) + Fraction(known(record.travel))
    return given / record.months if record.per == "term" else given


def _unknown(figure: Decimal | Absent) -> bool:
    return figure in (Absent.NOT_PRINTED, Absent.UNLIMITED)
