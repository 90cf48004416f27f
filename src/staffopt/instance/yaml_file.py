"""Writing an instance's content as the text of a YAML file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from staffopt.instance.cells import Dumper
from staffopt.instance.schema import Instance

_WIDTH = 100
_IN_BRACES = 90
"""A table of more letters is written with each of its entries on a line of its own."""


class _Readable(Dumper):
    """Writes a table in braces where that is one line, else each of its entries on its own."""

    def represent_mapping(
        self, tag: str, mapping: Any, flow_style: bool | None = None
    ) -> yaml.MappingNode:
        node = super().represent_mapping(tag, mapping, flow_style)
        if node.flow_style and _length(node) > _IN_BRACES:
            node.flow_style = False
        return node


def _length(node: yaml.Node) -> int:
    """Count the letters of a table in braces, commas and blanks included."""
    if isinstance(node, yaml.ScalarNode):
        return len(node.value)
    if isinstance(node, yaml.MappingNode):
        return sum(_length(key) + _length(value) + 4 for key, value in node.value)
    return sum(_length(item) + 2 for item in node.value)


def yaml_of(root: Mapping[str, Any]) -> str:
    """Write content so that the reader reads the same: small tables in braces, text plain."""
    text: str = yaml.dump(
        dict(root),
        Dumper=_Readable,
        default_flow_style=None,
        sort_keys=False,
        allow_unicode=True,
        width=_WIDTH,
    )
    return re.sub(r"\n(?=[^\s][^\n]*:\n)", "\n\n", text)  # room between sections


def yaml_of_instance(instance: Instance) -> str:
    """Write an instance so that the reader reads the same instance; what is left out stays so."""
    return yaml_of(_as_text(instance.model_dump(mode="json", exclude_unset=True)))


def _as_text(node: Any) -> Any:
    """Turn every value into the text that a file has for it."""
    if isinstance(node, Mapping):
        return {key: _as_text(child) for key, child in node.items()}
    if isinstance(node, list):
        return [_as_text(child) for child in node]
    return str(node).lower() if isinstance(node, bool) else str(node)
