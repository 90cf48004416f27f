"""What each assumption would change: solved again with its figure at both ends of its range.

The Aqua Book asks of every assumption where it comes from, who answers for it, how good it is and
how much hangs on it. The last is what is found here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Unpack

from staffopt.analysis.asking import Step, Told, ignore, proven
from staffopt.analysis.assumption_log import (
    NO_RANGE,
    AssumptionLog,
    End,
    Entry,
    Impact,
    Outcome,
    Tested,
    new_money_of,
)
from staffopt.analysis.inputs import Input, inputs_under_each
from staffopt.analysis.moving import best_beside, ends_of, held_by, still_best
from staffopt.analysis.options import AS_IT_IS, ranked_first
from staffopt.analysis.switching import refuse_without_goal, share_of
from staffopt.desk import Desk, open_desk
from staffopt.errors import Cancelled, Infeasible, InputError, NoPlan
from staffopt.instance.checks.sources import stands_at
from staffopt.instance.schema import Instance
from staffopt.instance.sources import Assumption
from staffopt.plan import Plan
from staffopt.quantity import exact_text
from staffopt.question import Question
from staffopt.record import Record
from staffopt.request import Asking

_NO_FIGURE, _STOPPED = "no figure", "stopped early"
"""Why an effect was not tested."""


@dataclass(frozen=True, slots=True)
class _Move:
    """A figure and the ends that it is moved to; None for an end that nobody states."""

    figure: Input
    stated: bool
    low: Fraction | None
    high: Fraction | None

    @property
    def ends(self) -> int:
        return sum(end is not None for end in (self.low, self.high))


def assumptions(
    council: Instance,
    *,
    within: Decimal | int | str | None = None,
    among: bool = True,
    tell: Told = ignore,
    **asking: Unpack[Asking],
) -> AssumptionLog:
    """List every assumption of a council, and solve again at both ends of each range.

    Args:
        council: the council, as :func:`staffopt.load` reads it.
        within: how far figures whose range is not stated are moved, as a share of themselves; if
            None they are listed and not moved.
        among: whether the council's options are ranked again at each end.
        tell: told of each solve before it begins.
        asking: as for :func:`staffopt.solve`; a time limit holds for each solve.

    Returns:
        the log; where it was stopped, with the effects that were found till then.

    Raises:
        InputError: names or figures are at fault, or the model has no goal.
        Infeasible: there is no plan.
        Cancelled: stopped before the plan was proven.
        BackendError, Conflict, VerificationError: as :func:`staffopt.solve` has them.
    """
    share = None if within is None else share_of(within)
    asked: Asking = {"unique": False, **asking}
    with open_desk(council, **asked) as desk:
        question = desk.question
        refuse_without_goal(question)
        entries = [_planned(question, *listed, share) for listed in _entries(question)]
        ends = sum(move.ends for _, moves in entries for move in moves)
        ranked = among and ends > 0 and len(_to_rank(question.instance)) > 1
        steps = _Steps(tell, 1 + ranked + ends)
        steps.next("the plan")
        tester = _Tester(desk, proven(desk), steps)
        done, stopped = tester.log(entries, ranked=ranked)
    return AssumptionLog(tester.plan, tester.first, tester.ranks, tuple(done), stopped)


def _to_rank(council: Instance) -> list[str]:
    """Name the options that can be ranked: doing nothing is none of them."""
    return [name for name, option in council.options.items() if option.model != AS_IT_IS]


def _entries(question: Question) -> Iterator[tuple[Entry, list[Input]]]:
    """List the assumptions as they are stated, each with the figures that it covers."""
    every = question.instance.assumptions
    under = inputs_under_each(question, every)
    for number, (path, stated) in enumerate(every.items(), 1):
        told = stated if isinstance(stated, Assumption) else Assumption(reason=stated)
        figures = under[path]
        one = next((figure for figure in figures if figure.path == path), None)
        value = _choice_at(question.instance, path) if one is None else exact_text(one.value)
        unit = "" if one is None else one.unit
        yield Entry(number, path, value, unit, len(figures), told), figures


def _choice_at(council: Instance, path: str) -> str | None:
    """Return what stands at a path and is no figure: words, a month, a flag; None for several."""
    found = stands_at(council, path)
    if isinstance(found, bool):
        return "yes" if found else "no"
    if isinstance(found, tuple | list):
        return ", ".join(map(str, found)) if all(isinstance(x, str) for x in found) else None
    several = found is None or isinstance(found, Mapping | Record)
    return None if several else str(found)


def _planned(
    question: Question, entry: Entry, figures: Sequence[Input], share: Fraction | None
) -> tuple[Entry, tuple[_Move, ...]]:
    """Say which figures of an assumption are moved to where, or why none is."""
    if not figures:
        return replace(entry, untested=_NO_FIGURE), ()
    setter = _set_by(question, entry.path)
    if setter is not None:
        return replace(entry, untested=f"{setter} gives it"), ()
    one, told = figures[0], entry.told
    if (told.low, told.high) != (None, None) and one.path == entry.path:
        if (why := _outside(one)) is not None:
            return replace(entry, untested=why), ()
        low, high = (one.low, one.high) if share is None else ends_of(one, share)
        return entry, (_Move(one, stated=True, low=low, high=high),)
    if share is None:
        return replace(entry, untested=NO_RANGE), ()
    ends = [(figure, *ends_of(figure, share)) for figure in figures if not figure.is_lattice]
    moves = tuple(_Move(figure, stated=False, low=low, high=high) for figure, low, high in ends)
    return (entry, moves) if moves else (replace(entry, untested=NO_RANGE), ())


def _set_by(question: Question, path: str) -> str | None:
    """Name the option or scenario that gives a figure, so that no fact of the council moves it."""
    of_it = (step for step in question.overrides if step.path == path)
    return next((step.origin for step in of_it if step not in question.by_hand), None)


def _outside(one: Input) -> str | None:
    """Say that a figure which was given by hand lies outside the range that is stated."""
    below = one.low is not None and one.value < one.low
    above = one.high is not None and one.value > one.high
    return f"{exact_text(one.value)} lies outside its range" if below or above else None


@dataclass(slots=True)
class _Steps:
    """Tells of each solve before it begins."""

    tell: Told
    of: int
    done: int = 0

    def next(self, words: str) -> None:
        self.done += 1
        self.tell(Step(self.done, self.of, words))


@dataclass(slots=True)
class _Tester:
    """Moves figures of a question, and looks what becomes of its plan and of its options."""

    desk: Desk
    plan: Plan
    steps: _Steps
    first: str | None = None
    ranks: bool = False

    def log(
        self, entries: Sequence[tuple[Entry, tuple[_Move, ...]]], *, ranked: bool
    ) -> tuple[list[Entry], bool]:
        """Test one assumption after the other; what a stop leaves out is listed all the same."""
        done: list[Entry] = []
        try:
            if ranked:
                self.steps.next("the council's options")
                self.first, self.ranks = self._first(self.desk)
            for entry, moves in entries:
                done.append(self._tested(entry, moves) if moves else entry)
        except (Cancelled, NoPlan):
            rest = entries[len(done) :]
            done += [replace(one, untested=_STOPPED) if moves else one for one, moves in rest]
            return done, True
        return done, False

    def _tested(self, entry: Entry, moves: Sequence[_Move]) -> Entry:
        tested = tuple(
            Tested(move.figure, move.stated, self._end(move, move.low), self._end(move, move.high))
            for move in moves
        )
        return replace(entry, tested=tested, impact=self._impact(tested))

    def _end(self, move: _Move, at: Fraction | None) -> End | None:
        """Solve at one end of a range; None where that end is not stated."""
        if at is None:
            return None
        self.steps.next(f"{move.figure.path} at {exact_text(at)}")
        try:
            desk = self._moved(move.figure, at)
            held = held_by(desk.question, self.plan)
            best = best_beside(desk, held, f"{move.figure.path} at {exact_text(at)}")
            first, ranked = self._first(desk) if self.ranks else (None, False)
        except InputError as error:
            return End(at, Outcome.REFUSED, why=str(error))
        except (Cancelled, NoPlan) as stop:
            if self._is_stopped:
                raise
            return End(at, Outcome.NOT_TOLD, why=str(stop))
        if isinstance(best, Infeasible):
            return End(at, Outcome.NO_PLAN, first=first, ranked=ranked, why=str(best))
        return End(
            at,
            Outcome.PLAN,
            best.goals[0].value,
            new_money_of(best),
            best=still_best(held, best),
            holds=held is not None,
            first=first,
            ranked=ranked,
        )

    @property
    def _is_stopped(self) -> bool:
        """Whether the caller stopped, and not the limit of one solve."""
        cancel = self.desk.request.cancel
        return cancel is not None and cancel.is_set()

    def _moved(self, one: Input, at: Fraction) -> Desk:
        """Return a desk with another figure where it was given: by hand, or in the file."""
        change, council = {one.path: exact_text(at)}, self.desk.instance
        if one.path in (self.desk.request.overrides or {}):
            return self.desk.overriding(change)
        if any(step.path == one.path for step in council.changes):
            return self.desk.where(change)
        return self.desk.of(council.stating(change))

    def _first(self, desk: Desk) -> tuple[str | None, bool]:
        """Rank the council's options; say whether that could be done, within the limits too."""
        try:
            return ranked_first(desk), True
        except (InputError, Cancelled, NoPlan):
            if self._is_stopped:
                raise
            return None, False

    def _impact(self, tested: Sequence[Tested]) -> Impact | None:
        """Rate what moving figures changes: the decision, figures only, or nothing."""
        ends = [end for one in tested for end in one.ends if end.outcome is not Outcome.REFUSED]
        if any(self._decides(end) for end in ends):
            return Impact.RED
        if not ends or any(end.outcome is Outcome.NOT_TOLD for end in ends):
            return None
        if self.ranks and not all(end.ranked for end in ends):
            return None
        goal, cost = self.plan.goals[0].value, new_money_of(self.plan)
        same = all((end.goal, end.cost) == (goal, cost) for end in ends)
        return Impact.GREEN if same else Impact.AMBER

    def _decides(self, end: End) -> bool:
        """Say whether at an end another decision is due: another plan, none, or another option."""
        if end.outcome is Outcome.NOT_TOLD:
            return False
        return not end.best or (end.ranked and end.first != self.first)
