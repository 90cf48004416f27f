"""``staffopt explain``: why there is no plan and what would help, or what the plan depends on."""

from __future__ import annotations

from typing import Annotated

import typer

from staffopt.cli.arguments import InstanceArgument, JsonOption, split_settings
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

Prices = Annotated[
    list[str] | None,
    typer.Option(
        "--price",
        metavar="PATH=VALUE",
        help="What changing a figure by one of its unit weighs; may be repeated.",
    ),
]
Repairs = Annotated[
    int, typer.Option("--repairs", min=1, help="How many sets of figures are looked for.")
]


def explain(
    instance: InstanceArgument,
    *,
    option: Option = None,
    model: Model = None,
    scenario: Scenario = None,
    settings: Settings = None,
    prices: Prices = None,
    repairs: Repairs = 5,
    backend: Backend = "highs",
    time_limit: TimeLimit = None,
    seed: Seed = 0,
    as_json: JsonOption = False,
    quiet: Quiet = False,
) -> None:
    """Explain why there is no plan and which figures would help; or what the plan depends on."""
    import functools

    import staffopt
    from staffopt.cli.running import ProgressLine, run
    from staffopt.cli.streams import out, out_json
    from staffopt.errors import ExitCode
    from staffopt.reporting.explaining import render_explanation

    overrides = split_settings(settings or [])
    weights = split_settings(prices or [], named_by="--price")
    progress = ProgressLine(quiet=quiet)
    work = functools.partial(
        staffopt.explain,
        staffopt.load(instance),
        prices=weights,
        most_repairs=repairs,
        option=option,
        model=model,
        scenario=scenario,
        overrides=overrides,
        backend=backend,
        time_limit=time_limit,
        seed=seed,
        progress=progress.see,
    )
    explanation = run(lambda cancel: work(cancel=cancel), progress)
    if as_json:
        out_json(explanation.to_json())
    else:
        out(render_explanation(explanation, instance))
    if explanation.plan is None:
        raise typer.Exit(ExitCode.INFEASIBLE)
