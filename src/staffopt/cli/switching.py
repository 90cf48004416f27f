"""``staffopt switching``: how far each figure may move before the plan is not the best one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from staffopt.cli.arguments import InstanceArgument, JsonOption, split_settings
from staffopt.cli.looping import Charts, CsvOption, draw, end, looped, one_format, show
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

Paths = Annotated[
    list[str] | None,
    typer.Option("--path", help="A figure to look at; may be repeated; every assumption and cost."),
]
Within = Annotated[
    str,
    typer.Option("--within", metavar="SHARE", help="How far figures without a range are moved."),
]


def switching(
    instance: InstanceArgument,
    *,
    paths: Paths = None,
    within: Within = "20%",
    option: Option = None,
    model: Model = None,
    scenario: Scenario = None,
    settings: Settings = None,
    backend: Backend = "highs",
    time_limit: TimeLimit = None,
    seed: Seed = 0,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    charts: Charts = None,
    quiet: Quiet = False,
) -> None:
    """Find how far each assumption and cost may move before the plan is not the best one."""
    import staffopt
    from staffopt.reporting.switching import render_switching, switching_csv
    from staffopt.reporting.tornado import tornado_charts

    one_format(as_json=as_json, as_csv=as_csv)
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
        lambda **kept: staffopt.switching(
            council, paths=paths or (), within=within, **asking, **kept
        ),
        quiet=quiet,
    )
    show(found, as_json, as_csv, render_switching, switching_csv)
    draw(tornado_charts(found), charts)
    end(stopped=found.stopped)
