"""Where questions are answered: a council on a desk, with solvers at hand.

A desk keeps its solvers' workers running between questions, so that the second answer is quicker
than the first. :func:`staffopt.solve` puts a council on a desk for one question.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, Unpack

from staffopt.backends.registry import AUTO, PROVER, quickest, second_opinion
from staffopt.backends.solvers import Solvers
from staffopt.edge import refuse_strangers
from staffopt.instance.schema import Instance
from staffopt.keeper import Keeper, Making
from staffopt.library import models
from staffopt.model.schema import Model
from staffopt.plan import Plan
from staffopt.quantity import parse_decimal
from staffopt.question import Question
from staffopt.request import Asking, Request

if TYPE_CHECKING:
    from staffopt.algebra.lint import Hazard
    from staffopt.algebra.program import Program


class Desk:
    """A council with solvers at hand.

    Use it as a context manager; its workers end with it. Threads may share a desk: solves take
    turns. For solves at the same time, open a desk each.

    Args:
        instance: the council.
        models: models by id.
        request: what is asked, and how it is answered.
        solvers: those of another desk, to be shared with it.
        keeper: the program that another desk keeps, to be shared with it too.

    Example:
        >>> with staffopt.open(council) as desk:  # doctest: +SKIP
        ...     plans = [desk.where({"funds.contingency.ceiling.2019/20": c}).solve() for c in cs]
    """

    def __init__(
        self,
        instance: Instance,
        models: Mapping[str, Model],
        request: Request,
        solvers: Solvers | None = None,
        keeper: Keeper | None = None,
    ) -> None:
        refuse_strangers([(instance, "Instance")])
        self.instance = instance
        self._models = models
        self._request = request
        self.solvers = solvers or Solvers(request.isolation)
        self._keeper = keeper or Keeper()

    def where(self, changes: Mapping[str, Any]) -> Desk:
        """Return a desk with other figures, and the same solvers and program at hand.

        Its solve makes the program from the last one where it can, and starts linear programs from
        the last basis: see ``plan.provenance.program`` for how it was made.

        Raises:
            InputError: if a path leads nowhere or a value is not what stands there.
        """
        return self.of(self.instance.where(changes))

    def of(self, instance: Instance, models: Mapping[str, Model] | None = None) -> Desk:
        """Return a desk of another council, with the same solvers and program at hand.

        Args:
            instance: the council.
            models: models by id; those of this desk if None.
        """
        own = self._models if models is None else models
        return Desk(instance, own, self._request, self.solvers, self._keeper)

    def overriding(self, changes: Mapping[str, Any]) -> Desk:
        """Return a desk with figures that win over everything else, over ``--set`` too.

        What :meth:`where` changes is a fact of the council, over which an override of the request
        still wins. No certificate is written of what is asked here.
        """
        given = {p: v for p, v in (self.request.overrides or {}).items() if p not in changes}
        return self.asking(overrides={**given, **changes}, certificate=None)

    def asking(self, **changed: Unpack[Asking]) -> Desk:
        """Return a desk that asks another question of the council, with the same solvers at hand.

        Args:
            changed: fields of :class:`Request`; the others stay as they are.

        Raises:
            InputError: if a setting is no such setting.
        """
        request = replace(self._request, **changed)
        return Desk(self.instance, self._models, request, self.solvers, self._keeper)

    @property
    def request(self) -> Request:
        """What is asked of the council, and how it is answered."""
        return self._request

    @property
    def question(self) -> Question:
        """The question as it stands, every parameter settled.

        Raises:
            InputError: with every fault of names, paths and parameters.
        """
        return self.request.question(self.instance, self._models)

    def solve(self) -> Plan:
        """Answer the question; see :func:`staffopt.solve` for what is raised."""
        request, solvers = self.request, self.solvers
        question, started = self.question, time.monotonic()
        with solvers.lock:
            solvers.prepare(_wanted(request))
            # Imported now: the workers are starting meanwhile.
            from staffopt.answer import answer

            return answer(question, request, solvers, started, self._keeper)

    def program(self) -> Program:
        """Compile the question, from the last program where that can be done; nothing is solved.

        Raises:
            InputError: the question cannot be stated on its figures.
        """
        with self.solvers.lock:
            return self._keeper.program(self.question)[0]

    @property
    def making(self) -> Making | None:
        """How the program of the last solve was made, and why; None before there was one."""
        return self._keeper.making

    def lint(self) -> list[Hazard]:
        """Look for numbers that solvers are known to go wrong on; nothing is solved.

        Raises:
            InputError: the question cannot be stated on its figures.
        """
        from staffopt.algebra.lint import lint

        return lint(self.program(), Fraction(parse_decimal(self.request.gap)))

    def close(self) -> None:
        """End the desk's workers."""
        self.solvers.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _wanted(request: Request) -> list[str]:
    """Name the backends whose workers are surely wanted: a proof mostly spares a second opinion."""
    first = quickest(whole=True) if request.backend == AUTO else request.backend
    wanted = [first]
    if request.certify is not False:
        wanted.append(PROVER)
    if request.cross_check or (request.certify is False and request.cross_check is None):
        second = second_opinion(first)
        wanted += [second] if second else []
    return wanted


def open_desk(instance: Instance, **asking: Unpack[Asking]) -> Desk:
    """Put a council on a desk, for several questions.

    Args:
        instance: the council, as :func:`staffopt.load` reads it.
        asking: the fields of :class:`Request`.

    Raises:
        InputError: if a setting is no such setting.
    """
    return Desk(instance, models(), Request(**asking))


def solve(instance: Instance, **asking: Unpack[Asking]) -> Plan:
    """Answer one question with a verified plan.

    Args:
        instance: the council, as :func:`staffopt.load` reads it.
        asking: the fields of :class:`Request`: option, model, scenario, overrides, backend,
            cross_check, unique, certify, certificate, time_limit, gap, seed, threads, isolation,
            progress, cancel.

    Returns:
        the plan; where a limit was reached or the solve cancelled, the best one found, whose
        ``provenance.stopped`` says so and whose grade is FEASIBLE.

    Raises:
        InputError: names, paths, figures or parameters are at fault; all faults at once.
        Infeasible: proven: no plan meets the rules; carries what would have to give.
        NoPlan: the time limit was reached before a plan was found.
        Cancelled: stopped before a plan was found.
        BackendError: the solver is missing, known to be bad, crashed or hung.
        Conflict: two solvers disagree, or a better plan was found while proving there is none.
        OSError: the certificate cannot be written where it was asked for.
    """
    with open_desk(instance, **asking) as desk:
        return desk.solve()
