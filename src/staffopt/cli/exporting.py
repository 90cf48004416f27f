"""``staffopt export``: a question's program as a file that other solvers read."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer

from staffopt.cli.arguments import InstanceArgument, split_settings
from staffopt.cli.solving import Backend, Model, Option, Scenario, Seed, Settings, TimeLimit

STDOUT = "-"


class Format(str, Enum):  # noqa: UP042 (typer shows a str Enum's values in every version)
    """What a file is written as."""

    MPS = "mps"
    LP = "lp"


Goal = Annotated[
    int,
    typer.Option("--goal", min=1, help="Which goal is minimised; those before it are held."),
]
Out = Annotated[str, typer.Option("--out", metavar="FILE", help="Where to write; - is stdout.")]


def export(
    instance: InstanceArgument,
    *,
    option: Option = None,
    model: Model = None,
    scenario: Scenario = None,
    settings: Settings = None,
    format: Annotated[Format, typer.Option("--format", help="mps or lp.")] = Format.MPS,  # noqa: A002
    goal: Goal = 1,
    backend: Backend = "highs",
    time_limit: TimeLimit = None,
    seed: Seed = 0,
    out: Out = STDOUT,
) -> None:
    """Write the program for another solver, with names made from labels."""
    from pathlib import Path

    import staffopt
    from staffopt.cli.streams import out as show
    from staffopt.cli.streams import tell
    from staffopt.plan import write_whole

    text = staffopt.export(
        staffopt.load(instance),
        format=format.value,
        goal=goal,
        option=option,
        model=model,
        scenario=scenario,
        overrides=split_settings(settings or []),
        backend=backend,
        time_limit=time_limit,
        seed=seed,
    )
    if out == STDOUT:
        show(text)
    else:
        tell(f"Wrote {write_whole(Path(out), text)}")
