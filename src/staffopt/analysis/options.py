"""Options side by side: as the paper publishes them, and as the same wishes are best met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Unpack

from staffopt.analysis.asking import Step, Told, attempt, ignore
from staffopt.analysis.choice import BOTH, Choice, How, cost_is
from staffopt.analysis.figures import (
    ZERO,
    added,
    new_money,
)
from staffopt.desk import Desk, open_desk
from staffopt.errors import Cancelled, Fault, Infeasible, InputError, Place, UnknownName
from staffopt.instance.options import Option
from staffopt.instance.schema import Instance
from staffopt.library import models
from staffopt.plan import FULL_YEAR, Amount, Plan, Verdict
from staffopt.quantity import exact_text, round_half_up
from staffopt.question import Question
from staffopt.request import Asking
from staffopt.rulebook import TakeBundleWhole
from staffopt.settle import unite
from staffopt.verifier import check_decisions

AS_IT_IS = "today"
"""The shipped model that changes nothing."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An option as published beside the same option as best.

    Attributes:
        option: the option's id.
        published: with posts pinned to what the paper prints; None where it prints none.
        best: scope and target kept, posts free.
        difference: in words, what the two differ in and why; what the paper prints besides.
    """

    option: str
    published: Choice | None
    best: Choice
    difference: tuple[str, ...]


@dataclass(frozen=True)
class OptionsTable:
    """Every option of a council side by side.

    Attributes:
        instance: the council's id.
        nothing: doing nothing.
        pairs: the options, in file order.
        chosen: the option that the paper recommends (the council's default option).
        stopped: whether the loop ended early; the pairs are then those that were done.
    """

    instance: str
    nothing: Choice
    pairs: tuple[Pair, ...]
    chosen: str | None
    stopped: bool = False

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Doing nothing, and every option as published and as best."""
        both = (c for pair in self.pairs for c in (pair.published, pair.best) if c is not None)
        return (self.nothing, *both)

    @cached_property
    def ranks(self) -> dict[tuple[str, How], int]:
        """(option, how) → rank; equal figures share one. Doing nothing has none.

        The fewest pounds a year for each case removed come first, then options that remove none,
        by pounds a year; where the council has no bands, all go by pounds a year.
        """
        keys = {(c.option, c.how): _order(c) for c in self.choices[1:] if c.plan is not None}
        order = sorted(set(keys.values()))
        return {key: 1 + order.index(value) for key, value in keys.items()}

    @property
    def best(self) -> Choice | None:
        """The choice ranked first, posts free; None where nothing has a rank.

        Of several that rank alike it is the paper's, then the first in the file.
        """
        free = [c for c in self.choices if (c.option, c.how) in self.ranks and c.how == "best"]
        return min(
            free,
            key=lambda c: (self.ranks[c.option, c.how], c.option != self.chosen),
            default=None,
        )

    @property
    def paper(self) -> Pair | None:
        """What the paper recommends; None where the table has no such option."""
        return next((pair for pair in self.pairs if pair.option == self.chosen), None)

    @cached_property
    def explained(self) -> tuple[str, ...]:
        """Why the best choice is not the paper's, in words; empty where it is."""
        paper, best = self.paper, self.best
        if paper is None or best is None or paper.option == best.option:
            return ()
        if paper.best.plan is None or best.plan is None:
            return ()
        mine = paper.published or paper.best
        theirs, ours = mine.plan or paper.best.plan, best.plan
        return (
            *_differing(mine, best),
            *_would_miss(paper.best.plan.question, ours, f"{best.option} under {mine.option}"),
            *_would_miss(ours.question, theirs, f"{mine.option} under {best.option}"),
        )

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "instance": self.instance,
            "chosen": self.chosen,
            "choices": [
                {**c.to_json(), "rank": self.ranks.get((c.option, c.how))} for c in self.choices
            ],
            "differences": {pair.option: list(pair.difference) for pair in self.pairs},
            "explained": list(self.explained),
            "stopped": self.stopped,
        }


def options(council: Instance, *, tell: Told = ignore, **asking: Unpack[Asking]) -> OptionsTable:
    """Put the options of a council side by side, beside doing nothing.

    Args:
        council: the council, as :func:`staffopt.load` reads it.
        tell: told of each solve before it begins.
        asking: as for :func:`staffopt.solve`; ``option`` and ``model`` are each option's own.

    Returns:
        the table; where it was stopped, of the options that were done.

    Raises:
        InputError: the council declares no options, or names and figures are at fault.
        BackendError, Conflict, VerificationError: as :func:`staffopt.solve` has them.
        Cancelled: stopped before doing nothing was worked out.
    """
    if not council.options:
        mend = "Declare `options`, each with its model."
        what = f"{council.instance} declares no options"
        raise InputError([Fault("no-options", what, mend, Place(path="options"))])
    given = _given(council, asking.get("overrides") or {})
    asked: Asking = {"unique": False, **asking, "option": None, "model": AS_IT_IS}
    asked["overrides"] = given[AS_IT_IS]
    steps = 1 + sum(1 + (o.published is not None) for o in council.options.values())
    pairs, stopped = [], False
    with open_desk(council, **asked) as desk:
        tell(Step(1, steps, "do nothing"))
        nothing = _choice(desk, "do nothing", "Do nothing", "nothing")
        done = 1
        try:
            for name, option in council.options.items():
                if option.model == AS_IT_IS:
                    continue
                tell(Step(done + 1, steps, name))
                own = desk.asking(option=name, model=None, overrides=given[option.model])
                pairs.append(_pair(own, name, option))
                done += 1 + (option.published is not None)
        except Cancelled:
            stopped = True
    return OptionsTable(council.instance, nothing, tuple(pairs), council.default_option, stopped)


def ranked_first(desk: Desk) -> str | None:
    """Name the option that :attr:`OptionsTable.best` ranks first on a desk's figures.

    Args:
        desk: the council, with the caller's overrides and solvers; its option and model are not
            asked for.

    Returns:
        None where no option has a plan.

    Raises:
        InputError: names and figures of an option are at fault.
        Cancelled: the caller, or the time limit, ended a solve first.
        BackendError, Conflict, VerificationError: as :func:`staffopt.solve` has them.
    """
    council = desk.instance
    given = _given(council, desk.request.overrides or {})
    choices = [
        _choice(
            desk.asking(option=name, model=None, overrides=given[option.model]),
            *(name, option.title or name, "best"),
        )
        for name, option in council.options.items()
        if option.model != AS_IT_IS
    ]
    free = [choice for choice in choices if choice.plan is not None]
    paper = council.default_option
    first = min(free, key=lambda c: (_order(c), c.option != paper), default=None)
    return None if first is None else first.option


def _given(council: Instance, overrides: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return model → the overrides that it has a use for: a standard goes to models with its rule.

    Raises:
        InputError: no option has a rule of that label.
    """
    known = models()
    wanted = {AS_IT_IS, *(option.model for option in council.options.values())}
    rules = {name: {*unite(name, known).rules} for name in wanted}
    every = set().union(*rules.values())
    labels = {path: _rule_of(path) for path in overrides}
    strangers = [label for label in labels.values() if label is not None and label not in every]
    if strangers:
        raise UnknownName("rule in any option's model", strangers[0], sorted(every))
    return {
        name: {p: value for p, value in overrides.items() if labels[p] in {None, *rules[name]}}
        for name in wanted
    }


def _rule_of(path: str) -> str | None:
    """Name the rule that an override gives a figure to, if it does."""
    match path.split("."):
        case ["standards", label, *_] | ["model", "rules", label, *_]:
            return label
    return None


def _pair(desk: Desk, name: str, option: Option) -> Pair:
    title = option.title or name
    best = _choice(desk, name, title, "best")
    published = None
    if option.published is not None and (option.published.change or option.published.packages):
        given = dict(desk.request.overrides or {})
        pinned = desk.asking(overrides={**given, **_pins(desk.question, option)})
        published = _choice(pinned, name, title, "published")
    if published is None:
        return Pair(name, None, best, ())
    return Pair(name, published, best, (*_differing(published, best), *_printed(published, option)))


def _choice(desk: Desk, name: str, title: str, how: How) -> Choice:
    found = attempt(desk)
    if isinstance(found, Infeasible):
        return Choice(name, title, how, None, found)
    return Choice(name, title, how, found)


def _pins(question: Question, option: Option) -> dict[str, Any]:
    """Pin every role that may change to what the paper prints, and the packages it takes.

    What the paper does not print of a role is no change of it, and a package that it does not print
    is not taken, unless the model requires it. The paper prints roles over all teams, so how the
    posts fall to teams stays free.
    """
    assert option.published is not None
    printed = option.published
    roles = [role for role in question.instance.roles if question.changes(role)]
    pins = {f"pins.change.{role}": str(printed.change.get(role, 0)) for role in roles}
    offers = [rule for rule in question.rules if isinstance(rule, TakeBundleWhole)]
    if printed.packages or (offers and not any(rule.required for rule in offers)):
        packages = question.instance.packages
        pins |= {f"pins.packages.{p}": str(p in printed.packages).lower() for p in packages}
    return pins


def _order(choice: Choice) -> tuple[bool, Fraction]:
    assert choice.cost is not None
    per_case = choice.cost_per_case
    if choice.removed is not None and per_case is not None:
        return (False, per_case.raw)
    return (choice.removed is not None, choice.cost.raw)


def _differing(one: Choice, other: Choice) -> Iterator[str]:
    """Say in what two choices differ: posts, money and cases."""
    if one.plan is None or other.plan is None:
        return  # each choice says itself why it has none
    mine, theirs = added(one.plan), added(other.plan)
    moved = {
        role: theirs.get(role, ZERO) - mine.get(role, ZERO)
        for role in one.plan.question.instance.roles
    }
    for role, fte in moved.items():
        if fte:
            name = one.plan.question.role_name(role)
            yield f"{exact_text(abs(fte))} FTE {'more' if fte > 0 else 'fewer'}, {name}"
    yield from _less(one, other)


def _less(one: Choice, other: Choice) -> Iterator[str]:
    assert one.cost is not None
    assert other.cost is not None
    dearer = Amount.of(other.cost.raw - one.cost.raw)
    if dearer.raw:
        if cost_is((one, other)) == BOTH:
            before, now = (f"£{c.cost.printed:,} {cost_is((c,))}" for c in (one, other) if c.cost)
            yield f"{now} instead of {before}"
        else:
            more = "more" if dearer.raw > 0 else "less"
            yield f"£{abs(dearer.printed):,} {cost_is((one, other))} {more}"
    if one.above is not None and other.above is not None and one.above != other.above:
        by = round_half_up(abs(other.above - one.above), 1)
        more = "more" if other.above > one.above else "fewer"
        yield f"{by:,f} {more} cases above the manageable band"


def _printed(published: Choice, option: Option) -> Iterator[str]:
    """Hold the money that the published posts cost against the money that is printed."""
    assert option.published is not None
    printed, plan = option.published.full_year_cost, published.plan
    if printed is None or plan is None:
        return
    lasting = new_money(plan, FULL_YEAR)
    if lasting.printed != printed:
        yield (
            f"printed £{printed:,f} a year for good, the published posts cost £{lasting.printed:,}"
        )


def _would_miss(question: Question, plan: Plan, where: str) -> Iterator[str]:
    """Say which rules of one question the plan of another would miss, each once."""
    missed: dict[str, list[str]] = {}
    for finding in check_decisions(question, plan.decisions):
        if finding.verdict is Verdict.BROKEN:
            missed.setdefault(finding.rule, []).append(finding.words)
    for rule, words in missed.items():
        more = f" (and {len(words) - 1} more)" if len(words) > 1 else ""
        yield f"{where} would miss {rule}: {words[0]}{more}"
