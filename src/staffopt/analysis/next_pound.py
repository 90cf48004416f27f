"""What the next pound buys: the least extra ceiling that improves a goal, as a re-solved plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any, Unpack

from staffopt.analysis.asking import (
    Step,
    Told,
    Wish,
    attempt,
    goals_of,
    ignore,
    unlike,
    wish,
    with_goals,
)
from staffopt.analysis.ceiling import (
    off_steps,
    refuse_without_ceilings,
)
from staffopt.analysis.figures import differing
from staffopt.analysis.least_carried import least_ceiling
from staffopt.analysis.posts_fixed import PostsFixed, posts_fixed
from staffopt.desk import Desk, open_desk
from staffopt.errors import Cancelled, Conflict, Fault, Infeasible, InputError, Place
from staffopt.instance.schema import Instance
from staffopt.instance.staff import RoleKind
from staffopt.model.schema import Goal, GoalName
from staffopt.plan import GoalValue, Plan
from staffopt.quantity import exact_text, parse_decimal
from staffopt.question import Question
from staffopt.request import Asking
from staffopt.rulebook import Basis, ChooseBand, Denominator, Rule, StayWithinBudget
from staffopt.verifier.funds import fund_years

_MONEY = (GoalName.FULL_YEAR_COST, GoalName.COST, GoalName.SPEND, GoalName.PENALTY)

A_TRACE = Fraction(1, 10**12)
"""Less than any two averages of whole cases over posts on steps differ by."""

A_POUND = 1000
"""Price of a pound over a ceiling: half a pound of penalty, which is not told apart, is nothing."""

A_HUNDREDTH = Fraction(1, 100)
"""What counts as an improvement of a goal that is on no lattice, unless another is asked for."""


@dataclass(frozen=True, slots=True)
class Bought:
    """What more money of one fund in one year buys.

    Attributes:
        fund: the fund.
        year: the financial year.
        ceiling: the ceiling today, pounds.
        exact: the least ceiling at which the goal improves, unrounded; None where no more money
            there alone improves it.
        pounds: that, in whole pounds.
        value: what the goal comes to there.
        plan: the re-solved plan at that ceiling.
        moved: (team, role) → FTE that the plan has more than today's, or fewer; no zeros.
        packages: package → whether the plan takes it now, where that differs.
        less: how well it is founded that a pound less improves nothing, as a plan's grade.
        until: the whole-pound ceiling at which the goal improves again; None where it does not
            with more money there alone.
    """

    fund: str
    year: str
    ceiling: Fraction
    exact: Fraction | None = None
    pounds: int | None = None
    value: Fraction | None = None
    plan: Plan | None = None
    moved: Mapping[tuple[str, str], Fraction] | None = None
    packages: Mapping[str, bool] | None = None
    less: str | None = None
    until: int | None = None

    @property
    def extra(self) -> Fraction | None:
        """Pounds more than the ceiling today, in whole pounds of the ceiling."""
        return None if self.pounds is None else self.pounds - self.ceiling

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        moved = (self.moved or {}).items()
        return {
            "fund": self.fund,
            "year": self.year,
            "ceiling": exact_text(self.ceiling),
            "exact": None if self.exact is None else exact_text(self.exact),
            "pounds": self.pounds,
            "extra": None if self.extra is None else exact_text(self.extra),
            "value": None if self.value is None else exact_text(self.value),
            "moved": [{"team": t, "role": r, "fte": exact_text(fte)} for (t, r), fte in moved],
            "packages": dict(self.packages or {}),
            "plan": None if self.plan is None else self.plan.id,
            "grade": None if self.plan is None else str(self.plan.grade),
            "a_pound_less": self.less and f"no better ({self.less})",
            "until": self.until,
        }


@dataclass(frozen=True, slots=True)
class Wherever:
    """The least extra money in all that improves the goal, in whatever funds and years.

    Attributes:
        exact: the least extra in all funds and years together, pounds, unrounded.
        grade: how well it is founded that no less does, as a plan's grade.
        ceilings: (fund, year) → whole-pound ceiling, where it must be raised.
        value: what the goal comes to there.
        plan: the re-solved plan at those ceilings.
        moved, packages: as of :class:`Bought`.
    """

    exact: Fraction
    grade: str
    ceilings: Mapping[tuple[str, str], int]
    value: Fraction
    plan: Plan
    moved: Mapping[tuple[str, str], Fraction]
    packages: Mapping[str, bool]

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        moved, raised = self.moved.items(), self.ceilings.items()
        return {
            "exact": exact_text(self.exact),
            "no_less": self.grade,
            "ceilings": [{"fund": f, "year": y, "pounds": pounds} for (f, y), pounds in raised],
            "value": exact_text(self.value),
            "moved": [{"team": t, "role": r, "fte": exact_text(fte)} for (t, r), fte in moved],
            "packages": dict(self.packages),
            "plan": self.plan.id,
            "grade": str(self.plan.grade),
        }


@dataclass(frozen=True, slots=True)
class NextPound:
    """What the next pound of each fund and year buys.

    Attributes:
        question: the question, the goal first.
        plan: the best plan at the ceilings today.
        by: the least that counts as an improvement: the goal's quantum; None for any at all.
        bought: what more money buys, by fund and year with a ceiling, the others at theirs; empty
            where posts are on no step, so that there is no next step.
        wherever: the least extra money in all that buys anything; None where none does, or where
            the model prices other rules too, so that money cannot be told from prices.
        posts_fixed: marginal values while whatever is whole stays; None where it ended before.
        stopped: whether the loop ended early.
    """

    question: Question
    plan: Plan
    by: Fraction | None
    bought: tuple[Bought, ...]
    wherever: Wherever | None = None
    posts_fixed: PostsFixed | None = None
    stopped: bool = False

    @property
    def goal(self) -> GoalValue:
        """The goal, and what it comes to at the ceilings today."""
        return self.plan.goals[0]

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "instance": self.question.instance.instance,
            "option": self.question.option,
            "model": self.question.model,
            "goal": self.goal.model_dump(mode="json"),
            "by": "any" if self.by is None else exact_text(self.by),
            "plan": self.plan.id,
            "bought": [item.to_json() for item in self.bought],
            "wherever": None if self.wherever is None else self.wherever.to_json(),
            "posts_fixed": None if self.posts_fixed is None else self.posts_fixed.to_json(),
            "stopped": self.stopped,
        }


def next_pound(
    council: Instance,
    goal: Wish | None = None,
    *,
    by: Decimal | int | str | None = None,
    tell: Told = ignore,
    **asking: Unpack[Asking],
) -> NextPound:
    """Find the least extra ceiling, per fund and year, that improves a goal by one quantum.

    It is a re-solved plan and no shadow price: posts come in steps, so the first pounds mostly buy
    nothing. Other ceilings stay at theirs. Marginal values stand beside it, labelled *posts fixed*:
    what a pound is worth to whatever is on no step, while all that is whole stays. Where posts are
    on no step there is no next step, and they are all there is.

    Args:
        council: the council, as :func:`staffopt.load` reads it.
        goal: the goal to improve, a name or fields; the model's first that is not in pounds if
            None.
        by: the least that counts as an improvement, in the goal's unit; its quantum if None, and
            0.01 where it is on no lattice.
        tell: told of each fund and year before it is looked into.
        asking: as for :func:`staffopt.solve`.

    Raises:
        InputError: the model keeps no ceilings or has no such goal, no fund has a ceiling, or
            names and figures are at fault.
        Infeasible: there is no plan at the ceilings today: look for the least ceilings first.
        Cancelled: stopped before the plan of today's ceilings was proven.
        BackendError, Conflict, VerificationError: as :func:`staffopt.solve` has them.
    """
    asked: Asking = {"unique": False, **asking}
    with open_desk(council, **asked) as desk:
        question = desk.question
        refuse_without_ceilings(question)
        places = _ceilings(question)
        stepped = {} if off_steps(question) else places
        first = wish(question, goal) if goal is not None else _first(question)
        shop = _Shop(desk, first, None if by is None else Fraction(parse_decimal(by)))
        base = attempt(shop.desk_for(None, {}))
        if isinstance(base, Infeasible):
            raise base
        shop.least = shop.least or _least(base)
        bought: list[Bought] = []
        wherever, fixed, stopped = None, None, False
        try:
            for fund, year in stepped:
                tell(Step(len(bought) + 1, len(places) + 2, f"{fund} in {year}"))
                bought.append(shop.buy(base, fund, year, places[fund, year]))
            if stepped:
                tell(Step(len(places) + 1, len(places) + 2, "wherever it takes least"))
                wherever = shop.wherever(base, places)
            tell(Step(len(places) + 2, len(places) + 2, "marginal values, posts fixed"))
            fixed = posts_fixed(shop.desk_for(None, {}), base)
        except Cancelled:
            stopped = True
        return NextPound(base.question, base, shop.least, tuple(bought), wherever, fixed, stopped)


def _ceilings(question: Question) -> dict[tuple[str, str], Fraction]:
    """Return (fund, year) → ceiling, where there is one.

    Raises:
        InputError: if there is none anywhere: more money then buys nothing.
    """
    council = question.instance
    found = {
        (fund, year): Fraction(figure)
        for fund, record in council.funds.items()
        for year in council.calendar.years
        if isinstance(figure := record.ceiling_in(year), Decimal)
    }
    if not found:
        what = "no fund has a ceiling, so more money buys nothing"
        mend = "Give one, such as --set funds.FUND.ceiling=500000."
        raise InputError([Fault("no-ceiling", what, mend, Place(path="funds"))])
    return found


def _first(question: Question) -> dict[str, Any]:
    """Return the model's first goal that is not in pounds.

    Raises:
        InputError: if it has none.
    """
    own = [goal for goal in goals_of(question) if goal["minimise"] not in _MONEY]
    if not own:
        what = f"every goal of {question.model} is in pounds"
        mend = "Name the goal that money is to improve, such as worst_caseload."
        raise InputError([Fault("no-goal", what, mend, Place(path="goal"))])
    return own[0]


def _least(base: Plan) -> Fraction | None:
    """Return the least that counts as an improvement; None for any at all."""
    goal, value = base.question.goals[0], base.goals[0]
    if value.quantum is not None:
        return value.quantum
    return None if _is_on_steps(base.question, goal) else A_HUNDREDTH


def _is_on_steps(question: Question, goal: Goal) -> bool:
    """Say whether the averages of a caseload goal are of posts on steps, so that any less is."""
    roles = [r for r in question.roles_of(RoleKind.CASE_HOLDER) if question.changes(r)]
    return (
        goal.minimise is GoalName.WORST_CASELOAD
        and (goal.basis, goal.denominator) == (Basis.REPORTED, Denominator.POSTS)
        and all(question.instance.roles[role].step for role in roles)
    )


@dataclass(slots=True)
class _Shop:
    """Buys improvements of one goal.

    Attributes:
        desk: the desk.
        goal: the goal's fields.
        least: the least that counts as an improvement; None for any at all.
    """

    desk: Desk
    goal: dict[str, Any]
    least: Fraction | None

    def desk_for(
        self, most: Fraction | None, changes: Mapping[str, Any], *cheap: Mapping[str, Any]
    ) -> Desk:
        """Ask for a goal of at most so much; ``cheap`` are goals that come first, if any."""
        goal = self.goal if most is None else {**self.goal, "at_most": exact_text(most)}
        rest = unlike(goals_of(self.desk.question), self.goal)
        return with_goals(self.desk, [*cheap, goal, *([] if cheap else rest)], changes)

    def better(self, value: Fraction) -> Fraction:
        """Return what a goal must come to so as to be better than a value."""
        return value - (A_TRACE if self.least is None else self.least)

    def buy(self, base: Plan, fund: str, year: str, ceiling: Fraction) -> Bought:
        """Find what more money of one fund in one year buys."""
        before = base.goals[0].value
        exact = self._step(fund, year, before, ceiling)
        if exact is None:
            return Bought(fund, year, ceiling)
        pounds, path = ceil(exact), f"funds.{fund}.ceiling.{year}"
        plan = attempt(self.desk_for(None, {path: str(pounds)}))
        less = attempt(self.desk_for(self.better(before), {path: str(pounds - 1)}))
        if isinstance(plan, Infeasible) or not isinstance(less, Infeasible):
            raise _contradiction(plan if isinstance(plan, Plan) else base)
        value = plan.goals[0].value
        again = self._step(fund, year, value, Fraction(pounds))
        moved, packages = differing(base, plan)
        return Bought(
            fund,
            year,
            ceiling,
            exact,
            pounds,
            value,
            plan,
            moved,
            packages,
            str(less.grade),
            None if again is None else ceil(again),
        )

    def wherever(self, base: Plan, ceilings: Mapping[tuple[str, str], Fraction]) -> Wherever | None:
        """Find the least extra money in all that improves the goal.

        Ceilings are softened for it at a price, the one mechanism by which rows give: the penalty
        is then that price for each pound over.
        """
        budgets = [r for r in base.question.rules if isinstance(r, StayWithinBudget)]
        most = self.better(base.goals[0].value)
        if self._is_least(most) or not _only_money_gives(base.question, budgets):
            return None
        changes = {f"standards.{rule.label}.soften.price": str(A_POUND) for rule in budgets}
        found = attempt(self.desk_for(most, changes, {"minimise": "penalty"}))
        if isinstance(found, Infeasible):
            return None
        through = fund_years(found.question, found.figures.money)
        needs = {(y.fund, y.year): y.spent - y.carried_in for y in through}
        raised = {key: ceil(needs[key]) for key, c in ceilings.items() if needs[key] > c}
        paths = {f"funds.{f}.ceiling.{y}": str(pounds) for (f, y), pounds in raised.items()}
        plan = attempt(self.desk_for(None, paths))
        if isinstance(plan, Infeasible) or plan.goals[0].value > most:
            raise _contradiction(found)
        moved, packages = differing(base, plan)
        exact, grade = found.goals[0].value / A_POUND, str(found.goals[0].grade)
        return Wherever(exact, grade, raised, plan.goals[0].value, plan, moved, packages)

    def _is_least(self, most: Fraction) -> bool:
        """Say whether no plan can come to so little, whatever it costs."""
        return most < 0 or (most == 0 and self.goal["minimise"] == GoalName.WORST_CASELOAD)

    def _step(self, fund: str, year: str, before: Fraction, ceiling: Fraction) -> Fraction | None:
        """Return the least ceiling of a fund in a year at which the goal is better, if there is.

        At the one given it is not.
        """
        most = self.better(before)
        if self._is_least(most):
            return None
        spend = {"minimise": "spend", "fund": fund, "year": year}

        def at(pounds: str) -> Plan | Infeasible:
            return attempt(self.desk_for(most, {f"funds.{fund}.ceiling.{year}": pounds}, spend))

        least = least_ceiling(at, self.desk.question, fund, year, above=floor(ceiling))
        return None if isinstance(least, Infeasible) else least


def _only_money_gives(question: Question, budgets: Sequence[Rule]) -> bool:
    """Say whether nothing but ceilings would be priced, once they are softened."""
    priced = any(rule.soften is not None for rule in question.rules)
    bands = any(isinstance(rule, ChooseBand) and rule.price for rule in question.rules)
    return not priced and not bands and not any(rule.statutory for rule in budgets)


def _contradiction(plan: Plan) -> Conflict:
    return Conflict(
        f"solves contradict each other about what a pound buys; no answer is given. To reproduce: "
        f"{plan.provenance.command}"
    )
