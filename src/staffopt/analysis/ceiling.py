"""The least ceilings at which there is a plan, and the best that can be had within given ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any, Literal, Unpack

from staffopt.analysis.asking import (
    Step,
    Told,
    attempt,
    changed,
    goals_of,
    ignore,
    with_goals,
)
from staffopt.analysis.least_carried import UNLIMITED, least_ceiling
from staffopt.desk import Desk, open_desk
from staffopt.errors import Cancelled, Conflict, Fault, Infeasible, InputError, Place, UnknownName
from staffopt.instance.schema import Instance
from staffopt.plan import Plan
from staffopt.quantity import exact_text
from staffopt.question import Question
from staffopt.request import Asking
from staffopt.rulebook import StayWithinBudget
from staffopt.verifier.totals import charged

Of = Literal["fund", "all", "year"]
"""One fund with the others at theirs; all funds and years together; all funds, year by year."""


@dataclass(frozen=True, slots=True)
class Least:
    """The least ceiling of one fund in one year, or the least sum.

    Attributes:
        of: whether it is of one fund, of all together, or of all in a year.
        fund: the fund; None where it is of all.
        year: the financial year; None where it is of all years together.
        exact: the least spend, to the fraction of a pound; None where no ceiling helps.
        pounds: the least whole-pound ceiling.
        plan: the best plan at that ceiling, in the model's goals; its spend is within it.
        less: how well it is founded that a pound less has no plan, as a plan's grade; None where
            the ceiling is nothing, than which none is less.
        none: why no ceiling helps.
    """

    of: Of
    fund: str | None
    year: str | None
    exact: Fraction | None = None
    pounds: int | None = None
    plan: Plan | None = None
    less: str | None = None
    none: Infeasible | None = None

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "of": self.of,
            "fund": self.fund,
            "year": self.year,
            "exact": None if self.exact is None else exact_text(self.exact),
            "pounds": self.pounds,
            "plan": None if self.plan is None else self.plan.id,
            "grade": None if self.plan is None else str(self.plan.grade),
            "a_pound_less": self.less and f"no plan ({self.less})",
            "no_plan": None if self.none is None else str(self.none),
        }


@dataclass(frozen=True, slots=True)
class Ceilings:
    """The least ceilings of a question.

    Attributes:
        question: the question, with its ceilings as they stand.
        order: the financial years in the order in which they are kept low.
        funds: of each fund with the others at theirs, year by year in that order: each year's is
            the least that there is once those before it are at theirs.
        years: of all funds together, year by year in that order.
        total: of all funds and years together; permissions are kept.
        stopped: whether the loop ended early.
    """

    question: Question
    order: tuple[str, ...]
    funds: tuple[Least, ...]
    years: tuple[Least, ...]
    total: Least | None
    stopped: bool = False

    @property
    def split(self) -> dict[tuple[str, str], Fraction]:
        """(fund, year) → spend of the plan of the least sum."""
        return {} if self.total is None or self.total.plan is None else spends(self.total.plan)

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        split = {f"{fund} {year}": exact_text(value) for (fund, year), value in self.split.items()}
        return {
            "instance": self.question.instance.instance,
            "option": self.question.option,
            "model": self.question.model,
            "order": list(self.order),
            "funds": [least.to_json() for least in self.funds],
            "years": [least.to_json() for least in self.years],
            "total": None if self.total is None else self.total.to_json(),
            "split": split,
            "stopped": self.stopped,
        }


def ceiling(
    council: Instance,
    *,
    order: Sequence[str] = (),
    tell: Told = ignore,
    **asking: Unpack[Asking],
) -> Ceilings:
    """Find the least ceilings at which there is a plan, in whole pounds and proven.

    At each ceiling found there is a plan, and a pound less there is none: both are solved.

    Args:
        council: the council, as :func:`staffopt.load` reads it.
        order: financial years, the one to keep lowest first; those left out follow as they come.
        tell: told of each ceiling before it is looked for.
        asking: as for :func:`staffopt.solve`.

    Returns:
        the ceilings; where it was stopped, those that were found.

    Raises:
        InputError: the model keeps no ceilings, posts are on no step, or names and figures are at
            fault.
        BackendError, Conflict, VerificationError: as :func:`staffopt.solve` has them.
    """
    asked: Asking = {"unique": False, **asking}
    with open_desk(council, **asked) as desk:
        question = desk.question
        refuse_without_ceilings(question)
        refuse_off_steps(question)
        years = in_order(question, order)
        search = _Search(desk, question, years, tell)
        return search.run()


@dataclass(slots=True)
class _Search:
    """The search for the least ceilings of one question."""

    desk: Desk
    question: Question
    years: tuple[str, ...]
    tell: Told
    done: int = 0

    def run(self) -> Ceilings:
        """Find all of them, or as many as there is time for."""
        funds: list[Least] = []
        by_year: list[Least] = []
        total, stopped = None, False
        try:
            total = self._total()
            by_year += self._by_year()
            for fund in self.question.instance.funds:
                funds += self._of_fund(fund)
        except Cancelled:
            stopped = True
        return Ceilings(self.question, self.years, tuple(funds), tuple(by_year), total, stopped)

    def _step(self, words: str) -> None:
        self.done += 1
        names = self.question.instance.funds
        self.tell(Step(self.done, 1 + len(self.years) * (1 + len(names)), words))

    def _lifted(self) -> dict[str, Any]:
        funds = self.question.instance.funds
        return {f"funds.{fund}.ceiling.{year}": UNLIMITED for fund in funds for year in self.years}

    def _total(self) -> Least:
        self._step("all funds and years")
        desk = changed(self.desk, self._lifted())
        return self._least_sum(desk, Least("all", None, None), [])

    def _by_year(self) -> Iterator[Least]:
        desk = changed(self.desk, self._lifted())
        kept: list[dict[str, Any]] = []
        for year in self.years:
            self._step(f"all funds in {year}")
            least = self._least_sum(desk, Least("year", None, year), kept)
            yield least
            if least.pounds is None:
                return
            kept.append(_spend(least, least.pounds))

    def _least_sum(self, desk: Desk, of: Least, kept: Sequence[Mapping[str, Any]]) -> Least:
        """Find the least sum; ``kept`` are sums that are held already."""
        found = attempt(with_goals(desk, [_spend(of), *kept]))
        if isinstance(found, Infeasible):
            return Least(of.of, of.fund, of.year, none=found)
        exact = found.goals[0].value
        pounds = ceil(exact)
        goals = goals_of(self.question)
        best = _must(with_goals(desk, [*goals, _spend(of, pounds), *kept]))
        less = None
        if pounds:
            less = _none(with_goals(desk, [_spend(of, pounds - 1), *kept]))
        return Least(of.of, of.fund, of.year, exact, pounds, best, less)

    def _of_fund(self, fund: str) -> Iterator[Least]:
        """Find a fund's least ceilings year by year, the others at theirs."""
        ceilings = {f"funds.{fund}.ceiling.{year}": UNLIMITED for year in self.years}
        for year in self.years:
            self._step(f"{fund} in {year}")
            path = f"funds.{fund}.ceiling.{year}"
            exact = self._least_of(fund, year, ceilings)
            if isinstance(exact, Infeasible):
                yield Least("fund", fund, year, none=exact)
                return
            pounds = ceil(exact)
            ceilings[path] = str(pounds)
            best = _must(changed(self.desk, ceilings))
            less = None
            if pounds:
                less = _none(with_goals(self.desk, [], {**ceilings, path: str(pounds - 1)}))
            yield Least("fund", fund, year, exact, pounds, best, less)

    def _least_of(self, fund: str, year: str, ceilings: Mapping[str, Any]) -> Fraction | Infeasible:
        """Return the least ceiling of a fund in a year, unrounded, the year's own being lifted."""
        spend = _spend(Least("fund", fund, year))

        def at(pounds: str) -> Plan | Infeasible:
            changes = {**ceilings, f"funds.{fund}.ceiling.{year}": pounds}
            return attempt(with_goals(self.desk, [spend], changes))

        return least_ceiling(at, self.question, fund, year)


def _spend(of: Least, at_most: int | None = None) -> dict[str, Any]:
    goal: dict[str, Any] = {"minimise": "spend"}
    goal |= {"fund": of.fund} if of.fund else {}
    goal |= {"year": of.year} if of.year else {}
    return goal | ({} if at_most is None else {"at_most": str(at_most)})


def _must(desk: Desk) -> Plan:
    """Solve what is known to have a plan.

    Raises:
        Infeasible: it has none after all: the solves contradict each other.
    """
    found = attempt(desk)
    if isinstance(found, Infeasible):
        raise found
    return found


def _none(desk: Desk) -> str:
    """Prove that there is no plan, and return how well that is founded.

    Raises:
        Conflict: there is one after all: the solves contradict each other.
    """
    found = attempt(desk)
    if isinstance(found, Infeasible):
        return str(found.grade)
    raise Conflict(
        f"a plan was found a pound below what was proven to be the least; no answer is given. To "
        f"reproduce: {found.provenance.command}"
    )


def refuse_without_ceilings(question: Question) -> None:
    """Refuse a model that tests no ceilings.

    Raises:
        InputError: if the model has no rule stay_within_budget, or the council no funds.
    """
    place, faults = Place(path="model.rules"), []
    if question.rule(StayWithinBudget) is None:
        mend = "Add the rule stay_within_budget to the model."
        what = f"the model {question.model} keeps no ceilings"
        faults.append(Fault("no-ceilings", what, mend, place))
    if not question.instance.funds:
        what = f"{question.instance.instance} declares no funds"
        faults.append(Fault("no-funds", what, "Declare `funds`.", Place(path="funds")))
    if faults:
        raise InputError(faults)


def refuse_off_steps(question: Question) -> None:
    """Refuse posts on no step: whatever is least is then rounded, and nothing is exact.

    Raises:
        InputError: naming every role that may change and has no step.
    """
    faults = [
        Fault(
            "no-step",
            f"posts of {role} may change and are on no step, so no least spend is exact",
            "Give the role a step, such as 0.5.",
            Place(path=f"roles.{role}.step"),
        )
        for role in off_steps(question)
    ]
    if faults:
        raise InputError(faults)


def off_steps(question: Question) -> tuple[str, ...]:
    """Name the roles whose posts may change and are on no step."""
    roles = question.instance.roles.items()
    return tuple(role for role, record in roles if question.changes(role) and not record.step)


def in_order(question: Question, order: Sequence[str]) -> tuple[str, ...]:
    """Put the financial years in a declared order; those that it leaves out follow.

    Raises:
        InputError: if a year is outside the calendar, or named twice.
    """
    years = question.instance.calendar.years
    for year in order:
        if year not in years:
            raise UnknownName("financial year", year, list(years))
        if list(order).count(year) > 1:
            fault = Fault("year-twice", f"{year} stands twice", "Name each year once.")
            raise InputError([fault])
    return (*order, *(year for year in years if year not in order))


def spends(plan: Plan) -> dict[tuple[str, str], Fraction]:
    """Return (fund, year) → pounds charged, posts of today too, as ceilings count them."""
    return charged(plan.figures.money, plan.question.instance.calendar.years)
