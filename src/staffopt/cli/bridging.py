"""``staffopt bridge``: from today's money to a plan's."""

from __future__ import annotations

from typing import Annotated

import typer

from staffopt.cli.arguments import JsonOption

PlanFile = Annotated[str, typer.Argument(metavar="PLAN", help="A saved plan.")]
Discount = Annotated[
    str | None,
    typer.Option("--discount", metavar="PERCENT", help="Discount rate, % a year, such as 3.5."),
]
AsCsv = Annotated[bool, typer.Option("--csv", help="Write CSV to stdout.")]


def bridge(
    plan: PlanFile, *, discount: Discount = None, as_json: JsonOption = False, as_csv: AsCsv = False
) -> None:
    """Lead line by line from today's money to a plan's, to the penny, and say if it pays back."""
    from fractions import Fraction

    import staffopt
    from staffopt.cli.streams import out, out_json
    from staffopt.quantity import parse_decimal
    from staffopt.reporting.bridging import bridge_rows, render_bridge
    from staffopt.reporting.star import csv_text

    try:
        rate = None if discount is None else Fraction(parse_decimal(discount))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--discount") from error
    found = staffopt.bridge(staffopt.Plan.load(plan), discount=rate)
    if as_json:
        out_json(found.to_json())
    elif as_csv:
        out(csv_text(bridge_rows(found)))
    else:
        out(render_bridge(found))
