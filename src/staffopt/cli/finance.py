"""``staffopt options`` and ``staffopt ceiling``: what to decide between, and what it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from staffopt.cli.arguments import InstanceArgument, JsonOption, split_settings
from staffopt.cli.looping import CsvOption, end, end_within, looped, one_format, show
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


def options(
    instance: InstanceArgument,
    *,
    scenario: Scenario = None,
    settings: Settings = None,
    backend: Backend = "highs",
    time_limit: TimeLimit = None,
    seed: Seed = 0,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    quiet: Quiet = False,
) -> None:
    """Put the instance's options side by side, as published and as best, beside doing nothing."""
    import staffopt
    from staffopt.reporting.options import options_csv, render_options

    one_format(as_json=as_json, as_csv=as_csv)
    asking: Asking = {
        "scenario": scenario,
        "overrides": split_settings(settings or []),
        "backend": backend,
        "time_limit": time_limit,
        "seed": seed,
    }
    council = staffopt.load(instance)
    found = looped(lambda **kept: staffopt.options(council, **asking, **kept), quiet=quiet)
    show(found, as_json, as_csv, render_options, options_csv)
    end(stopped=found.stopped)


Ceilings = Annotated[
    list[str] | None,
    typer.Option(
        "--ceiling",
        metavar="FUND=POUNDS",
        help="Find the best within this ceiling; FUND@YEAR=POUNDS for one year; may be repeated.",
    ),
]
Order = Annotated[
    list[str] | None,
    typer.Option("--order", metavar="YEAR", help="Keep this year lowest first; may be repeated."),
]


def ceiling(
    instance: InstanceArgument,
    *,
    ceilings: Ceilings = None,
    order: Order = None,
    option: Option = None,
    model: Model = None,
    scenario: Scenario = None,
    settings: Settings = None,
    backend: Backend = "highs",
    time_limit: TimeLimit = None,
    seed: Seed = 0,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    quiet: Quiet = False,
) -> None:
    """Find the least ceilings at which there is a plan, or the best within given ones."""
    import staffopt
    from staffopt.reporting.least import ceilings_csv, render_ceilings, render_within, within_csv

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
    if ceilings:
        typed = split_settings(ceilings, "--ceiling", "growth@2026/27=90000")
        given = {name: str(pounds) for name, pounds in typed.items()}
        best = looped(lambda **kept: staffopt.within(council, given, **asking, **kept), quiet=quiet)
        show(best, as_json, as_csv, render_within, within_csv)
        end_within(best)
        return
    least = looped(
        lambda **kept: staffopt.ceiling(council, order=order or (), **asking, **kept), quiet=quiet
    )
    show(least, as_json, as_csv, render_ceilings, ceilings_csv)
    end(stopped=least.stopped)
