"""``staffopt why-placed``: why people are placed where they are, and what else they could have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from staffopt.cli import completion
from staffopt.cli.arguments import InstanceArgument, JsonOption, split_settings
from staffopt.cli.looping import end, looped
from staffopt.cli.solving import (
    Backend,
    Model,
    Option,
    Quiet,
    Scenario,
    Seed,
    Settings,
    TimeLimit,
)

if TYPE_CHECKING:
    from staffopt.request import Asking

People = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PERSON]...",
        help="Anonymous ids; everybody whose first preference is not met if left out.",
        autocompletion=completion.person_ids,
    ),
]


def why_placed(
    instance: InstanceArgument,
    people: People = None,
    *,
    option: Option = None,
    model: Model = None,
    scenario: Scenario = None,
    settings: Settings = None,
    backend: Backend = "highs",
    time_limit: TimeLimit = None,
    seed: Seed = 0,
    as_json: JsonOption = False,
    quiet: Quiet = False,
) -> None:
    """Say why people are placed where they are, and what would give for their first preference."""
    import staffopt
    from staffopt.cli.streams import out, out_json
    from staffopt.reporting.why_placed import render_why_placed

    asking: Asking = {
        "option": option,
        "model": model,
        "scenario": scenario,
        "overrides": split_settings(settings or []),
        "backend": backend,
        "time_limit": time_limit,
        "seed": seed,
    }
    council = staffopt.load(instance)
    found = looped(
        lambda **kept: staffopt.why_placed(council, *(people or ()), **asking, **kept), quiet=quiet
    )
    if as_json:
        out_json(found.to_json())
    else:
        out(render_why_placed(found))
    end(stopped=found.stopped)
