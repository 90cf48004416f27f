"""Rolling use: plan on from where a plan stands at a month, and set what is really so beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Unpack

from staffopt.analysis.asked_on import model_of
from staffopt.analysis.asking import attempt
from staffopt.analysis.ceiling import spends
from staffopt.analysis.state import ROLLED, State, state
from staffopt.desk import Desk
from staffopt.errors import Infeasible
from staffopt.instance.calendar import Month
from staffopt.instance.schema import Instance
from staffopt.library import models
from staffopt.plan import TODAY, Decisions, Plan
from staffopt.quantity import Absent, exact_text
from staffopt.question import Question
from staffopt.request import Asking, Request
from staffopt.verifier.figures import derive
from staffopt.verifier.staffing import ZERO, Staffing

_OF_TEAMS = ("teams.", "people.")
"""How paths start of what is so and not of what is asked."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One figure that the plan has for a period, and what is really so by its end.

    Attributes:
        what: ``posts``, ``in post``, ``cases`` or ``caseload``.
        of: (team, role); (team,); (team or scope, denominator, basis).
        planned: what the plan has; None where it has no such figure.
        actual: what is so; None where that is not known.
        unit: its unit.
    """

    what: str
    of: tuple[str, ...]
    planned: Fraction | None
    actual: Fraction | None
    unit: str

    @property
    def known(self) -> bool:
        """Whether either figure is known."""
        return self.planned is not None or self.actual is not None

    @property
    def by(self) -> Fraction | None:
        """By how much what is so is above the plan; None where either is not known."""
        if self.planned is None or self.actual is None:
            return None
        return self.actual - self.planned

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "what": self.what,
            "of": list(self.of),
            "planned": None if self.planned is None else exact_text(self.planned),
            "actual": None if self.actual is None else exact_text(self.actual),
            "unit": self.unit,
        }


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a fund pays in a financial year: as planned, and as it stands now. Pounds, exact.

    Attributes:
        fund: the fund.
        year: the financial year.
        planned: what the plan charges to it.
        bound: what is spent or bound by the month of the new start.
        decided: what the new plan adds; None where there is none.
    """

    fund: str
    year: str
    planned: Fraction
    bound: Fraction
    decided: Fraction | None

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "fund": self.fund,
            "year": self.year,
            "planned": exact_text(self.planned),
            "bound": exact_text(self.bound),
            "decided": None if self.decided is None else exact_text(self.decided),
        }


@dataclass(frozen=True, slots=True, eq=False)
class Rolled:
    """A plan, and the plan that goes on from it.

    Attributes:
        old: the plan.
        state: the council as it stands at the new start.
        standing: the plan's figures beside what is so; none where nothing says what is so.
        plan: the new plan; None where there is none.
        none: why there is none.
        money: what each fund pays in each year from the new start on.
    """

    old: Plan
    state: State
    standing: tuple[Standing, ...]
    plan: Plan | None
    none: Infeasible | None
    money: tuple[Forecast, ...]

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data; the new plan by its id."""
        return {
            "plan": self.old.id,
            "from": str(self.state.month),
            "standing": [line.to_json() for line in self.standing],
            "new_plan": None if self.plan is None else self.plan.id,
            "none": None if self.none is None else str(self.none),
            "money": [line.to_json() for line in self.money],
            "notes": list(self.state.notes),
        }


def roll(
    plan: Plan,
    month: Month | str,
    *,
    actual: Instance | None = None,
    changes: Mapping[str, Any] | None = None,
    **asking: Unpack[Asking],
) -> Rolled:
    """Plan on from where a plan stands at the start of a month.

    Args:
        plan: the plan.
        month: the first month of any period of its calendar but the first, such as ``2019-04``.
        actual: the council as it really stands by then: its teams' posts, people and cases take
            the place of what the plan has for them.
        changes: path → figure: what else is known by now, as ``--set`` takes it; what it says of
            teams and of people is what is so.
        asking: as for :func:`staffopt.solve`.

    Raises:
        InputError: no such period starts in the month, a fund is overspent by then, the actual
            council has other teams or roles, or a path leads nowhere.
        Others as :func:`staffopt.solve`; that there is no plan is an answer and not raised.
    """
    known = dict(changes or {})
    is_so = {path: known.pop(path) for path in list(known) if path.startswith(_OF_TEAMS)}
    if is_so:
        actual = (actual or state(plan, month).instance).where(is_so)
    left = state(plan, month, actual)
    own = model_of(plan.question, left.instance.calendar.years)
    asked: Asking = {"option": ROLLED, **asking, "overrides": known}
    with Desk(left.instance, {**models(), own.model: own}, Request(**asked)) as desk:
        found = attempt(desk)
        question = desk.question
    new = found if isinstance(found, Plan) else None
    standing = () if actual is None else tuple(_standing(plan, left, question))
    none = found if isinstance(found, Infeasible) else None
    return Rolled(plan, left, standing, new, none, tuple(_money(plan, left, new)))


def _standing(plan: Plan, left: State, now: Question) -> Iterator[Standing]:
    """Set the plan's figures of the last period before beside those of the council as it is."""
    was = Staffing.of(plan.question, plan.decisions)
    is_so = Staffing.of(now, Decisions())
    before = left.before
    for what, staff_planned, staff_now in (
        ("posts", was.posts, is_so.posts),
        ("in post", was.in_post, is_so.in_post),
    ):
        for team in now.instance.teams:
            for role in now.instance.roles:
                figures = staff_planned(team, role, before), staff_now(team, role, TODAY)
                if any(figures):
                    yield Standing(what, (team, role), *figures, "FTE")
    for team in now.instance.teams:
        planned, actual = _known(plan.question.cases(team)), _known(now.cases(team))
        yield Standing("cases", (team,), planned, actual, "weighted cases")
    today = {
        (c.of, str(c.denominator), str(c.basis)): c.average
        for c in derive(now, Decisions()).caseloads
        if c.period == TODAY
    }
    for figure in plan.figures.caseloads:
        key = (figure.of, str(figure.denominator), str(figure.basis))
        if figure.period == before and key in today:
            yield Standing("caseload", key, figure.average, today[key], "cases per FTE")


def _known(figure: Decimal | Absent) -> Fraction | None:
    return None if isinstance(figure, Absent) else Fraction(figure)


def _money(plan: Plan, left: State, new: Plan | None) -> Iterator[Forecast]:
    planned, decided = spends(plan), {} if new is None else spends(new)
    for fund, year in dict.fromkeys([*left.committed, *planned, *decided]):
        if year in left.instance.calendar.years:
            yield Forecast(
                fund,
                year,
                planned.get((fund, year), ZERO),
                left.committed.get((fund, year), ZERO),
                None if new is None else decided.get((fund, year), ZERO),
            )
