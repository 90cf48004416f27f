"""JSON Schemas of the files, for editors.

An editor reads YAML with types, the reader without: ``from: 6`` is a number to the one and text to
the other. So the schema lets a number stand wherever text may.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel

from staffopt.instance.schema import SCHEMA_VERSION as INSTANCE_VERSION
from staffopt.instance.schema import Instance
from staffopt.model.schema import SCHEMA_VERSION as MODEL_VERSION
from staffopt.model.schema import Model
from staffopt.quantity import Unit

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(kind: Literal["instance", "model"]) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of instance or model files, figures with units."""
    if kind == "instance":
        return _schema_of(Instance, f"staffopt instance, version {INSTANCE_VERSION}")
    return _schema_of(Model, f"staffopt model, version {MODEL_VERSION}")


def _schema_of(model: type[BaseModel], title: str) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True, mode="validation")
    definitions = schema.get("$defs", {})
    for kind in _records(model):
        written = schema if kind is model else definitions.get(kind.__name__, {})
        for name, field in kind.model_fields.items():
            unit = _unit([field.annotation, *field.metadata])
            if unit is not None:
                shown = written["properties"][field.alias or name]
                shown["description"] = f"{shown.get('description', '')} Unit: {unit}.".strip()
    loosened: dict[str, Any] = _as_read(schema)
    return {"$schema": DRAFT, **loosened, "title": title}


def _records(model: type[BaseModel]) -> list[type[BaseModel]]:
    """List the records that a file is made of."""
    found: list[type[BaseModel]] = []
    left: list[Any] = [model]
    while left:
        kind = left.pop()
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            if kind not in found:
                found.append(kind)
                left += [field.annotation for field in kind.model_fields.values()]
        else:
            left += get_args(kind)
    return found


def _unit(parts: list[Any]) -> str | None:
    """Find the unit in a field's annotation; of a table, that of its figures."""
    for part in parts:
        if isinstance(part, Unit):
            return part.name
        if get_origin(part) is Annotated or get_args(part):
            inner = list(getattr(part, "__metadata__", ())) + list(get_args(part))
            if unit := _unit([x for x in inner if isinstance(x, Unit) or get_args(x)]):
                return unit
    return None


def _as_read(node: Any) -> Any:
    """Let the schema accept what the reader accepts, and refuse null as the reader does."""
    if isinstance(node, list):
        return [_as_read(child) for child in node if child != {"type": "null"}]
    if not isinstance(node, dict):
        return node
    read = {
        key: _as_read(child) for key, child in node.items() if (key, child) != ("default", None)
    }
    if "const" in read and not isinstance(read["const"], str):
        value = read.pop("const")
        read = {**read, "enum": [value, str(value).lower()]}
    kind = read.get("type") if "enum" not in read else None
    if kind == "boolean":
        read = {**read, "enum": [True, False, "true", "false"]}
    if kind == "string" and "format" not in read:
        read["type"] = ["string", "number", "boolean"]
    if kind == "integer":
        read["type"] = ["integer", "string"]
    if "patternProperties" in read:
        read["additionalProperties"] = False
    if "enum" in read:
        read.pop("type", None)
    return read
