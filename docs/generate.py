"""Write what the documentation takes from the code: the rule book, the fields of files, schemas.

Pages keep their prose; what stands between a pair of markers is written here::

    python docs/generate.py            writes
    python docs/generate.py --check    writes nothing, and ends with 1 if anything is stale
"""

from __future__ import annotations

import inspect
import json
import re
import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, StringConstraints
from pydantic.fields import FieldInfo

import staffopt
from staffopt import plan, quantity
from staffopt.instance import bands, calendar, fields, schema
from staffopt.json_schema import json_schema
from staffopt.model.schema import Goal, Model
from staffopt.reporting.rules import Parameter, entry
from staffopt.rulebook import RULES, Pin, Rule
from staffopt.rulebook.workload import RoundingField
from staffopt.settle import unite

DOCS = Path(__file__).parent
PAGES = ("rules.md", "file-formats.md", "models.md")
_MARKED = re.compile(r"(<!-- generated: (.+?) -->\n).*?(<!-- end -->)", re.DOTALL)

_KINDS: dict[object, str] = {
    quantity.Number: "number",
    quantity.Figure: "number, or a word for why there is none",
    quantity.Exact: "exact number",
    quantity.Whole: "whole number",
    quantity.Flag: "`true` or `false`",
    calendar.MonthField: "month",
    bands.EdgesField: "interval",
    fields.Day: "date",
    fields.Id: "id",
    fields.Text: "text",
    RoundingField: "`none`, `posts_nearest`, `posts_up` or `printed(d)`",
}
_PLAIN: dict[object, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "`true` or `false`",
    Any: "value",
}

_LIMITS = {"gt": "above {}", "ge": "{} or more", "le": "at most {}"}

_PLAN_RECORDS: tuple[type[BaseModel], ...] = (
    plan.Plan, plan.Decisions, plan.PostDecision, plan.PeopleDecision, plan.FlowDecision,
    plan.PackageDecision, plan.ManagedTeamDecision, plan.CasesDecision, plan.ClosedDecision,
    plan.PlaceDecision, plan.PlaceFigure,
    plan.Figures,
    plan.PostFigure, plan.PeopleFigure, plan.FlowFigure, plan.WorkFigure, plan.VacancyFigure,
    plan.PackageFigure, plan.ManagedTeamFigure, plan.ExitFigure, plan.CaseloadFigure,
    plan.CasesFigure, plan.CaseFlowFigure, plan.HeadsFigure, plan.MoneyFigure,
    plan.BenefitFigure, plan.MoneyTotal,
    plan.Amount,
    plan.GoalValue, plan.Finding, plan.Provenance,
)  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Write every page that is stale, or only name it; return the exit code."""
    check = "--check" in arguments
    stale = [path for path, text in generated().items() if _read(path) != text]
    for path in stale:
        print(f"{'Stale' if check else 'Wrote'}: {path.relative_to(DOCS.parent).as_posix()}")
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(generated()[path], encoding="utf-8", newline="\n")
    return 1 if check and stale else 0


def generated() -> dict[Path, str]:
    """Map every generated file to what it must hold."""
    made = {DOCS / name: _filled((DOCS / name).read_text(encoding="utf-8")) for name in PAGES}
    for kind in ("instance", "model"):
        text = json.dumps(json_schema(kind), indent=1, ensure_ascii=False) + "\n"
        made[DOCS / "schema" / f"{kind}-1.json"] = text
    return made


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _filled(text: str) -> str:
    """Replace what stands between each pair of markers."""
    return _MARKED.sub(lambda found: f"{found[1]}\n{_section(found[2])}\n{found[3]}", text)


def _section(name: str) -> str:
    kind, _, which = name.partition(" ")
    if kind == "rules":
        return "\n".join(_rule(RULES[rule]) for rule in sorted(RULES))
    if kind == "common":
        common = [p for p in entry(Pin).parameters if p.name in Rule.model_fields]
        return _parameter_table(common) + "\n"
    if kind == "fields":
        return "\n".join(_record(record) for record in _records_of(which))
    if kind == "model":
        return _model(which)
    raise ValueError(f"nothing is generated under the name {name!r}")


def _rule(rule: type[Rule]) -> str:
    shown = entry(rule)
    parts = [f"## {shown.name}", shown.sentence, f"```math\n{shown.formula}\n```"]
    parts += [_markdown(text) for text in (shown.text,) if text]
    parts += [f"*Symbols.* {_markdown(shown.symbols)}", f"*Source.* {_markdown(shown.source)}"]
    own = [item for item in shown.parameters if item.name not in Rule.model_fields]
    parts.append(_parameter_table(own) if own else "No parameters of its own.")
    return "\n\n".join(parts) + "\n"


def _parameter_table(parameters: Sequence[Parameter]) -> str:
    rows = [
        (f"`{item.name}`", item.unit, _markdown(item.meaning), item.default) for item in parameters
    ]
    return _table(("parameter", "unit", "meaning", "default"), rows)


def _markdown(text: str) -> str:
    """Write a docstring's markup as a page's."""
    text = re.sub(r":math:`([^`]*)`", r"$\1$", text)
    return text.replace("``", "`")


def _rule_of(label: str, content: Mapping[str, Any] | str) -> str:
    """Name the rule that stands under a label."""
    return str(content.get("rule", label)) if isinstance(content, Mapping) else label


def _model(name: str) -> str:
    """Say what a model asks, which rules it has with those it includes, and its goals."""
    models = staffopt.models()
    asked = unite(name, models)
    rules = [
        (f"[`{label}`](rules.md#{_rule_of(label, content)})", _parameters(content))
        for label, content in asked.rules.items()
    ]
    kinds = ", ".join(f"`{kind}`" for kind in asked.may_change) or "none"
    goals = ", then ".join(_goal(goal) for goal in asked.goals)
    parts = [f"*{asked.question}*", f"Kinds of role that may change: {kinds}."]
    if includes := models[name].includes:
        parts.append(f"Includes {' and '.join(f'`{other}`' for other in includes)}.")
    parts += [_table(("rule", "what the model says of it"), rules), f"Goals: {goals}."]
    return "\n\n".join(parts) + "\n"


def _parameters(content: str | Mapping[str, Any]) -> str:
    if isinstance(content, str):
        return "off, until a standard, an option or `--set` gives it a figure"
    return ", ".join(f"`{key}: {str(value).lower()}`" for key, value in content.items())


def _goal(goal: Goal) -> str:
    basis = f" ({goal.basis})" if "basis" in goal.model_fields_set else ""
    return f"least `{goal.label}`{basis}"


def _records_of(which: str) -> list[type[BaseModel]]:
    if which == "plan":
        return list(_PLAN_RECORDS)
    return list(_reached_from(schema.Instance if which == "instance" else Model))


def _reached_from(root: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield a record and those it is made of, in the order in which a reader meets them."""
    seen: list[type[BaseModel]] = [root]
    for record in seen:
        yield record
        for hint in _hints(record).values():
            seen += [part for part in _records_in(hint) if part not in seen]


def _records_in(hint: Any) -> Iterator[type[BaseModel]]:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
    for part in get_args(hint):
        yield from _records_in(part)


def _hints(record: type[BaseModel]) -> dict[str, Any]:
    hints = get_type_hints(record, include_extras=True)
    return {name: hints[name] for name in record.model_fields}


def _whole(hint: Any, field: FieldInfo) -> Any:
    """Join a field's type with the limits that its default carries."""
    return Annotated[hint, *field.metadata] if field.metadata else hint


def _record(record: type[BaseModel]) -> str:
    """Describe one record; a plan is written by the program, so its defaults are left out."""
    doc = inspect.cleandoc(record.__doc__ or "")
    hints = _hints(record)
    rows: list[Sequence[str]] = [
        (
            f"`{field.alias or name}`",
            _type(_whole(hints[name], field)),
            _unit(hints[name]) or "",
            _meaning(record, name, field),
            _default(field),
        )
        for name, field in record.model_fields.items()
    ]
    head: Sequence[str] = ("field", "type", "unit", "meaning", "default")
    if _is_of_plan(record):
        head, rows = ("field", "type", "meaning"), [(row[0], row[1], row[3]) for row in rows]
    sentence = " ".join(doc.split("\n\n")[0].split())
    return f"### {record.__name__}\n\n{_markdown(sentence)}\n\n{_table(head, rows)}\n"


def _is_of_plan(record: type[BaseModel]) -> bool:
    return record.__module__.startswith(f"{plan.__name__}.")


def _meaning(record: type[BaseModel], name: str, field: FieldInfo) -> str:
    if field.description is None:
        raise ValueError(f"{record.__name__}.{name} has no description")
    told = _markdown(" ".join(field.description.split())).removesuffix(".")
    return f"{told[0].upper()}{told[1:]}."


def _type(hint: Any) -> str:
    """Write a type as a person who fills in a file says it."""
    if get_origin(hint) is Annotated and get_origin(get_args(hint)[0]) is Literal:
        return _compound(get_args(hint)[0])
    for kind, words in _KINDS.items():
        if get_origin(hint) is Annotated and _same(hint, kind):
            return words + _limits(hint)
    if get_origin(hint) is Annotated:
        return _type(get_args(hint)[0]) + _limits(hint)
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    if isinstance(hint, type) and issubclass(hint, Enum):
        return " or ".join(f"`{choice.value}`" for choice in hint)
    return _compound(hint)


def _same(hint: Any, kind: Any) -> bool:
    """Say whether a type is one of the kinds, perhaps with limits or a unit of its own."""
    known = [mark for mark in kind.__metadata__ if not isinstance(mark, StringConstraints)]
    if not known:
        return bool(hint.__metadata__[:1] == kind.__metadata__[:1])
    return all(mark in hint.__metadata__ for mark in known)


def _compound(hint: Any) -> str:
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        words = dict.fromkeys(_type(part) for part in parts if part is not type(None))
        return ", or ".join(sorted(words, key=lambda each: each.startswith("table")))
    if origin is Literal:
        return " or ".join(f"`{str(part).lower()}`" for part in parts)
    if origin is tuple:
        return f"list of {_type(parts[0])}"
    if origin is not None and issubclass(origin, Mapping):
        return f"table: {_type(parts[0])} → {_enclosed(_type(parts[1]))}"
    return _PLAIN[hint]


def _enclosed(words: str) -> str:
    return f"({words})" if ", or " in words else words


def _limits(hint: Any) -> str:
    """Say which numbers are allowed."""
    marks: list[Any] = []
    for mark in hint.__metadata__:
        marks += mark.metadata if isinstance(mark, FieldInfo) else [mark]
    told = dict.fromkeys(
        words.format(getattr(mark, name))
        for mark in marks
        for name, words in _LIMITS.items()
        if hasattr(mark, name)
    )
    return f", {' and '.join(told)}" if told else ""


def _unit(hint: Any) -> str | None:
    """Find the unit of a figure, also where it stands within a table or a union."""
    for mark in getattr(hint, "__metadata__", ()):
        if isinstance(mark, quantity.Unit):
            return mark.name
    return next((unit for part in get_args(hint) if (unit := _unit(part))), None)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be given"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None or value in ((), {}) or isinstance(value, BaseModel):
        return "left out"
    if isinstance(value, Decimal):
        return quantity.decimal_text(value)
    if isinstance(value, tuple):
        return ", ".join(str(item.value if isinstance(item, Enum) else item) for item in value)
    if isinstance(value, Enum):
        return str(value.value)
    return str(value).lower() if isinstance(value, bool) else str(value) or "left out"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
