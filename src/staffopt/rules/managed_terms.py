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
from staffopt.costs import factor
from staffopt.data import Data
from staffopt.errors import Fault, InputError, Place
from staffopt.instance.calendar import Month
from staffopt.instance.managed import ManagedTeam
from staffopt.instance.prices import CostClass
from staffopt.quantity import Absent
from staffopt.question import ALL, NOT_NAMED, Question
from staffopt.rulebook import BuyManagedTeam
from staffopt.staff_costs import known

HIRE = ("managed_team", "start", "extension")
"""The axes of what is bought."""


def offered(question: Question) -> set[str]:
    """Name the managed teams that some rule lets a plan buy."""
    rules = [rule for rule in question.rules if isinstance(rule, BuyManagedTeam)]
    listed = {name for rule in rules for name in rule.teams}
    return {m for m in question.instance.managed_teams if ALL in listed or m in listed}


@dataclass(frozen=True)
class Charge:
    """A part of the price of managed teams.

    Attributes:
        charged: 1 where a fund pays it, over (fund, managed_team).
        per_year: pounds in each financial year, over (managed_team, start, extension, year).
        late: pounds after a fund's last month, over (managed_team, start, extension, fund).
    """

    charged: Expression
    per_year: Expression
    late: Expression


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
        """Months in which any can start or has started, in time."""
        starts = {
            month
            for record in self._records.values()
            for month in (*record.starts, record.there_since)
            if month is not None
        }
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
            there = self._is_there(managed, start)
            if extension == "0" and there:
                return True
            if managed not in buyable or not (there or month in record.starts):
                return False
            if extension == "0":
                return True
            later = record.extension
            if later is None or int(extension) > later.months or int(extension) % later.step:
                return False
            return month + (record.months - 1 - later.notice) >= first

        return self.d.mask(self.axes, holds)

    @cached_property
    def there(self) -> Mask:
        """The teams that are there already, over (managed_team, start)."""
        return self.d.mask((self.managed, self.start), self._is_there)

    @cached_property
    def held(self) -> Expression:
        """1 where a team is there for its term whatever is decided, over the hire's axes."""
        buyable = offered(self.d.question)
        return self.d.table(
            self.axes,
            lambda m, s, e: int(e == "0" and m not in buyable and self._is_there(m, s)),
        )

    @cached_property
    def decided(self) -> Expression:
        """1 where a choice differs from letting a term run out, over the hire's axes."""
        return self.d.table(self.axes, lambda m, s, e: int(e != "0" or not self._is_there(m, s)))

    def _is_there(self, managed: str, start: str) -> bool:
        return self._records[managed].there_since == Month.parse(start)

    @cached_property
    def at_work(self) -> Expression:
        """1 where a team is there in a month, over (managed_team, start, extension, month)."""
        return self.d.table(
            (*self.axes, self.month),
            lambda m, s, e, month: int(Month.parse(month) in self._months(m, s, e)),
        )

    @cached_property
    def charges(self) -> tuple[Charge, Charge]:
        """What is paid for terms, and what for extensions: they may have funds of their own."""
        asked = self.d.question
        payers = (asked.fund_of_managed_team, asked.fund_of_extension)
        return (self._charge(payers[0], extended=False), self._charge(payers[1], extended=True))

    def _charge(self, payer: Callable[[str], str | None], *, extended: bool) -> Charge:
        calendar, ends = self.d.question.instance.calendar, self.d.fund_ends

        def falls_in(month: Month, year: str) -> bool:
            return month.financial_year == year and calendar.start <= month <= calendar.end

        def is_late(month: Month, fund: str) -> bool:
            return fund in ends and ends[fund] < month <= calendar.end

        return Charge(
            charged=self._charged(payer),
            per_year=self._money(self.d.year, falls_in, extended=extended),
            late=self._money(self.d.fund, is_late, extended=extended),
        )

    def _charged(self, payer: Callable[[str], str | None]) -> Expression:
        """1 where a fund pays, over (fund, managed_team)."""
        funds = {m: payer(m) or NOT_NAMED for m in self._records}
        return self.d.table((self.d.fund, self.managed), lambda f, m: int(funds[m] == f))

    @cached_property
    def whole(self) -> Expression:
        """Pounds of the whole term and extension at the last planned year's prices, over the hire.

        The term of a team that is there already is paid for whatever is decided.
        """
        every = self._money(None, lambda *_: True, extended=False)
        return every + self._money(None, lambda *_: True, extended=True)

    def _rise(self, year: str) -> Fraction:
        return factor(self.d.question, CostClass.MANAGED_TEAMS, year)

    @cached_property
    def committed(self) -> Expression:
        """Pounds for the terms of teams that are there already, over (fund, year)."""
        months = self.d.question.instance.calendar.months
        return self.d.table(
            (self.d.fund, self.d.year),
            lambda f, y: self._committed(f, [m for m in months if m.financial_year == y]),
        )

    @cached_property
    def committed_late(self) -> Expression:
        """The same that falls after a fund's last month, over (fund)."""
        months, ends = self.d.question.instance.calendar.months, self.d.fund_ends
        return self.d.table(
            (self.d.fund,),
            lambda f: self._committed(f, [m for m in months if f in ends and m > ends[f]]),
        )

    def _committed(self, fund: str, months: list[Month]) -> Fraction | float:
        total = Fraction(0)
        for name, record in self._records.items():
            paid_by = self.d.question.fund_of_managed_team(name) or NOT_NAMED
            if record.there_since is not None and paid_by == fund:
                term = self._months(name, str(record.there_since), "0")
                rises = (self._rise(m.financial_year) for m in months if m in term)
                total += _a_month(record) * sum(rises, Fraction(0))
        return self.d.number(total)

    def _money(
        self, axis: Axis | None, counts: Callable[[Month, str], bool], *, extended: bool
    ) -> Expression:
        """Pounds for terms that are bought or for extensions, of the months that count."""
        last = self.d.year.labels[-1]

        def pounds(managed: str, start: str, extension: str, label: str = "") -> Fraction | float:
            record, first = self._records[managed], Month.parse(start)
            if not extended and self._is_there(managed, start):
                return self.d.number(Fraction(0))
            paid = [m for m in self._months(managed, start, extension) if counts(m, label)]
            paid = [m for m in paid if (m - first >= record.months) is extended]
            price = _a_later_month(record) if extended else _a_month(record)
            rises = (self._rise(m.financial_year if axis else last) for m in paid)
            return self.d.number(price * sum(rises, Fraction(0)))

        return self.d.table((*self.axes, *([axis] if axis else ())), pounds)

    @cached_property
    def most(self) -> Expression:
        """Most teams at work at once, over (managed_team)."""
        return self.d.table((self.managed,), lambda m: self._records[m].at_once)

    @cached_property
    def holds(self) -> Expression:
        """Cases that one team holds for each team it serves, over (managed_team, team)."""
        return self._serving(lambda record: record.capacity)

    @cached_property
    def closes(self) -> Expression:
        """Cases that one closes in a month for each team it serves, over (managed_team, team)."""
        return self._serving(lambda record: record.closes)

    def _serving(self, figure: Callable[[ManagedTeam], Decimal | Absent]) -> Expression:
        def cases(managed: str, team: str) -> Decimal:
            record = self._records[managed]
            return known(figure(record)) * record.serves.get(team, Decimal(0))

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
            asked, record = self.d.question, self._records[managed]
            months = self._months(managed, start, extension)
            bought = [] if self._is_there(managed, start) else months[: record.months]
            later = record.extension
            return (
                _unknown(record.travel)
                and self._any_late(asked.fund_of_managed_team(managed), bought)
            ) or (
                later is not None
                and _unknown(later.travel)
                and self._any_late(asked.fund_of_extension(managed), months[record.months :])
            )

        return self.d.mask(self.axes, holds)

    def _any_late(self, fund: str | None, months: list[Month]) -> bool:
        """Say whether any of some months is after a fund's last one."""
        end = self.d.fund_ends.get(fund or NOT_NAMED)
        return end is not None and any(month > end for month in months)

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
        parts = {"price": record.price} if record.starts else {}
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


def _a_later_month(record: ManagedTeam) -> Fraction:
    """Price and travel of one month of the extension, pounds."""
    later = record.extension
    if later is None:
        return Fraction(0)
    given = Fraction(known(later.price)) + Fraction(known(later.travel))
    return given / later.step if later.per == "step" else given


def _unknown(figure: Decimal | Absent) -> bool:
    return figure in (Absent.NOT_PRINTED, Absent.UNLIMITED)
