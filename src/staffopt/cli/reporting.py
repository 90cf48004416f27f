"""``staffopt report``: saved plans in a form that people or other programs read."""

from __future__ import annotations

from typing import Annotated

import typer

from staffopt.cli import completion
from staffopt.cli.arguments import plans_at
from staffopt.cli.solving import Backend, Quiet, Seed, TimeLimit, target_of
from staffopt.reporting.formats import FORMATS, find_format

_FORMS = "; ".join(f"{name}: {form.meaning}" for name, form in FORMATS.items())

Plans = Annotated[
    list[str],
    typer.Argument(
        metavar="PLAN...",
        help="Plans that solve saved; the first is reported in full, others beside it.",
        autocompletion=completion.plan_files,
    ),
]
To = Annotated[
    str,
    typer.Option(
        "--to", metavar="FORMAT", help=f"{_FORMS}.", autocompletion=completion.format_names
    ),
]
Out = Annotated[
    str | None,
    typer.Option(
        "--out",
        metavar="PLACE",
        help="The file or folder to write; report and the format's suffix if left out.",
    ),
]
Template = Annotated[
    str | None,
    typer.Option(
        "--template", metavar="FILE", help="The council's own .docx, whose tags are filled; docx."
    ),
]
Council = Annotated[
    str | None,
    typer.Option(
        "--instance",
        metavar="INSTANCE",
        help="The council's file, to solve its other options as they stand there.",
        autocompletion=completion.instance_names,
    ),
]
Along = Annotated[
    bool, typer.Option("--frontier", help="Walk and draw the frontier of cost and caseload.")
]
Unsolved = Annotated[
    bool, typer.Option("--quick", help="Solve nothing: tell what the plans hold and no more.")
]


def report(
    plans: Plans,
    *,
    to: To = "html",
    out: Out = None,
    template: Template = None,
    instance: Council = None,
    frontier: Along = False,
    quick: Unsolved = False,
    backend: Backend = "highs",
    time_limit: TimeLimit = None,
    seed: Seed = 0,
    quiet: Quiet = False,
) -> None:
    """Write plans as a page, a paper, charts or tables."""
    import staffopt
    from staffopt.cli.looping import looped
    from staffopt.cli.streams import out as show

    if find_format(to).suffix:
        target_of(out, "--out")
    given = plans_at(*plans)
    council = None if instance is None else staffopt.load(instance)
    written = looped(
        lambda **kept: staffopt.report(
            given,
            to=to,
            path=out,
            template=template,
            council=council,
            quick=quick,
            frontier=frontier,
            backend=backend,
            time_limit=time_limit,
            seed=seed,
            **kept,
        ),
        quiet=quiet,
        begins="writing" if quick else "solving",
    )
    for path in written:
        show(str(path))
