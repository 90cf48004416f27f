"""``staffopt alternatives``: other plans that cost nearly the same."""

from __future__ import annotations

from typing import Annotated

import typer

from staffopt.cli.arguments import InstanceArgument, JsonOption, split_settings
from staffopt.cli.looping import end
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

Within = Annotated[
    str,
    typer.Option(
        "--within",
        metavar="SHARE|FIGURE",
        help="How much worse the first goal may be: 2%, or a figure in its unit such as 20000.",
    ),
]


def alternatives(
    instance: InstanceArgument,
    *,
    within: Within = "1%",
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
    """Look for other plans that cost nearly the same, and say in which ways they are better."""
    import functools

    import staffopt
    from staffopt.cli.running import ProgressLine, run
    from staffopt.cli.streams import out, out_json
    from staffopt.reporting.choosing import render_alternatives

    progress = ProgressLine(quiet=quiet)
    work = functools.partial(
        staffopt.alternatives,
        staffopt.load(instance),
        within=within,
        option=option,
        model=model,
        scenario=scenario,
        overrides=split_settings(settings or []),
        backend=backend,
        time_limit=time_limit,
        seed=seed,
        progress=progress.see,
    )
    answer = run(lambda cancel: work(cancel=cancel), progress)
    if as_json:
        out_json(answer.to_json())
    else:
        out(render_alternatives(answer))
    end(stopped=answer.stopped)
