"""Settling a question: every parameter gets its one value.

Parameters resolve in one order, the later winning: rule default, model, the instance's standards,
scenario, option, then ``where`` and ``--set``. All but the first three are one mechanism, the
:class:`Override`: a path and a value, validated like the file and listed in the plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from staffopt.carrying import carrying_faults
from staffopt.errors import Fault, InputError, Place, UnknownName, unknown
from staffopt.instance.options import Override
from staffopt.instance.override import keys_of, origins_of, override, put
from staffopt.instance.schema import Instance
from staffopt.instance.staff import AGENCY, RoleKind
from staffopt.model.schema import UNLESS_GIVEN, Goal, GoalName, Model
from staffopt.quantity import Absent
from staffopt.question import Question
from staffopt.record import faults_of
from staffopt.rulebook import RULES, KeepAverageCaseload, Pin, Rule, find_rule

if TYPE_CHECKING:
    from collections.abc import Sequence


_MODEL = "model."
"""How the path of an override starts that changes the model."""


def ask(
    instance: Instance,
    models: Mapping[str, Model],
    *,
    option: str | None = None,
    model: str | None = None,
    scenario: str | None = None,
    overrides: Sequence[Override] = (),
) -> Question:
    """Settle every parameter.

    Args:
        instance: the council as its file states it.
        models: models by id; an option names one of them.
        option: the option asked; the instance's default if None.
        model: a model to use instead of the option's.
        scenario: the state of the world; the instance as it stands if None.
        overrides: changes that win over everything else (``--set``).

    Raises:
        InputError: with every fault of names, paths and parameters found.
    """
    chosen = option or (None if model else instance.default_option)
    given = [*_of_scenario(instance, scenario), *_of_option(instance, chosen)]
    steps = [*given, *instance.changes, *overrides]
    # What `where` changed is in the instance already; it is said again to win over what is given.
    due = steps if given else overrides
    council = override(instance, [world for step in due for world in _of_world(step)])
    record = council.options[chosen] if chosen else None
    name = model or (record.model if record else None)
    if name is None:
        raise InputError(
            [
                Fault(
                    "no-model",
                    f"{instance.instance} has no default option",
                    "Name an --option or a --model.",
                )
            ]
        )
    wanted = _override_model(unite(name, models), steps)
    _refuse_idle(steps, wanted)
    rules = _settle_rules(wanted, council)
    asked = Question(
        instance=council,
        model=name,
        title=wanted.title,
        may_change=wanted.may_change,
        rules=rules,
        goals=(),
        option=chosen,
        scenario=scenario,
        fund=record.fund if record else None,
        overrides=tuple(steps),
    )
    goals = _settle_goals(wanted.goals, asked)
    _refuse_idle_prices(rules, goals)
    _refuse_unknown_tags(rules, goals, council)
    if faults := carrying_faults(asked):
        raise InputError(faults)
    return replace(asked, goals=goals)


def unite(name: str, models: Mapping[str, Model]) -> Model:
    """Unite a model with the models it includes.

    Raises:
        InputError: if a name is unknown, the models include each other in a circle, or two give
            the same label different content.
    """
    return _unite(name, models, ())


def _unite(name: str, models: Mapping[str, Model], above: tuple[str, ...]) -> Model:
    if name not in models:
        raise UnknownName("model", name, list(models))
    if name in above:
        raise InputError(
            [
                Fault(
                    "model-circle",
                    f"model {name!r} includes itself",
                    "Take it out of `includes`.",
                    Place(path=" → ".join(above)),
                )
            ]
        )
    model = models[name]
    rules: dict[str, Any] = {}
    kinds: dict[RoleKind, None] = {}
    for part in [*(_unite(other, models, (*above, name)) for other in model.includes), model]:
        for label, content in part.rules.items():
            if label in rules and rules[label] != content:
                raise InputError(
                    [
                        Fault(
                            "model-clash",
                            f"{name!r} gets rule {label!r} twice, with different content",
                            "Give one of them another label.",
                        )
                    ]
                )
            rules[label] = content
        kinds.update(dict.fromkeys(part.may_change))
    return model.model_copy(update={"rules": rules, "may_change": tuple(kinds), "includes": ()})


def _of_scenario(instance: Instance, name: str | None) -> list[Override]:
    if name is None:
        return []
    if name not in instance.scenarios:
        raise UnknownName("scenario", name, list(instance.scenarios))
    changes = instance.scenarios[name].set.items()
    return [Override(path=path, value=value, origin=f"scenario {name}") for path, value in changes]


def _of_option(instance: Instance, name: str | None) -> list[Override]:
    if name is None:
        return []
    if name not in instance.options:
        raise UnknownName("option", name, list(instance.options))
    option = instance.options[name]
    origin = f"option {name}"
    steps = []
    for label, content in option.standards.items():
        if content == "off":
            steps.append(Override(path=f"standards.{label}", value="off", origin=origin))
        else:
            steps += [
                Override(path=f"standards.{label}.{key}", value=value, origin=origin)
                for key, value in content.items()
            ]
    pins = option.pins.model_dump(mode="json", exclude_unset=True)
    for table, entries in pins.items():
        steps += [
            Override(path=f"pins.{table}.{key}", value=value, origin=origin)
            for key, value in entries.items()
        ]
    return steps


def _of_world(step: Override) -> list[Override]:
    """Say what an override does to the instance.

    A parameter set in the model's own place is set among the standards too, which win over it.
    """
    if not step.path.startswith(_MODEL):
        return [step]
    path = step.path.removeprefix(_MODEL)
    is_rule = path.startswith("rules.")
    return [step.model_copy(update={"path": f"standards.{path[6:]}"})] if is_rule else []


def _override_model(model: Model, steps: Sequence[Override]) -> Model:
    mine = [step for step in steps if step.path.startswith(_MODEL)]
    if not mine:
        return model
    tree = model.model_dump(mode="json", exclude_unset=True)
    for step in mine:
        put(tree, keys_of(step.path)[1:], step, Model.model_fields)
    try:
        return Model.model_validate(tree)
    except ValidationError as error:
        raise InputError(faults_of(error, "model", origins_of(mine))) from error


def _refuse_idle(steps: Sequence[Override], model: Model) -> None:
    """Refuse an option or --set that gives a figure to a rule that the model does not have."""
    faults = []
    for step in steps:
        table, label, *_ = step.path.split(".")
        if table == "standards" and label not in model.rules and "scenario" not in step.origin:
            fault = unknown("rule in the model", label, list(model.rules), Place(file=step.origin))
            faults.append(fault)
    if faults:
        raise InputError(faults)


def _refuse_idle_prices(rules: Sequence[Rule], goals: Sequence[Goal]) -> None:
    """Refuse a softened rule whose price no goal weighs: it would be no rule at all."""
    costs = (GoalName.FULL_YEAR_COST, GoalName.COST, GoalName.PENALTY)
    if any(goal.minimise in costs and goal.year is None for goal in goals):
        return
    faults = [
        Fault(
            "price-weighs-nothing",
            f"{rule.label} is softened at a price, and no goal counts the cost of all months",
            "Minimise full_year_cost or cost (without a year), or take `soften` out.",
            Place(path=f"standards.{rule.label}.soften"),
        )
        for rule in rules
        if rule.soften is not None
    ]
    if faults:
        raise InputError(faults)


def _refuse_unknown_tags(rules: Sequence[Rule], goals: Sequence[Goal], council: Instance) -> None:
    """Refuse what asks for staff whom no role of the council stands for."""
    marked = [record.tags for record in council.roles.values()]
    marked += [record.tags for record in council.people.values()]
    known = list(dict.fromkeys(tag for tags in marked for tag in tags))
    named = [(tag, rule.path(field)) for rule in rules for field, tag in rule.tags_named.items()]
    named += [
        (AGENCY, f"model.goals.{number}")
        for number, goal in enumerate(goals)
        if goal.minimise is GoalName.AGENCY_USE
    ]
    faults = [unknown("tag", t, known, Place(path=path)) for t, path in named if t not in known]
    if faults:
        raise InputError(faults)


def _settle_rules(model: Model, council: Instance) -> tuple[Rule, ...]:
    """Join each rule's model parameters with the council's standards, the latter winning."""
    faults: list[Fault] = []
    rules: list[Rule] = []
    for label in sorted(model.rules):
        wanted, standard = model.rules[label], council.standards.get(label)
        given = isinstance(wanted, Mapping) and UNLESS_GIVEN not in wanted
        if standard == "off" or (standard is None and not given):
            continue
        content = {**(wanted if isinstance(wanted, Mapping) else {}), **(standard or {})}
        try:
            rules.append(_settle_rule(label, content))
        except InputError as error:
            faults += error.faults
    if not council.pins.empty:
        rules.append(Pin(label="pin", pins=council.pins))
    if faults:
        raise InputError(faults)
    return tuple(rules)


def _settle_rule(label: str, content: Mapping[str, Any]) -> Rule:
    name = content.get("rule", label)
    place = Place(path=f"standards.{label}")
    if name not in RULES:
        raise InputError([unknown("rule", str(name), list(RULES), place)])
    params = {key: v for key, v in content.items() if key not in ("rule", UNLESS_GIVEN)}
    try:
        return find_rule(name).model_validate({**params, "label": label})
    except ValidationError as error:
        raise InputError(faults_of(error, f"standards.{label}")) from error


def _settle_goals(goals: Sequence[Goal], asked: Question) -> tuple[Goal, ...]:
    """Give every caseload goal its scope, and every goal of a band its band.

    Raises:
        InputError: if a band is not there or has no upper edge.
    """
    target = asked.rule(KeepAverageCaseload)
    known = tuple(t for t in sorted(asked.instance.teams) if not isinstance(asked.cases(t), Absent))
    scope = target.scope if target else known
    return tuple(
        goal.model_copy(update={"scope": scope})
        if goal.minimise in (GoalName.WORST_CASELOAD, GoalName.CASES_ABOVE_BAND)
        and goal.scope is None
        else goal
        for goal in (_with_band(number, goal, asked) for number, goal in enumerate(goals))
    )


def _with_band(number: int, goal: Goal, asked: Question) -> Goal:
    """Settle the band of a goal that looks at what is above one."""
    if goal.minimise is not GoalName.CASES_ABOVE_BAND:
        return goal
    bands, place = asked.instance.bands, Place(path=f"model.goals.{number}.band")
    if bands is None:
        what = f"{goal.minimise} needs caseload bands"
        raise InputError([Fault("no-bands", what, "Declare `bands`.", place)])
    band = goal.band or bands.needs_no_action
    if band not in bands.edges:
        raise InputError([unknown("band", band, list(bands.edges), place)])
    if not bands.edges[band].upper:
        mend = "Name a band below the highest one."
        raise InputError(
            [Fault("no-edge", f"the band {band} has no upper edge above 0", mend, place)]
        )
    return goal.model_copy(update={"band": band})
