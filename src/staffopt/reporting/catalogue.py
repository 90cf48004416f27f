"""What ships with the package: instances with their options and scenarios, and models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from staffopt.instance.schema import Instance
from staffopt.model.schema import Model
from staffopt.reporting.show import option_words
from staffopt.reporting.tables import page, wrapped


def render_catalogue(councils: Sequence[Instance], models: Mapping[str, Model]) -> str:
    """List the shipped instances and models."""
    blocks = [_council(council) for council in councils]
    answers = [
        line
        for name, model in models.items()
        for line in wrapped(f"{name}: {model.question or model.title}", "  ", "    ")
    ]
    example = councils[0].instance if councils else "INSTANCE"
    return page(
        [
            *blocks,
            ["Models", *answers],
            [f"Next: staffopt show {example}, or staffopt solve {example}"],
        ]
    )


def _council(council: Instance) -> list[str]:
    options = [
        line
        for name in council.options
        for line in wrapped(option_words(council, name), "  ", "    ")
    ]
    scenarios = [f"  scenarios: {', '.join(council.scenarios)}"] if council.scenarios else []
    return [*wrapped(f"{council.instance} · {council.title}", later="  "), *options, *scenarios]


def catalogue_json(councils: Sequence[Instance], models: Mapping[str, Model]) -> dict[str, Any]:
    """Return the same as plain data."""
    return {
        "instances": [
            {
                "instance": council.instance,
                "title": council.title,
                "default_option": council.default_option,
                "options": {name: option.model for name, option in council.options.items()},
                "scenarios": list(council.scenarios),
            }
            for council in councils
        ],
        "models": [
            {"model": name, "title": model.title, "question": model.question}
            for name, model in models.items()
        ],
    }
