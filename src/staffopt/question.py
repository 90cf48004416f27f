"""A question: one instance, one model, and every parameter settled.

Parameters resolve in one order, the later winning: rule default, model, the instance's standards,
scenario, option, ``--set``. The last three are one mechanism, the :class:`Override`: a path and a
value, validated like the file and listed in the plan.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from staffopt.errors import Fault, InputError, Place, UnknownName, unknown
from staffopt.instance.override import keys_of, origins_of, override, plain
from staffopt.instance.schema import Instance, Override, Role, RoleKind
from staffopt.model.schema import Goal, GoalName, Model
from staffopt.quantity import Absent, decimal_text
from staffopt.record import faults_of
from staffopt.rulebook import RULES, KeepAverageCaseload, Pin, Rule, find_rule, rule_from_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from decimal import Decimal

ALL = "all"
NOT_NAMED = "not named"
"""The fund of what no fund is named for."""


@dataclass(frozen=True)
class Question:
    """One instance asked with one model.

    Attributes:
        instance: the council, overrides applied.
        model: id of the model.
        title: the model's title.
        may_change: role kinds whose posts may change.
        rules: rules in force, every parameter settled, in order of label.
        goals: ordered goals, each with its scope settled.
        option: the option asked for, if one was.
        scenario: the scenario asked for, if one was.
        fund: the option's own fund for added posts: an id, ``not named``, or None (permissions).
        overrides: every override applied, in order.
    """

    instance: Instance
    model: str
    title: str
    may_change: tuple[RoleKind, ...]
    rules: tuple[Rule, ...]
    goals: tuple[Goal, ...]
    option: str | None = None
    scenario: str | None = None
    fund: str | None = None
    overrides: tuple[Override, ...] = ()

    def rule(self, kind: type[Rule]) -> Rule | None:
        """Return the first rule of a class, or None where the model has none."""
        return next((rule for rule in self.rules if isinstance(rule, kind)), None)

    def roles_of(self, kind: RoleKind) -> tuple[str, ...]:
        """Name the roles of a kind, in order of id."""
        return tuple(sorted(r for r, role in self.instance.roles.items() if role.kind is kind))

    def teams_in(self, scope: str | Sequence[str]) -> tuple[str, ...]:
        """Name the teams of a scope (all, groups, areas, teams), in order of id.

        Raises:
            UnknownName: if a name is none of them.
        """
        names = (scope,) if isinstance(scope, str) else tuple(scope)
        return tuple(sorted({team for name in names for team in self._teams_named(name)}))

    def _teams_named(self, name: str) -> Iterable[str]:
        council = self.instance
        if name == ALL:
            return council.teams
        if name in council.groups:
            return council.groups[name]
        if name in council.teams:
            return (name,)
        if name in council.areas:
            return (team for team, record in council.teams.items() if record.area == name)
        raise UnknownName("scope", name, [ALL, *council.groups, *council.areas, *council.teams])

    def cases(self, team: str) -> Decimal | Absent:
        """Return a team's weighted cases, or the reason why there is no figure."""
        cases = self.instance.teams[team].cases
        if not isinstance(cases, Mapping):
            return cases
        types = self.instance.case_types
        weighted = [figure * types[kind].weight for kind, figure in cases.items()]
        return sum(weighted[1:], start=weighted[0]) if weighted else Absent.NOT_APPLICABLE

    def can_be_placed(self, role: str, team: str) -> bool:
        """Say whether a role may have posts in a team."""
        teams = self.instance.roles[role].teams
        return teams is None or team in teams

    def changes(self, role: str) -> bool:
        """Say whether the model may change posts of a role."""
        return self.instance.roles[role].kind in self.may_change

    def fund_of_added(self, role: str) -> str | None:
        """Name the fund that pays for added posts of a role, or None where none is named."""
        if self.fund is not None:
            return None if self.fund == NOT_NAMED else self.fund
        return self._payer(role, lambda fund: fund.pays_for.added_posts)

    def fund_of_today(self, role: str) -> str | None:
        """Name the fund that pays for today's posts of a role, or None where none is named."""
        return self._payer(role, lambda fund: fund.pays_for.posts_today)

    def fund_of_package(self, package: str) -> str | None:
        """Name the fund that pays for a package, or None where none is named."""
        return self.instance.packages[package].fund or self._payer(
            package, lambda fund: fund.pays_for.packages
        )

    def _payer(self, name: str, listed: Callable[[Any], tuple[str, ...]]) -> str | None:
        """Find the fund that lists a name; one that lists it by name goes before ``all``."""
        funds = self.instance.funds
        for wanted in (name, ALL):
            for fund, record in sorted(funds.items()):
                if wanted in listed(record):
                    return fund
        return None

    def is_assumed(self, path: str) -> bool:
        """Say whether the instance marks a path, or one it lies under, as an assumption."""
        return any(
            path == assumed or path.startswith(f"{assumed}.")
            for assumed in self.instance.assumptions
        )

    def role_name(self, role: str) -> str:
        """Return a role's name in reports."""
        return role_name(role, self.instance.roles[role])

    def to_json(self) -> dict[str, Any]:
        """Write the question whole, so that a plan can be verified from itself alone."""
        return {
            "instance": self.instance.model_dump(mode="json", exclude_defaults=True),
            "model": self.model,
            "title": self.title,
            "may_change": [str(kind) for kind in self.may_change],
            "rules": [rule.to_json() for rule in self.rules],
            "goals": [goal.model_dump(mode="json", exclude_defaults=True) for goal in self.goals],
            "option": self.option,
            "scenario": self.scenario,
            "fund": self.fund,
            "overrides": [override.model_dump(mode="json") for override in self.overrides],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Question:
        """Read back what :meth:`to_json` wrote.

        Raises:
            InputError: if it is not a question, with every fault.
        """
        try:
            return cls(
                instance=Instance.model_validate(data["instance"]),
                model=data["model"],
                title=data["title"],
                may_change=tuple(RoleKind(kind) for kind in data["may_change"]),
                rules=tuple(rule_from_json(rule) for rule in data["rules"]),
                goals=tuple(Goal.model_validate(goal) for goal in data["goals"]),
                option=data.get("option"),
                scenario=data.get("scenario"),
                fund=data.get("fund"),
                overrides=tuple(Override.model_validate(item) for item in data["overrides"]),
            )
        except ValidationError as error:
            raise InputError(faults_of(error, "inputs")) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            fault = Fault(
                "plan-inputs",
                f"the plan's inputs cannot be read: {error!r}",
                "Solve again to write the plan anew.",
                Place(path="inputs"),
            )
            raise InputError([fault]) from error

    @cached_property
    def hash(self) -> str:
        """A hash of everything that decides the answer."""
        text = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def role_name(role: str, record: Role) -> str:
    """Return a role's name in reports, made from its id where none is given."""
    return record.name or role.replace("_", " ").capitalize()


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
    steps = [*_of_scenario(instance, scenario), *_of_option(instance, chosen), *overrides]
    world = [step for step in steps if not step.path.startswith("model.")]
    council = override(instance, world)
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
    wanted = _override_model(unite(name, models), [s for s in steps if s.path.startswith("model.")])
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
        overrides=(*instance.changes, *steps),
    )
    return Question(**{**vars(asked), "goals": _settle_goals(wanted.goals, asked)})


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


def _override_model(model: Model, steps: Sequence[Override]) -> Model:
    if not steps:
        return model
    tree = model.model_dump(mode="json", exclude_unset=True)
    for step in steps:
        node = tree
        keys = keys_of(step.path)[1:]
        for key in keys[:-1]:
            if not isinstance(node.get(key), dict):
                node[key] = {}
            node = node[key]
        node[keys[-1]] = plain(step.value)
    try:
        return Model.model_validate(tree)
    except ValidationError as error:
        raise InputError(faults_of(error, "model", origins_of(steps))) from error


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


def _settle_rules(model: Model, council: Instance) -> tuple[Rule, ...]:
    """Join each rule's model parameters with the council's standards, the latter winning."""
    faults: list[Fault] = []
    rules: list[Rule] = []
    for label in sorted(model.rules):
        wanted, standard = model.rules[label], council.standards.get(label)
        if standard == "off" or (wanted == "off" and standard is None):
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
    params = {key: value for key, value in content.items() if key != "rule"}
    try:
        return find_rule(name).model_validate({**params, "label": label})
    except ValidationError as error:
        raise InputError(faults_of(error, f"standards.{label}")) from error


def _settle_goals(goals: Sequence[Goal], asked: Question) -> tuple[Goal, ...]:
    """Give every caseload goal its scope."""
    target = asked.rule(KeepAverageCaseload)
    known = tuple(t for t in sorted(asked.instance.teams) if not isinstance(asked.cases(t), Absent))
    scope = target.scope if target else known
    return tuple(
        goal.model_copy(update={"scope": scope})
        if goal.minimise is GoalName.WORST_CASELOAD and goal.scope is None
        else goal
        for goal in goals
    )


def figure_text(figure: Decimal | Absent) -> str:
    """Write a figure or the reason why there is none."""
    return str(figure) if isinstance(figure, Absent) else decimal_text(figure)
