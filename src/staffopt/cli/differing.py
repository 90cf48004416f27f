"""``staffopt why-not``, ``what-if`` and ``diff``: one plan beside another."""

from __future__ import annotations

from typing import Annotated

import typer

from staffopt.cli.arguments import InstanceArgument, JsonOption, plans_at, split_settings
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

Fact = Annotated[
    str,
    typer.Argument(
        metavar="FACT", help='Such as "post[cds,swso] >= 4", "without the relief team".'
    ),
]
PlanFile = Annotated[str, typer.Argument(metavar="PLAN", help="A saved plan.")]
Each = Annotated[
    bool, typer.Option("--each/--no-each", help="Also change each input alone: one solve each.")
]


def why_not(
    instance: InstanceArgument,
    fact: Fact,
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
    """Say why something is not so in the plan: it cannot be, or it is dearer."""
    import functools

    import staffopt
    from staffopt.cli.running import ProgressLine, run
    from staffopt.cli.streams import out, out_json
    from staffopt.reporting.differing import render_why_not

    progress = ProgressLine(quiet=quiet)
    work = functools.partial(
        staffopt.why_not,
        staffopt.load(instance),
        fact,
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
        out(render_why_not(answer))


def what_if(
    instance: InstanceArgument,
    *,
    option: Option = None,
    model: Model = None,
    scenario: Scenario = None,
    settings: Settings = None,
    each: Each = True,
    backend: Backend = "highs",
    time_limit: TimeLimit = None,
    seed: Seed = 0,
    as_json: JsonOption = False,
    quiet: Quiet = False,
) -> None:
    """Compare the plan with the plan under other figures, each given by ``--set``."""
    import functools

    import staffopt
    from staffopt.cli.running import ProgressLine, run
    from staffopt.cli.streams import out, out_json
    from staffopt.errors import ExitCode
    from staffopt.reporting.differing import render_what_if

    progress = ProgressLine(quiet=quiet)
    work = functools.partial(
        staffopt.what_if,
        staffopt.load(instance),
        split_settings(settings or []),
        each=each,
        option=option,
        model=model,
        scenario=scenario,
        backend=backend,
        time_limit=time_limit,
        seed=seed,
        progress=progress.see,
    )
    answer = run(lambda cancel: work(cancel=cancel), progress)
    if as_json:
        out_json(answer.to_json())
    else:
        out(render_what_if(answer))
    if answer.after is None:
        raise typer.Exit(ExitCode.INFEASIBLE)


def diff(
    old: PlanFile,
    new: PlanFile,
    *,
    each: Each = True,
    backend: Backend = "highs",
    time_limit: TimeLimit = None,
    as_json: JsonOption = False,
    quiet: Quiet = False,
) -> None:
    """Compare two saved plans: inputs, figures, and which input moved which figure."""
    import functools

    import staffopt
    from staffopt.cli.running import ProgressLine, run
    from staffopt.cli.streams import out, out_json
    from staffopt.errors import ExitCode
    from staffopt.reporting.differing import render_difference

    before, after = plans_at(old, new)
    progress = ProgressLine(quiet=quiet)
    work = functools.partial(
        staffopt.diff,
        before,
        after,
        each=each,
        backend=backend,
        time_limit=time_limit,
        progress=progress.see,
    )
    difference = run(lambda cancel: work(cancel=cancel), progress)
    if as_json:
        out_json(difference.to_json())
    else:
        out(render_difference(before.question, difference))
    if difference.together.inputs or difference.together.outputs:
        raise typer.Exit(ExitCode.FINDINGS)
