"""Writing an instance's content as the text of a YAML file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from staffopt.instance.cells import Dumper
from staffopt.instance.schema import Instance

_WIDTH = 100


def yaml_of(root: Mapping[str, Any]) -> str:
    """Write content so that the reader reads the same: small tables in braces, text plain."""
    text: str = yaml.dump(
        dict(root),
        Dumper=Dumper,
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
