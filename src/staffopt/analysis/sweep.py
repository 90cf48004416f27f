"""A sweep of ceilings: what each of many buys, solving as few of them as will do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Unpack

from staffopt.analysis.asking import Step, Told, attempt, changed, ignore
from staffopt.analysis.ceiling import in_order, refuse_without_ceilings, spends
from staffopt.desk import Desk, open_desk
from staffopt.errors import Cancelled, Infeasible, UnknownName
from staffopt.instance.schema import Instance
from staffopt.plan import Grade, Plan
from staffopt.quantity import decimal_text, exact_text, parse_decimal
from staffopt.question import Question
from staffopt.request import Asking


@dataclass(frozen=True, slots=True)
class Swept:
    """What one ceiling buys.

    Attributes:
        ceiling: pounds in each year swept.
        plan: the best plan within it; None where there is none.
        solved: whether it was solved for this ceiling; else it was proven best within a higher one
            and fits into this one, so that nothing can be better.
        none: why there is no plan.
    """

    ceiling: Decimal
    plan: Plan | None
    solved: bool
    none: Infeasible | None = None

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        goals = () if self.plan is None else self.plan.goals
        return {
            "ceiling": decimal_text(self.ceiling),
            "solved": self.solved,
            "goals": {goal.minimise: exact_text(goal.value) for goal in goals},
            "plan": None if self.plan is None else self.plan.id,
            "grade": None if self.plan is None else str(self.plan.grade),
            "none": None if self.none is None else str(self.none),
        }


@dataclass(frozen=True, slots=True)
class Sweep:
    """What many ceilings of a fund buy.

    Attributes:
        question: the question, with its ceilings as they stand.
        fund: the fund.
        years: the financial years whose ceiling is swept, all alike.
        swept: the ceilings, the lowest first.
        stopped: whether it ended early; those done are the highest.
    """

    question: Question
    fund: str
    years: tuple[str, ...]
    swept: tuple[Swept, ...]
    stopped: bool = False

    @property
    def solves(self) -> int:
        """How many ceilings were solved."""
        return sum(item.solved for item in self.swept)

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "instance": self.question.instance.instance,
            "option": self.question.option,
            "model": self.question.model,
            "fund": self.fund,
            "years": list(self.years),
            "solves": self.solves,
            "ceilings": [item.to_json() for item in self.swept],
            "stopped": self.stopped,
        }


def sweep(
    council: Instance,
    fund: str,
    ceilings: Iterable[Decimal | int | str],
    *,
    years: Iterable[str] = (),
    tell: Told = ignore,
    **asking: Unpack[Asking],
) -> Sweep:
    """Find the best plan within each of many ceilings of a fund.

    The highest is solved first. A plan proven best within a ceiling is best within every lower one
    that it still fits into, since less money allows nothing new; and where there is no plan there
    is none for less. So only ceilings that bind anew are solved, on one desk.

    Args:
        council: the council, as :func:`staffopt.load` reads it.
        fund: the fund.
        ceilings: pounds in a financial year, in any order.
        years: the financial years that they are of; all of them if none is named.
        tell: told of each ceiling that is solved before it is.
        asking: as for :func:`staffopt.solve`.

    Returns:
        the sweep; where it was stopped, with the ceilings done.

    Raises:
        InputError: the model keeps no ceilings, or names and figures are at fault.
        BackendError, Conflict, VerificationError: as :func:`staffopt.solve` has them.
    """
    amounts = sorted({parse_decimal(figure) for figure in ceilings}, reverse=True)
    asked: Asking = {"unique": False, **asking}
    with open_desk(council, **asked) as desk:
        question = desk.question
        refuse_without_ceilings(question)
        if fund not in council.funds:
            raise UnknownName("fund", fund, list(council.funds))
        given = tuple(years)
        swept_years = in_order(question, given)[: len(given) or None]
        swept: list[Swept] = []
        stopped = False
        for number, amount in enumerate(amounts, 1):
            last = swept[-1] if swept else None
            kept = None if last is None else _kept(last, amount, fund, swept_years)
            if kept is None:
                tell(Step(number, len(amounts), f"£{amount:,f}"))
                try:
                    kept = _solved(desk, fund, swept_years, amount)
                except Cancelled:
                    stopped = True
                    break
            swept.append(kept)
    return Sweep(question, fund, swept_years, tuple(swept[::-1]), stopped)


def _kept(last: Swept, amount: Decimal, fund: str, years: tuple[str, ...]) -> Swept | None:
    """Return what a higher ceiling says of a lower one, if it says anything."""
    if last.plan is None:
        return Swept(amount, None, solved=False, none=last.none)
    if last.plan.grade is Grade.FEASIBLE:
        return None  # off steps rounding leaves room: what is not proven best says nothing of less
    spent = spends(last.plan)
    fits = all(spent.get((fund, year), Fraction(0)) <= Fraction(amount) for year in years)
    return Swept(amount, last.plan, solved=False) if fits else None


def _solved(desk: Desk, fund: str, years: tuple[str, ...], amount: Decimal) -> Swept:
    paths = {f"funds.{fund}.ceiling.{year}": decimal_text(amount) for year in years}
    found = attempt(changed(desk, paths))
    if isinstance(found, Infeasible):
        return Swept(amount, None, solved=True, none=found)
    return Swept(amount, found, solved=True)
