"""The schema is held against what the reader accepts, by a validator written for these tests."""

import json
import re

import pytest
import yaml

from staffopt.instance.starter import starter
from staffopt.json_schema import DRAFT, json_schema
from staffopt.plan import Plan

INSTANCE = json_schema("instance")
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}


def is_type(value, name):
    if name == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def accepts(schema, value, root):
    """Say whether a schema accepts a value, as far as the schema's own vocabulary goes."""
    if "$ref" in schema:
        return accepts(root["$defs"][schema["$ref"].rpartition("/")[2]], value, root)
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return (
        ("anyOf" not in schema or any(accepts(one, value, root) for one in schema["anyOf"]))
        and (not kinds or any(is_type(value, kind) for kind in kinds))
        and ("enum" not in schema or value in schema["enum"])
        and ("const" not in schema or value == schema["const"])
        and (not isinstance(value, str) or bool(re.search(schema.get("pattern", ""), value)))
        and accepts_children(schema, value, root)
    )


def accepts_children(schema, value, root):
    if isinstance(value, list):
        return all(accepts(schema.get("items", {}), item, root) for item in value)
    if not isinstance(value, dict):
        return True
    if any(name not in value for name in schema.get("required", [])):
        return False
    return all(accepts(under(schema, key), child, root) for key, child in value.items())


def under(schema, key):
    if key in schema.get("properties", {}):
        return schema["properties"][key]
    for pattern, child in schema.get("patternProperties", {}).items():
        if re.search(pattern, key):
            return child
    rest = schema.get("additionalProperties", {})
    return {"enum": []} if rest is False else {} if rest is True else rest


class Core(yaml.SafeLoader):
    """Types scalars as an editor does, by YAML 1.2: no dates, and `off` is text."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 (PyYAML's own way of saying it)


Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))
Core.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^\d+$"), list("0123456789"))
Core.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^\d+\.\d+$"), list("0123456789"))


def as_editor(text):
    return yaml.load(text, Loader=Core)  # noqa: S506 (a SafeLoader)


def as_text(text):
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 (makes texts only)


@pytest.mark.parametrize("load", [as_editor, as_text])
def test_the_starter_is_accepted_with_typed_scalars_and_with_text(load):
    assert accepts(INSTANCE, load(starter("my-council")), INSTANCE)


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("kind: support,", "kind: suport,"),
        ("recurrent: true", "recurrent: yes"),
        ("start: 2027-04", "start: April"),
        ("title: Social", "titel: Social"),
        ("schema_version: 1", "schema_version: 2"),
        ("cases: 180", "cases: [180]"),
        ("model: today", "model: To Day"),
        ("  today: {title", "  To Day: {title"),
    ],
)
def test_what_the_reader_refuses_an_editor_marks(written, instead):
    text = starter("my-council")
    assert written in text

    assert not accepts(INSTANCE, as_editor(text.replace(written, instead)), INSTANCE)


def test_a_number_may_stand_where_text_is_meant():
    team = INSTANCE["$defs"]["Team"]

    assert accepts(team, {"name": 12, "from": 6}, INSTANCE)


def test_null_is_refused_as_the_reader_refuses_it():
    assert not accepts(INSTANCE["$defs"]["Team"], {"name": "A", "area": None}, INSTANCE)
    assert '"null"' not in json.dumps(INSTANCE)


def test_figures_have_their_units():
    role = INSTANCE["$defs"]["Role"]["properties"]

    assert role["cost"]["description"].endswith("Unit: pounds per FTE per year.")
    posts = INSTANCE["$defs"]["Team"]["properties"]["posts"]
    assert posts["description"].endswith("Unit: FTE.")


def test_the_source_is_written_from():
    assert "from" in INSTANCE["$defs"]["Fund"]["properties"]
    assert "source" not in INSTANCE["$defs"]["Fund"]["properties"]


@pytest.mark.parametrize("kind", ["instance", "model"])
def test_a_schema_says_its_draft_and_title(kind):
    schema = json_schema(kind)

    assert schema["$schema"] == DRAFT
    assert schema["title"] == f"staffopt {kind}, version 1"


def test_a_model_is_accepted_by_its_schema():
    schema = json_schema("model")
    model = {"schema_version": 1, "model": "m", "title": "M", "rules": {"release_time": "off"}}

    assert accepts(schema, model, schema)
    assert not accepts(schema, {**model, "goal": []}, schema)


def test_every_field_of_a_plan_says_what_it_means():
    schema = Plan.model_json_schema(mode="serialization")
    records = [schema, *schema["$defs"].values()]
    fields = [(r["title"], n, f) for r in records for n, f in r.get("properties", {}).items()]
    assert len(fields) > 60
    assert [(title, name) for title, name, f in fields if not f.get("description")] == []
