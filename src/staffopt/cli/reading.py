"""``check``, ``today``, ``show`` and ``list``: instances as they stand, without a solver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from staffopt.cli.arguments import InstanceArgument, JsonOption

if TYPE_CHECKING:
    from staffopt.errors import Fault


MarkOption = Annotated[
    str | None,
    typer.Option(
        "--mark",
        metavar="FILE",
        help="Write the workbook anew, as this .xlsx file, with its faults marked in their cells.",
    ),
]


def check(
    instance: InstanceArgument, *, mark: MarkOption = None, as_json: JsonOption = False
) -> None:
    """Name every fault of a file, and how to mend it."""
    import staffopt
    from staffopt.cli.streams import out, out_json
    from staffopt.errors import ExitCode
    from staffopt.reporting.findings import fault_json, render_faults

    faults = staffopt.check(instance) if mark is None else _marked(instance, mark)
    if as_json:
        out_json([fault_json(fault) for fault in faults])
    else:
        out(render_faults(faults))
    if any(not fault.warning for fault in faults):
        raise typer.Exit(ExitCode.FINDINGS)


def _marked(instance: str, target: str) -> list[Fault]:
    """Mark a workbook's faults, and tell where, and what could not be kept."""
    import staffopt
    from staffopt.cli.streams import tell

    faults, lost = staffopt.mark(instance, target)
    tell(f"Wrote {target}; its first sheet lists what was found.")
    if lost:
        tell(f"Not kept in it: {', '.join(lost)}. Keep your own file.")
    return faults


def today(instance: InstanceArgument, *, as_json: JsonOption = False) -> None:
    """Show posts, caseloads and money as they stand today."""
    import staffopt
    from staffopt.cli.streams import out, out_json
    from staffopt.reporting.today import render_today, stand_today

    question, figures = stand_today(staffopt.load(instance), staffopt.models())
    if as_json:
        out_json({"inputs": question.to_json(), "figures": figures.model_dump(mode="json")})
    else:
        out(render_today(question, figures, name=instance))


def show(
    instance: InstanceArgument,
    *,
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="Only what is assumed, and why.")
    ] = False,
    sources: Annotated[
        bool, typer.Option("--sources", help="Only the publications that are cited.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what an instance states, and its sources."""
    import staffopt
    from staffopt.cli.streams import out, out_json
    from staffopt.reporting.show import render_assumptions, render_instance, render_sources

    council = staffopt.load(instance)
    if as_json:
        wanted = {"assumptions"} if assumptions else set()
        wanted |= {"paper", "sources"} if sources else set()
        out_json(council.model_dump(mode="json", exclude_unset=True, include=wanted or None))
        return
    if assumptions:
        out(render_assumptions(council))
    if sources:
        out(render_sources(council))
    if not (assumptions or sources):
        out(render_instance(council, name=instance))


def list_shipped(*, as_json: JsonOption = False) -> None:
    """List the shipped instances with their options, and the models."""
    import staffopt
    from staffopt.cli.streams import out, out_json
    from staffopt.reporting.catalogue import catalogue_json, render_catalogue

    councils = [staffopt.load(name) for name in staffopt.instances()]
    models = staffopt.models()
    if as_json:
        out_json(catalogue_json(councils, models))
    else:
        out(render_catalogue(councils, models))
