"""Writing an instance's content as the text of a YAML file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from staffopt.instance.cells import Dumper

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
