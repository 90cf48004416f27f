"""``staffopt roll`` and ``staffopt foresight``: plan on, and what looking ahead is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from staffopt.cli.arguments import InstanceArgument, JsonOption, split_settings
from staffopt.cli.looping import CsvOption, looped, one_format, show
from staffopt.cli.solving import (
    Backend,
    Model,
    Option,
    Out,
    Quiet,
    Scenario,
    Seed,
    Settings,
    TimeLimit,
    target_of,
)

if TYPE_CHECKING:
    from staffopt.plan import Plan

PlanFile = Annotated[str, typer.Argument(metavar="PLAN", help="A plan that solve saved.")]
Start = Annotated[
    str,
    typer.Option("--from", metavar="MONTH", help="Where a period of the plan starts: 2019-04."),
]
Actual = Annotated[
    str | None,
    typer.Option(
        "--actual", metavar="FILE", help="The council as it really stands: teams, posts, cases."
    ),
]
StateFile = Annotated[
    str | None,
    typer.Option(
        "--state", metavar="FILE", help="Only write the council as the plan leaves it, as YAML."
    ),
]
Window = Annotated[
    int, typer.Option("--months", min=1, help="The least months of a window, of whole periods.")
]


def roll(
    plan: PlanFile,
    *,
    start: Start,
    actual: Actual = None,
    state_file: StateFile = None,
    settings: Settings = None,
    backend: Backend = "highs",
    time_limit: TimeLimit = None,
    seed: Seed = 0,
    out_file: Out = None,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    quiet: Quiet = False,
) -> None:
    """Plan on from where a plan stands at a month, and set what is really so beside it."""
    import functools

    import staffopt
    from staffopt.cli.running import ProgressLine, run
    from staffopt.errors import ExitCode
    from staffopt.plan import Plan
    from staffopt.reporting.rolling import render_rolled, rolled_csv

    one_format(as_json=as_json, as_csv=as_csv)
    old = Plan.load(plan)
    council = None if actual is None else staffopt.load(actual)
    if state_file is not None:
        _write_state(old, start, actual, state_file)
        return
    target = target_of(out_file, "--out")
    progress = ProgressLine(quiet=quiet)
    work = functools.partial(
        staffopt.roll,
        old,
        start,
        actual=council,
        changes=split_settings(settings or []),
        backend=backend,
        time_limit=time_limit,
        seed=seed,
        progress=progress.see,
    )
    found = run(lambda cancel: work(cancel=cancel), progress)
    if found.plan is not None and target is not None:
        found.plan.save(target)
    show(found, as_json, as_csv, render_rolled, rolled_csv)
    if found.plan is None:
        raise typer.Exit(ExitCode.INFEASIBLE)


def _write_state(plan: Plan, start: str, actual: str | None, path: str) -> None:
    """Write the council as a plan leaves it, and say what starts anew."""
    import staffopt
    from staffopt.cli.streams import tell
    from staffopt.instance.yaml_file import yaml_of_instance
    from staffopt.plan import write_whole

    target = target_of(path, "--state")
    assert target is not None  # a path was given
    left = staffopt.state(plan, start, None if actual is None else staffopt.load(actual))
    write_whole(target, yaml_of_instance(left.instance))
    for note in left.notes:
        tell(f"{note[:1].upper()}{note[1:]}.")
    tell(f"The council as the plan leaves it is in {target}.")


def foresight(
    instance: InstanceArgument,
    *,
    months: Window = 12,
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
    """Say what it is worth to plan all months at once, not window by window."""
    import functools

    import staffopt
    from staffopt.cli.streams import out, out_json
    from staffopt.reporting.rolling import render_foresight

    work = functools.partial(
        staffopt.foresight,
        staffopt.load(instance),
        months,
        option=option,
        model=model,
        scenario=scenario,
        overrides=split_settings(settings or []),
        backend=backend,
        time_limit=time_limit,
        seed=seed,
    )
    found = looped(work, quiet=quiet)
    if as_json:
        out_json(found.to_json())
    else:
        out(render_foresight(found))
