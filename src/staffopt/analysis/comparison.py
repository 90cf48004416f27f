"""What differs between two plans: in their inputs, and in what follows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from staffopt.differences import NOTHING, differences
from staffopt.errors import Fault, InputError
from staffopt.instance.checks import FIGURE_CHECKS, check_instance
from staffopt.quantity import exact_text
from staffopt.record import Record
from staffopt.rulebook import PlaceEveryone
from staffopt.verifier.funds import fund_years

if TYPE_CHECKING:
    from staffopt.plan import Figures as PlanFigures
    from staffopt.plan import FlowDecision, Plan
    from staffopt.question import Question

PINS = "pins"

NOT_THERE = "not there"
"""Stands for an input that only the other question has."""


@dataclass(frozen=True, slots=True)
class InputChange:
    """One input that differs.

    Attributes:
        path: where it stands, as ``--set`` names it.
        before, after: what stands there, as a file would write it.
    """

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class OutputChange:
    """One figure of the plans that differs.

    Attributes:
        what: ``goal``, ``posts``, ``in post``, ``flow``, ``place``, ``package``, ``managed team``,
            ``cases held``, ``cases closed``, ``open cases``, ``caseload``, ``money``, ``carried
            forward``, ``reserve`` or ``benefit``.
        of: which one: a goal's name; (team, role, period), twice; (kind of flow, team, role, team
            and role they go to if another, period); (person, team), which is 1 in the plan that
            has it; a package; (managed team, start, extension); (team, role or ``managed team`` or
            ``nobody``, period); (team, case type if there are any, period), twice, the latter when
            the month ends; (team or scope, denominator, basis, period); (fund, year), three times;
            (benefit, year).
        before, after: what it is in each plan; None where one of them has no such figure.
        unit: its unit.
    """

    what: str
    of: tuple[str, ...]
    before: Fraction | None
    after: Fraction | None
    unit: str

    @property
    def by(self) -> Fraction:
        """By how much it changes; what is not there counts as nothing."""
        return (self.after or Fraction(0)) - (self.before or Fraction(0))

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "what": self.what,
            "of": list(self.of),
            "before": None if self.before is None else exact_text(self.before),
            "after": None if self.after is None else exact_text(self.after),
            "unit": self.unit,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two plans.

    Attributes:
        inputs: inputs that differ.
        outputs: figures that differ.
    """

    inputs: tuple[InputChange, ...]
    outputs: tuple[OutputChange, ...]

    def of(self, what: str) -> tuple[OutputChange, ...]:
        """Return the figures of one kind that differ."""
        return tuple(change for change in self.outputs if change.what == what)

    @property
    def worse_teams(self) -> tuple[OutputChange, ...]:
        """Averages that are higher in the second plan, the most first."""
        higher = [c for c in self.of("caseload") if c.before is not None and c.by > 0]
        return tuple(sorted(higher, key=lambda change: -change.by))

    def to_json(self) -> dict[str, Any]:
        """Write it as plain data."""
        return {
            "inputs": [{"path": c.path, "before": c.before, "after": c.after} for c in self.inputs],
            "outputs": [change.to_json() for change in self.outputs],
        }


def compare(old: Plan, new: Plan) -> Comparison:
    """Compare two plans, figure by figure; nothing is solved."""
    return Comparison(inputs_changed(old.question, new.question), outputs_changed(old, new))


def inputs_changed(old: Question, new: Question) -> tuple[InputChange, ...]:
    """List the inputs in which two questions differ."""
    return tuple(
        InputChange(one.path, _text(one.old), _text(one.new))
        for one in differences(old, new)
        if one.path != PINS  # each pin has a path of its own
    )


def _text(value: Any) -> str:
    """Write a value in one line, as ``--set`` takes it: ``[{minimise: full_year_cost}]``."""
    if value is NOTHING:
        return NOT_THERE
    if isinstance(value, Record):
        return _text(value.model_dump(mode="json", exclude_defaults=True))
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_text(inside)}' for key, inside in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_text, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return "none" if value is None else str(value)


Figures = dict[tuple[str, tuple[str, ...]], tuple[Fraction, str]]
"""(what, of) → the figure, its unit."""


_NONE_IS_0 = ("money", "cases closed", "flow")
"""Of these there are none where there is no figure: 0 is no difference from that."""


def outputs_changed(old: Plan, new: Plan) -> tuple[OutputChange, ...]:
    """List the figures in which two plans differ."""
    # People who are decided in one plan only stand in the other as many as there are posts for.
    apart = {(p.team, p.role) for plan in (old, new) for p in plan.figures.people if p.apart}
    mine, its = _figures(old, apart), _figures(new, apart)
    found = []
    for key in dict.fromkeys([*mine, *its]):
        what, of = key
        before, after = mine.get(key), its.get(key)
        if (before and before[0]) == (after and after[0]):
            continue
        change = OutputChange(
            what,
            of,
            before and before[0],
            after and after[0],
            (after or before or (Fraction(0), ""))[1],
        )
        if change.by or what not in _NONE_IS_0:
            found.append(change)
    return tuple(found)


def _figures(plan: Plan, apart: Collection[tuple[str, str]]) -> Figures:
    figures = plan.figures
    return {
        **{
            ("goal", (goal.minimise, *([goal.year] if goal.year else []))): (goal.value, goal.unit)
            for goal in plan.goals
        },
        **{("posts", (p.team, p.role, p.period)): (p.posts, "FTE") for p in figures.posts},
        **{
            ("in post", (p.team, p.role, p.period)): (p.in_post, "FTE")
            for p in figures.people
            if (p.team, p.role) in apart
        },
        **{("flow", _way(flow)): (flow.fte, "FTE") for flow in plan.decisions.flows},
        **{("place", at): (Fraction(1), "people") for at in _places(plan)},
        **{("package", (p.package,)): (Fraction(p.taken), "packages") for p in figures.packages},
        **{
            ("managed team", (m.managed_team, str(m.start), str(m.extension))): (
                Fraction(m.teams),
                "teams",
            )
            for m in figures.managed_teams
        },
        **_cases(figures),
        **{
            ("caseload", (c.of, str(c.denominator), c.basis, c.period)): (
                c.average,
                "cases per FTE",
            )
            for c in figures.caseloads
            if c.average is not None
        },
        **{
            ("money", (total.name, total.year)): (total.amount.raw, "pounds")
            for total in figures.totals
            if total.of == "fund"
        },
        **_left(plan),
        **{
            ("benefit", (b.benefit, b.year)): (b.amount.raw, "pounds")
            for b in figures.benefits
            if b.amount is not None
        },
    }


def _places(plan: Plan) -> list[tuple[str, str]]:
    """Return (person, team): where people are placed, or where they are if nobody is."""
    if plan.question.rule(PlaceEveryone) is None:
        return [(name, person.team) for name, person in plan.question.instance.people.items()]
    return [(place.person, place.team) for place in plan.decisions.places]


def _cases(figures: PlanFigures) -> Figures:
    """Return who holds cases, how many are closed, and how many are open when a month ends."""
    found: Figures = {
        ("cases held", (c.team, c.role or c.held_by, c.period)): (c.cases, "cases")
        for c in figures.cases
    }
    for flow in figures.case_flow:
        of = (flow.team, *([flow.case_type] if flow.case_type else []), flow.period)
        found["cases closed", of] = flow.closed, "cases"
        found["open cases", of] = flow.open, "cases"
    return found


def _left(plan: Plan) -> Figures:
    """Return what funds carry on to the next year, and what their reserves stand at."""
    funds, found = plan.question.instance.funds, Figures()
    for year in fund_years(plan.question, plan.figures.money):
        if funds[year.fund].carry_forward is not None:
            found["carried forward", (year.fund, year.year)] = year.carried_out, "pounds"
        if year.balance is not None:
            found["reserve", (year.fund, year.year)] = year.balance, "pounds"
    return found


def _way(flow: FlowDecision) -> tuple[str, ...]:
    """Name who goes from where to where, and when."""
    named = (flow.kind, flow.team, flow.role, flow.to_team, flow.to_role, flow.period)
    return tuple(filter(None, named))


def partly(old: Question, new: Question, paths: Iterable[str]) -> Question:
    """Return the old question with the inputs at some paths as the new one has them.

    Raises:
        InputError: if they make no question together.
    """
    tree, other = old.to_json(), new.to_json()
    wanted = new.instance.model_dump(mode="json", exclude_unset=True)
    council = old.instance.model_dump(mode="json", exclude_unset=True)
    years = list(new.instance.calendar.years)
    for path in paths:
        section, *rest = path.split(".")
        if section == "standards":
            tree["rules"] = _with_rule(tree["rules"], other["rules"], rest)
        elif section in ("model", "may_change", "goals", "option", "fund"):
            tree[section] = other[section]
        else:
            _put(council, wanted, [section, *rest], years)
    tree["instance"] = council
    tree["overrides"] = []
    moved = type(old).from_json(tree)
    _hangs_together(old, moved)
    return _with_pins(moved)


def _hangs_together(old: Question, moved: Question) -> None:
    """Refuse a mixture of two councils in which something is named that is not there any more.

    Raises:
        InputError: what the old question's own council has no fault of.
    """
    before = {(fault.code, fault.what) for fault in _faults(old)}
    if found := [fault for fault in _faults(moved) if (fault.code, fault.what) not in before]:
        raise InputError(found)


def _faults(question: Question) -> list[Fault]:
    found = check_instance(question.instance, checks=FIGURE_CHECKS)
    return [fault for fault in found if not fault.warning]


def _with_rule(
    rules: list[dict[str, Any]], others: list[dict[str, Any]], keys: list[str]
) -> list[dict[str, Any]]:
    """Take a rule, or one figure of it, from the other question."""
    label, *inside = keys
    wanted = next((rule for rule in others if rule["label"] == label), None)
    mine = next((rule for rule in rules if rule["label"] == label), None)
    rest = [rule for rule in rules if rule["label"] != label]
    if inside and mine is not None and wanted is not None:
        mine = dict(mine)
        _put(mine, wanted, inside, [])
        wanted = mine
    return sorted([*rest, *([wanted] if wanted else [])], key=lambda rule: str(rule["label"]))


def _put(
    tree: dict[str, Any], wanted: Mapping[str, Any], keys: list[str], years: list[str]
) -> None:
    """Copy what stands at a path, or take away what does not."""
    *parents, leaf = keys
    node: Any = tree
    source: Any = wanted
    for key in parents:
        source = _below(source, key, years)
        child = _below(node, key, years)
        node[key] = node = child
    if isinstance(source, Mapping) and leaf in source:
        node[leaf] = source[leaf]
    else:
        node.pop(leaf, None)


def _below(node: Any, key: str, years: list[str]) -> Any:
    """Go down one table; one ceiling for every year becomes a ceiling each."""
    child = node.get(key) if isinstance(node, Mapping) else None
    if isinstance(child, Mapping):
        return dict(child)
    return dict.fromkeys(years, child) if key == "ceiling" and child is not None else {}


def _with_pins(question: Question) -> Question:
    """Let the rule that keeps pins keep those of the instance."""
    from dataclasses import replace

    from staffopt.rulebook import Pin

    rules = [rule for rule in question.rules if not isinstance(rule, Pin)]
    pins = question.instance.pins
    if not pins.empty:
        rules.append(Pin(label="pin", pins=pins))
    return replace(question, rules=tuple(rules))
